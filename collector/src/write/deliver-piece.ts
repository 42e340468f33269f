import type { BackOff } from './back-off.ts';
import { classifyError } from './clickhouse-errors.ts';
import type { ClassifiedError } from './clickhouse-errors.ts';
import type { DeadLetterAllowance } from './dead-letter-allowance.ts';
import type { DeliveryLedger } from './delivery-ledger.ts';
import type { InsertDeadLetter } from './insert-dead-letter.ts';
import type { InsertRows } from './insert-rows.ts';
import { halvesOf, rowsIn } from './rows-piece.ts';
import type { RowsPiece } from './rows-piece.ts';

/** What a person sees while rows cannot be delivered. */
export interface Trouble extends ClassifiedError {
  readonly table: string;
  readonly attempts: number;
}

export interface DeliverPieceOptions {
  readonly ledger: Pick<DeliveryLedger, 'epoch' | 'saveSplit' | 'isSplit'>;
  readonly insert: InsertRows;
  readonly deadLetter: InsertDeadLetter;
  readonly allowance: DeadLetterAllowance;
  readonly backOff: BackOff;
  readonly now: () => number;
  readonly observer: DeliveryObserver;
}

interface DeliveryObserver {
  readonly inserted: (table: string, rows: number, bytes: number) => void;
  /** A first attempt that the server says it had before: two batches with one token. */
  readonly unexpectedRepeat: (table: string) => void;
  readonly failed: (trouble: Trouble) => void;
  /** The trouble with this table is over. */
  readonly recovered: (table: string) => void;
}

/** Delivers a piece; resolves with the number of rows that went to `dead_letters`. Rejects only when the signal aborts. */
export type DeliverPiece = (piece: RowsPiece, isRepeat: boolean, signal: AbortSignal) => Promise<number>;

/**
 * Sends a piece until there is a definite answer, always with the same token. Rows that the store refuses for ever are found by
 * halving; each halving is made durable first, because the token of the whole must not be sent again once a half is in the store.
 * A refused row goes to `dead_letters` while the allowance lasts; then the piece is held and tried again until the fault is mended.
 */
export function createDeliverPiece(options: DeliverPieceOptions): DeliverPiece {
  const { ledger, observer } = options;
  const tokenOf = (piece: RowsPiece): string => `${ledger.epoch}:${piece.range}:${piece.table}`;

  async function deliverHalves(piece: RowsPiece, isRepeat: boolean, signal: AbortSignal): Promise<number> {
    let dead = 0;
    for (const half of halvesOf(piece) ?? []) dead += await deliver(half, isRepeat, signal);
    return dead;
  }

  async function writeDeadLetter(piece: RowsPiece, error: ClassifiedError, signal: AbortSignal): Promise<void> {
    const token = tokenOf(piece);
    for (let attempt = 0; ; attempt++) {
      try {
        await options.deadLetter({ piece, error, epoch: ledger.epoch, token, failedAtMs: options.now(), signal });
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

  async function deliver(piece: RowsPiece, isRepeat: boolean, signal: AbortSignal): Promise<number> {
    const { table, columns, items } = piece;
    const token = tokenOf(piece);
    if (ledger.isSplit(token)) return deliverHalves(piece, isRepeat, signal);
    const chunks = items.map(({ bytes }) => bytes);
    const rows = rowsIn(piece);
    for (let attempt = 0; ; attempt++) {
      signal.throwIfAborted();
      let error: ClassifiedError;
      try {
        const { writtenRows } = await options.insert({ table, columns, chunks, token, signal });
        if (writtenRows === 0 && attempt === 0 && !isRepeat) observer.unexpectedRepeat(table);
        error = { reaction: 'done', code: 0, name: '' };
      } catch (failure) {
        signal.throwIfAborted();
        error = classifyError(failure);
      }
      if (error.reaction === 'done') {
        if (attempt > 0) observer.recovered(table);
        options.allowance.earn(rows);
        observer.inserted(
          table,
          rows,
          chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0)
        );
        return 0;
      }
      if (error.reaction === 'bisect') {
        const canHalve = halvesOf(piece) !== undefined;
        if (canHalve && (await ledger.saveSplit(token))) return deliverHalves(piece, isRepeat, signal);
        if (!canHalve && options.allowance.take()) {
          await writeDeadLetter(piece, error, signal);
          if (attempt > 0) observer.recovered(table);
          return rows;
        }
        error = { ...error, reaction: 'hold' };
      }
      observer.failed({ ...error, table, attempts: attempt + 1 });
      await options.backOff(attempt, signal);
    }
  }

  return deliver;
}
