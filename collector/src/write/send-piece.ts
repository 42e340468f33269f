import type { BackOff } from './back-off.ts';
import { classifyError } from './clickhouse-errors.ts';
import type { ClassifiedError } from './clickhouse-errors.ts';
import type { DeliveryLedger } from './delivery-ledger.ts';
import type { InsertRows } from './insert-rows.ts';
import { halvesOf, rowsIn } from './rows-piece.ts';
import type { RowsPiece } from './rows-piece.ts';

/** What a person sees while rows cannot be delivered. */
export interface Trouble extends ClassifiedError {
  readonly table: string;
  readonly attempts: number;
}

export interface DeliveryObserver {
  readonly inserted: (table: string, rows: number, bytes: number) => void;
  /** A first attempt that the server says it had before: two batches with one token. */
  readonly unexpectedRepeat: (table: string) => void;
  readonly failed: (trouble: Trouble) => void;
  /** The trouble with this table is over. */
  readonly recovered: (table: string) => void;
}

export interface SendPieceOptions {
  readonly ledger: Pick<DeliveryLedger, 'epoch' | 'saveSplit' | 'isSplit'>;
  readonly insert: InsertRows;
  readonly backOff: BackOff;
  readonly observer: DeliveryObserver;
}

/** What the caller of `SendPiece` decides and learns. */
export interface SendCourse {
  /** A plan of an earlier run: its tokens may have been sent. */
  readonly isRepeat: boolean;
  readonly signal: AbortSignal;
  /** Asked when the store refuses a piece for what is in it; true = look for the bad rows in its halves. */
  readonly mayHalve: (piece: RowsPiece) => boolean;
  readonly stored: (piece: RowsPiece) => void;
  /** Refused for ever, and not to be halved further. */
  readonly refused: (piece: RowsPiece, error: ClassifiedError) => void;
}

/**
 * Resolves when every row of the piece is stored or was given to `refused`. Everything else is tried again, always with the same
 * token. Each halving is made durable first, because the token of the whole must not be sent again once a half is in the store.
 * Rejects only when the signal aborts.
 */
export type SendPiece = (piece: RowsPiece, course: SendCourse) => Promise<void>;

/**
 * Attempts after which a piece that takes more memory than the store has is sent in halves. More than one, because the store may
 * be busy with other things. Measured: an insert that fails for memory has written nothing yet, in `spans` or behind its views;
 * should it ever have, the audit finds it.
 */
const MEMORY_ATTEMPTS = 3;

/** The run is part of it, or two collectors on copies of one ledger would take each other's rows for repeats. */
export function tokenOf(epoch: string, { range, run, table }: Pick<RowsPiece, 'range' | 'run' | 'table'>): string {
  return [epoch, range, ...(run === undefined ? [] : [run]), table].join(':');
}

export function createSendPiece(options: SendPieceOptions): SendPiece {
  const { ledger, observer, backOff } = options;

  async function sendHalves(piece: RowsPiece, course: SendCourse): Promise<void> {
    for (const half of halvesOf(piece) ?? []) await send(half, course);
  }

  async function send(piece: RowsPiece, course: SendCourse): Promise<void> {
    const { table, columns, items } = piece;
    const { signal, isRepeat } = course;
    const token = tokenOf(ledger.epoch, piece);
    if (ledger.isSplit(token)) return sendHalves(piece, course);
    const chunks = items.map(({ bytes }) => bytes);
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
        const bytes = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
        observer.inserted(table, rowsIn(piece), bytes);
        course.stored(piece);
        return;
      }
      const canHalve = halvesOf(piece) !== undefined;
      if (error.reaction === 'bisect' && !(canHalve && course.mayHalve(piece))) {
        if (attempt > 0) observer.recovered(table);
        course.refused(piece, error);
        return;
      }
      const halve = error.reaction === 'bisect' || (error.reaction === 'split' && attempt + 1 >= MEMORY_ATTEMPTS);
      if (halve && canHalve && (await ledger.saveSplit(token))) {
        if (attempt > 0) observer.recovered(table);
        return sendHalves(piece, course);
      }
      observer.failed({ ...error, table, attempts: attempt + 1 });
      await backOff(attempt, signal);
    }
  }

  return send;
}
