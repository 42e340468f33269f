import { TooManyBytes, type ReadStore } from '../store/read-store.ts';
import type { ReadCall, StoredCall, StoredCost } from '../stored-call.ts';
import type { TableRows } from '../table-rows.ts';
import type { InTurn } from '../take-turns.ts';
import { repriceReason, type RepriceRun } from './reprice-run.ts';

/** Rows that are read at a time: some 15 MB, and a little more than the writer waits for before it sends a batch. */
const WINDOW_SPANS = 44_000;
/** Quiet time is read together up to this: one ledger record must not touch more partitions than one insert may. */
const WINDOW_MS = 28 * 86_400_000;
/** Spans that are priced in one go, and rows of one ledger record: some 20 ms, and 1 MB. */
const RECORD_SPANS = 4_000;
/**
 * Windows whose amendments may be on their way to the store while the next is read. With more of them the writer makes fewer and larger
 * inserts, each of which costs the store 0.4 s before its first row; telemetry queues behind them, some five seconds.
 */
const WINDOWS_UNDELIVERED = 4;
/** How far it came is written down as often; and other jobs that amend spans wait hardly longer than this for their turn. */
const TURN_MS = 5_000;

export interface RepriceSpansDeps {
  readonly query: ReadStore['query'];
  readonly readCalls: ReadStore['readCalls'];
  /** Attributes that a price depends on. */
  readonly attributes: readonly string[];
  /** The cost by the prices known now. */
  readonly price: (call: StoredCall) => StoredCost;
  /** Resolves when everything taken in before is in the store: an amendment is the difference to what the store holds. */
  readonly delivered: () => Promise<void>;
  readonly encode: (amendments: readonly Amendment[]) => readonly TableRows[];
  /** Resolves when the rows are on disk. */
  readonly append: (tables: readonly TableRows[]) => Promise<void>;
  /** Runs when no other job amends spans, and says whether one waits. */
  readonly inTurn: InTurn;
  /** Unix milliseconds. */
  readonly now: () => number;
}

interface Amendment {
  readonly call: ReadCall;
  readonly after: StoredCost;
  readonly reason: string;
}

interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

const IN_WINDOW = `workspace = {workspace:String}
  AND timestamp >= fromUnixTimestamp64Milli({fromMs:Int64}) AND timestamp < fromUnixTimestamp64Milli({toMs:Int64})`;

/** Every revision of a span is read when one of them matches: the last one decides, and only it knows what counts now. */
const MATCHING = `${IN_WINDOW} AND (trace_id, span_id) IN (
  SELECT trace_id, span_id FROM genai.spans WHERE ${IN_WINDOW}
  AND ({provider:String} = '' OR provider = {provider:String})
  AND ({model:String} = '' OR if(response_model != '', response_model, request_model) = {model:String}))`;

const COUNTS = (grain: 'Hour' | 'Second') => `
SELECT toString(toUnixTimestamp(toStartOf${grain}(timestamp))) AS second, count() AS spans FROM genai.spans
WHERE ${IN_WINDOW} GROUP BY second ORDER BY toInt64(second)`;

/**
 * Returns the function that re-prices the stored spans of a run from its cursor on and says every some seconds how far it came, `examined`
 * since it said so last; then other jobs have their turn. A span whose cost and price entry stay the same is not touched, so going over hours a second time changes nothing.
 * Rejects when the store does not answer or the ledger is full; what was said before stays done.
 */
