import type { ReadStore } from '../store/read-store.ts';
import type { SpanRow } from '../span-row.ts';
import { repriceReason, type RepriceRun } from './reprice-run.ts';

/** Spans that are read at a time: some 30 MB of rows. */
const WINDOW_SPANS = 16_000;
/** Rows of one ledger record: some 5 MB, so that the queue of the ledger has room for telemetry. */
const RECORD_SPANS = 2_000;
/** Other jobs that amend spans wait no longer than this for their turn. */
const TURN_MS = 5_000;

export interface RepriceSpansDeps {
  readonly query: ReadStore['query'];
  readonly readSpans: ReadStore['readSpans'];
  /** The row with its cost by the prices known now. */
  readonly price: (row: SpanRow) => SpanRow;
  /** Resolves when everything taken in before is in the store: an amendment is the difference to what the store holds. */
  readonly delivered: () => Promise<void>;
  /** Resolves when the amendments are on disk. */
  readonly amend: (
    amendments: readonly { readonly before: SpanRow; readonly after: SpanRow; readonly reason: string }[]
  ) => Promise<void>;
  /** Runs when no other job amends spans. */
  readonly inTurn: <T>(run: () => Promise<T>) => Promise<T>;
  /** Unix milliseconds. */
  readonly now: () => number;
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
 * Returns the function that re-prices the stored spans of a run from its cursor on, some hours at a time, and says after each turn how
 * far it came. A span whose cost and price entry stay the same is not touched, so going over hours a second time changes nothing.
 * Rejects when the store does not answer or the ledger is full; what was said before stays done.
 */
export function createRepriceSpans(
  deps: RepriceSpansDeps
): (run: RepriceRun, onTurn: (cursorMs: number, examined: number) => Promise<void>) => Promise<void> {
  const reads = (run: RepriceRun, { fromMs, toMs }: Window) => ({
    workspace: run.workspace,
    provider: run.provider,
    model: run.model,
    fromMs,
    toMs,
  });

  const repriceWindow = async (run: RepriceRun, rows: readonly SpanRow[]): Promise<void> => {
    const amendments = rows.flatMap((before) => {
      if (run.provider !== '' && before.provider !== run.provider) return [];
      if (run.model !== '' && (before.responseModel || before.requestModel) !== run.model) return [];
      const after = deps.price(before);
      if (sameCost(before, after)) return [];
      return [{ before, after: { ...after, revision: before.revision + 1 }, reason: repriceReason(run.id) }];
    });
    for (let at = 0; at < amendments.length; at += RECORD_SPANS)
      await deps.amend(amendments.slice(at, at + RECORD_SPANS));
  };

  return async (run, onTurn) => {
    const endMs = dayMs(run.to);
    let cursorMs = Math.max(run.cursorMs, dayMs(run.from));
    while (cursorMs < endMs) {
      const { reached, examined } = await deps.inTurn(async () => {
        const turnEndsMs = deps.now() + TURN_MS;
        await deps.delivered();
        let seen = 0;
        const hours = await counted(deps.query, 'Hour', reads(run, { fromMs: cursorMs, toMs: endMs }));
        // Quiet hours are read together: each read and each insert that follows has a price of its own.
        for (const piece of joined(hours, cursorMs, endMs)) {
          const busy = piece.spans > WINDOW_SPANS;
          const windows = busy ? await windowsOf(deps.query, reads(run, piece), piece) : [piece];
          for (const window of windows) {
            const rows = await deps.readSpans(MATCHING, reads(run, window));
            seen += rows.length;
            await repriceWindow(run, rows);
          }
          if (deps.now() >= turnEndsMs) return { reached: piece.toMs, examined: seen };
        }
        return { reached: endMs, examined: seen };
      });
      cursorMs = reached;
      await onTurn(cursorMs, examined);
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

/** A busy hour in pieces of whole seconds. */
async function windowsOf(
  query: ReadStore['query'],
  parameters: Readonly<Record<string, unknown>>,
  hour: Window
): Promise<Window[]> {
  return joined(await counted(query, 'Second', parameters), hour.fromMs, hour.toMs);
}

/** Neighbours joined into windows with about as many spans as are read at a time; together they cover the whole time. */
function joined(
  counts: readonly (readonly [startMs: number, spans: number])[],
  fromMs: number,
  toMs: number
): (Window & { readonly spans: number })[] {
  const windows: (Window & { readonly spans: number })[] = [];
  let start = fromMs;
  let spans = 0;
  for (const [at, more] of counts) {
    if (spans > 0 && spans + more > WINDOW_SPANS) {
      windows.push({ fromMs: start, toMs: at, spans });
      [start, spans] = [at, 0];
    }
    spans += more;
  }
  return [...windows, { fromMs: start, toMs, spans }];
}

function sameCost(a: SpanRow, b: SpanRow): boolean {
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
