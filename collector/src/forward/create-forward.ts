import type { SpanRow } from '../span-row.ts';
import type { SendResult } from './open-target.ts';

/** Where the next run goes on: everything before is at the target. */
interface Position {
  /** Unix milliseconds of `ingested_at`. */
  readonly at: number;
  /** The last span that was sent of those taken in at this moment: workspace, trace, span. */
  readonly after: readonly [string, string, string];
}

export interface ForwardDependencies {
  readonly now: () => number;
  /** The rows of `genai.spans` that a condition selects, by time of intake, workspace, trace and span. */
  readonly readRows: (
    condition: string,
    parameters: Readonly<Record<string, unknown>>,
    limit: number
  ) => Promise<readonly SpanRow[]>;
  readonly query: (
    sql: string,
    parameters: Readonly<Record<string, unknown>>
  ) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Everything that any collector took in before is in the store. */
  readonly watermark: () => Promise<{ readonly untilMs: number }>;
  readonly send: (rows: readonly SpanRow[]) => Promise<SendResult>;
  readonly count: (outcome: 'sent' | 'refused' | 'failed' | 'cut', spans: number) => void;
  /** Rows are sent this long after they were taken in: then it is settled who is billed. */
  readonly settleMs?: number;
  readonly batchSpans?: number;
}

interface HeldPosition {
  readonly position: string;
  readonly isHeld: () => boolean;
  readonly renew: (position: string) => Promise<void>;
}

const SETTLE_MS = 2 * 60_000;
const BATCH_SPANS = 500;
/** After a batch was too large for the target, the next ones are half as large and grow by an eighth each. */
const GROWTH = 8;
/** Rows are looked for in steps, so that no statement sorts a backlog of days. */
const STEP_MS = 60_000;
/** The lease is prolonged, and the position kept, this often; after a crash what was sent since is sent again. */
const KEEP_MS = 5_000;
/** Spans of the shortest retention class are kept 30 days: what a target did not take by then is cut, and counted. */
export const MAX_LAG_MS = 29 * 24 * 60 * 60 * 1000;

const NOTHING: Position['after'] = ['', '', ''];

export function readPosition(text: string, startMs: number): Position {
  try {
    const { at, after } = JSON.parse(text) as Position;
    if (Number.isFinite(at) && Array.isArray(after) && after.length === 3) return { at, after };
  } catch {
    // Nothing was sent yet.
  }
  return { at: startMs, after: NOTHING };
}

/**
 * Returns the function that sends what has come in since the position of its lease, and gives the new position. It stops when all is
 * sent, when the target does not take a batch for now, or when the lease runs out. Rejects when the store does not answer.
 */
export function createForward(dependencies: ForwardDependencies): (lease: HeldPosition) => Promise<{
  readonly position: string;
  /** Between now and the oldest span that is still to be sent, milliseconds. */
  readonly lagMs: number;
  readonly outcome: 'sent' | 'failed';
}> {
  const { now, send, count, query } = dependencies;
  const batchSpans = dependencies.batchSpans ?? BATCH_SPANS;

  /** Counts and leaves out what is too old to be still there. */
  async function cut(position: Position): Promise<Position> {
    const oldest = Math.trunc(now() - MAX_LAG_MS);
    if (position.at >= oldest) return position;
    const [row] = await query(
      `SELECT uniqExact(workspace, trace_id, span_id) AS spans FROM genai.spans
       WHERE ingested_at >= fromUnixTimestamp64Milli({from:Int64}) AND ingested_at < fromUnixTimestamp64Milli({to:Int64})`,
      { from: position.at, to: oldest }
    );
    count('cut', Number(row?.spans ?? 0));
    return { at: oldest, after: NOTHING };
  }

  /** The next moment at which something came in, or `until`. */
  async function nextIntake(from: number, until: number): Promise<number> {
    const [row] = await query(
      `SELECT toUnixTimestamp64Milli(min(ingested_at)) AS next_ms, count() AS rows FROM genai.spans
       WHERE ingested_at >= fromUnixTimestamp64Milli({from:Int64}) AND ingested_at < fromUnixTimestamp64Milli({until:Int64})`,
      { from, until }
    );
    return Number(row?.rows ?? 0) === 0 ? until : Number(row!.next_ms);
  }

  return async (lease) => {
    const { untilMs } = await dependencies.watermark();
    const until = Math.trunc(Math.min(untilMs, now()) - (dependencies.settleMs ?? SETTLE_MS));
    let position = await cut(readPosition(lease.position, until));
    let keptAt = now();
    let outcome: 'sent' | 'failed' = 'sent';
    let size = batchSpans;
    while (position.at < until && lease.isHeld()) {
      const to = Math.min(until, position.at + STEP_MS);
      const [workspace, trace, span] = position.after;
      const rows = await dependencies.readRows(
        `ingested_at >= fromUnixTimestamp64Milli({from:Int64}) AND ingested_at < fromUnixTimestamp64Milli({to:Int64})
         AND (ingested_at, workspace, trace_id, span_id) >
           (fromUnixTimestamp64Milli({from:Int64}), {workspace:String}, {trace:String}, {span:String})`,
        { from: position.at, to, workspace, trace, span },
        size
      );
      if (rows.length > 0) {
        const { outcome: answer, rejected } = await send(rows);
        if (answer === 'failed') {
          count('failed', rows.length);
          outcome = 'failed';
          break;
        }
        if (answer === 'too_large' && rows.length > 1) {
          size = Math.ceil(rows.length / 2);
          continue;
        }
        const isSent = answer === 'sent';
        if (isSent && rejected < rows.length) count('sent', rows.length - rejected);
        if (!isSent || rejected > 0) count('refused', isSent ? rejected : rows.length);
      }
      const last = rows.length < size ? undefined : rows.at(-1)!;
      size = Math.min(batchSpans, size + Math.ceil(size / GROWTH));
      position =
        last === undefined
          ? { at: await nextIntake(to, until), after: NOTHING }
          : { at: last.ingestedAtMs, after: [last.workspace, last.traceId, last.spanId] };
      if (now() - keptAt >= KEEP_MS) {
        await lease.renew(JSON.stringify(position));
        keptAt = now();
      }
    }
    return { position: JSON.stringify(position), lagMs: Math.max(0, now() - position.at), outcome };
  };
}