export function createRepriceSpans(
  deps: RepriceSpansDeps
): (run: RepriceRun, onProgress: (cursorMs: number, examined: number) => Promise<void>) => Promise<void> {
  const reads = (run: RepriceRun, { fromMs, toMs }: Window) => ({
    workspace: run.workspace,
    provider: run.provider,
    model: run.model,
    fromMs,
    toMs,
  });

  const amendmentOf = (run: RepriceRun, call: ReadCall): Amendment | undefined => {
    if (run.provider !== '' && call.provider !== run.provider) return undefined;
    if (run.model !== '' && (call.responseModel || call.requestModel) !== run.model) return undefined;
    const after = deps.price(call);
    return sameCost(call, after) ? undefined : { call, after, reason: repriceReason(run.id) };
  };

  /** Resolves with the number of spans that were looked at, when what changes is in the ledger. */
  const repriceWindow = async (run: RepriceRun, window: Window): Promise<number> => {
    const condition = run.provider === '' && run.model === '' ? IN_WINDOW : MATCHING;
    let calls: Iterable<ReadCall>;
    try {
      calls = await deps.readCalls(condition, reads(run, window), deps.attributes);
    } catch (error) {
      const middleMs = Math.floor((window.fromMs + window.toMs) / 2_000) * 1_000;
      if (!(error instanceof TooManyBytes) || middleMs <= window.fromMs) throw error;
      const first = await repriceWindow(run, { fromMs: window.fromMs, toMs: middleMs });
      return first + (await repriceWindow(run, { fromMs: middleMs, toMs: window.toMs }));
    }
    let seen = 0;
    let amendments: Amendment[] = [];
    const records: (readonly TableRows[])[] = [];
    const close = (): void => {
      if (amendments.length > 0) records.push(deps.encode(amendments));
      amendments = [];
    };
    for (const call of calls) {
      const amendment = amendmentOf(run, call);
      if (amendment !== undefined) amendments.push(amendment);
      seen += 1;
      if (seen % RECORD_SPANS > 0) continue;
      close();
      // Requests are answered in between.
      await new Promise((resolve) => setImmediate(resolve));
    }
    close();
    // All at once: the ledger syncs them together, and the writer makes one batch of them.
    await Promise.all(records.map(deps.append));
    return seen;
  };

  /** The windows from a time on, each read when it is its turn. */
  async function* windowsFrom(run: RepriceRun, window: Window): AsyncGenerator<Window> {
    const hours = await counted(deps.query, 'Hour', reads(run, window));
    for (const piece of joined(hours, window)) {
      if (piece.spans <= WINDOW_SPANS) yield piece;
      else yield* joined(await counted(deps.query, 'Second', reads(run, piece)), piece);
    }
  }

  return async (run, onProgress) => {
    const endMs = dayMs(run.to);
    let cursorMs = Math.max(run.cursorMs, dayMs(run.from));
    let examined = 0;
    const tell = async (): Promise<void> => {
      const since = examined;
      examined = 0;
      await onProgress(cursorMs, since);
    };
    while (cursorMs < endMs) {
      await deps.inTurn(async ({ isAwaited }) => {
        let turnEndsMs = deps.now() + TURN_MS;
        await deps.delivered();
        const onTheirWay: Promise<void>[] = [];
        for await (const window of windowsFrom(run, { fromMs: cursorMs, toMs: endMs })) {
          examined += await repriceWindow(run, window);
          cursorMs = window.toMs;
          const arrived = deps.delivered();
          // Awaited later, or by the next turn.
          arrived.catch(() => undefined);
          onTheirWay.push(arrived);
          if (onTheirWay.length > WINDOWS_UNDELIVERED) await onTheirWay.shift();
          if (deps.now() < turnEndsMs) continue;
          // The next turn has to wait until all is in the store, which this one need not.
          if (isAwaited()) return;
          await tell();
          turnEndsMs = deps.now() + TURN_MS;
        }
        cursorMs = endMs;
      });
      await tell();
    }
    await deps.delivered();
  };
}

async function counted(
  query: ReadStore['query'],
  grain: 'Hour' | 'Second',
  parameters: Readonly<Record<string, unknown>>
): Promise<(readonly [startMs: number, spans: number])[]> {
  const rows = await query(COUNTS(grain), parameters);
  return rows.map((row) => [Number(row['second']) * 1_000, Number(row['spans'])] as const);
}

/** Neighbours joined into windows with about as many rows as are read at a time; together they cover the whole time. */
function joined(
  counts: readonly (readonly [startMs: number, spans: number])[],
  { fromMs, toMs }: Window
): (Window & { readonly spans: number })[] {
  const windows: (Window & { readonly spans: number })[] = [];
  let start = fromMs;
  let spans = 0;
  for (const [at, more] of counts) {
    if (spans > 0 && (spans + more > WINDOW_SPANS || at - start >= WINDOW_MS)) {
      windows.push({ fromMs: start, toMs: at, spans });
      [start, spans] = [at, 0];
    }
    spans += more;
  }
  return [...windows, { fromMs: start, toMs, spans }];
}

function sameCost(a: StoredCost, b: StoredCost): boolean {
  return (
    a.costPico === b.costPico &&
    a.inputCostPico === b.inputCostPico &&
    a.outputCostPico === b.outputCostPico &&
    a.cacheReadCostPico === b.cacheReadCostPico &&
    a.cacheWriteCostPico === b.cacheWriteCostPico &&
    a.requestCostPico === b.requestCostPico &&
    a.cacheSavingsPico === b.cacheSavingsPico &&
    a.costState === b.costState &&
    a.priceId === b.priceId
  );
}

function dayMs(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}
