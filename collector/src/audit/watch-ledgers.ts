type Rows = readonly Readonly<Record<string, unknown>>[];
export type Query = (sql: string, parameters: Readonly<Record<string, unknown>>) => Promise<Rows>;

/** How far all collectors are. */
export interface Watermark {
  /** Everything that any of them accepted before is in the store. Unix milliseconds. */
  readonly untilMs: number;
  /** The one that is furthest behind; empty when there is none. */
  readonly collector: string;
}

/** A ledger that has said nothing for so long is taken for lost: it no longer keeps hours open. */
const FORGET_AFTER_MS = 24 * 60 * 60 * 1000;
const POLL_MS = 1000;
/** Books are written every minute; two of them may be late. */
const PATIENCE_MS = 150_000;

const LEDGERS = `
SELECT collector, toUnixTimestamp64Milli(argMax(delivered_until, recorded_at)) AS until_ms
FROM genai.ingest_ledger WHERE recorded_at > fromUnixTimestamp64Milli({since:Int64})
GROUP BY collector, epoch HAVING argMax(closed, recorded_at) = 0
ORDER BY until_ms`;

/** Reads the watermark that all ledgers have passed, from the books that each collector writes every minute. */
export function createWatchLedgers(options: {
  readonly query: Query;
  readonly now: () => number;
  /** Writes the books of this process now, where it has any. */
  readonly writeBooks?: (() => Promise<void>) | undefined;
  readonly patienceMs?: number;
}): {
  readonly watermark: () => Promise<Watermark>;
  /** True once all have passed this time; false when one does not within some minutes, and says which. */
  readonly passed: (ms: number) => Promise<Watermark & { readonly isPassed: boolean }>;
} {
  const { query, now } = options;
  const watermark = async (): Promise<Watermark> => {
    await options.writeBooks?.();
    const [slowest] = await query(LEDGERS, { since: Math.trunc(now() - FORGET_AFTER_MS) });
    if (slowest === undefined) return { untilMs: now(), collector: '' };
    return { untilMs: Math.min(Number(slowest.until_ms), now()), collector: String(slowest.collector) };
  };
  return {
    watermark,
    passed: async (ms) => {
      const deadline = now() + (options.patienceMs ?? PATIENCE_MS);
      for (;;) {
        const found = await watermark();
        if (found.untilMs >= ms || now() >= deadline) return { ...found, isPassed: found.untilMs >= ms };
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    },
  };
}
