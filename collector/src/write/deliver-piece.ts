import { classifyError } from './clickhouse-errors.ts';
import type { ClassifiedError } from './clickhouse-errors.ts';
import { ORDINARY_SHARE } from './dead-letter-allowance.ts';
import type { DeadLetterAllowance } from './dead-letter-allowance.ts';
import type { InsertDeadLetter } from './insert-dead-letter.ts';
import { halvesOf, rowsIn } from './rows-piece.ts';
import type { RowsPiece } from './rows-piece.ts';
import { createSendPiece, tokenOf } from './send-piece.ts';
import type { SendPieceOptions } from './send-piece.ts';
import { workspacesOf } from './workspaces-of.ts';

export interface DeliverPieceOptions extends SendPieceOptions {
  readonly deadLetter: InsertDeadLetter;
  readonly allowance: DeadLetterAllowance;
  readonly now: () => number;
}

interface Refused {
  readonly piece: RowsPiece;
  readonly error: ClassifiedError;
}

interface PieceCourse {
  readonly isRepeat: boolean;
  readonly signal: AbortSignal;
  /** Rows were refused for what is in them: this takes longer and must not keep others waiting. */
  readonly onRefusal: () => void;
}

/** Delivers a piece; resolves with the number of rows that went to `dead_letters`. Rejects only when the signal aborts. */
export type DeliverPiece = (piece: RowsPiece, course: PieceCourse) => Promise<number>;

/**
 * Sends a piece until each of its rows is stored or in `dead_letters`. Rows that the store refuses for ever are found by halving,
 * and nothing is given up before all of the piece was tried: a few bad rows among many good ones go to `dead_letters`, and so do
 * many of one workspace while those of others pass. Anything beyond (more than 5 % of the rows) is a fault of the system: then the
 * refused rows are held and tried again, all of them, until it is mended.
 */
export function createDeliverPiece(options: DeliverPieceOptions): DeliverPiece {
  const { ledger, observer, allowance } = options;
  const send = createSendPiece(options);

  async function writeDeadLetter({ piece, error }: Refused, signal: AbortSignal): Promise<void> {
    const token = tokenOf(ledger.epoch, piece);
    for (let attempt = 0; ; attempt++) {
      try {
        await options.deadLetter({ piece, error, epoch: ledger.epoch, token, failedAtMs: options.now(), signal });
        if (attempt > 0) observer.recovered('dead_letters');
        return;
      } catch (failure) {
        signal.throwIfAborted();
        const trouble = classifyError(failure);
        if (trouble.reaction === 'done') return;
        observer.failed({ ...trouble, reaction: 'hold', table: 'dead_letters', attempts: attempt + 1 });
        await options.backOff(attempt, signal);
      }
    }
  }

  return async (piece, course) => {
    const { signal } = course;
    /** Workspaces whose rows of this piece the store took. */
    const passed = new Set<string>();
    let dead = 0;

    /** Sends pieces one after another and returns what was refused; a piece of one workspace is not halved beyond `limit` rows. */
    async function attempt(pieces: readonly RowsPiece[], limit: number): Promise<readonly Refused[]> {
      const refused: Refused[] = [];
      let refusedRows = 0;
      for (const each of pieces)
        await send(each, {
          isRepeat: course.isRepeat,
          signal,
          mayHalve: (part) => {
            course.onRefusal();
            return refusedRows < limit || workspacesOf(part).size > 1;
          },
          stored: (part) => {
            allowance.earn(rowsIn(part));
            for (const workspace of workspacesOf(part)) passed.add(workspace);
          },
          refused: (part, error) => {
            course.onRefusal();
            refused.push({ piece: part, error });
            refusedRows += rowsIn(part);
          },
        });
      return refused;
    }

    const limitOf = (rows: number): number => allowance.left() + rows * ORDINARY_SHARE;
    const countRows = (all: readonly Refused[]): number => all.reduce((sum, each) => sum + rowsIn(each.piece), 0);
    let left = await attempt([piece], limitOf(rowsIn(piece)));
    let isMending = false;
    for (let held = 0; left.length > 0;) {
      const rows = countRows(left);
      const isWhole = left.every((each) => halvesOf(each.piece) === undefined);
      const bad = new Set(left.flatMap((each) => [...workspacesOf(each.piece)]));
      const othersPass = [...passed].some((workspace) => !bad.has(workspace));
      if (!isWhole && othersPass) {
        left = await attempt(
          left.map((each) => each.piece),
          Infinity
        );
      } else if (isWhole && !isMending && (othersPass || allowance.take(rows))) {
        for (const each of left) {
          await writeDeadLetter(each, signal);
          dead += rowsIn(each.piece);
        }
        left = [];
      } else {
        const { error } = left[0]!;
        observer.failed({ ...error, reaction: 'hold', table: piece.table, attempts: held + 1 });
        await options.backOff(held++, signal);
        left = await attempt(
          left.map((each) => each.piece),
          limitOf(rows)
        );
        // Some were refused before the fault was mended and others passed after: all of them are asked for once more.
        isMending = countRows(left) < rows;
      }
      if (left.length === 0 && held > 0) observer.recovered(piece.table);
    }
    return dead;
  };
}
