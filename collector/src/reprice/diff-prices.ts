import { formatPico, parsePico } from '../price/decimal.ts';
import type { CallGroup, GroupPrice } from '../price/price-group.ts';
import type { ReadStore } from '../store/read-store.ts';
import type { RepriceScope } from './reprice-scope.ts';

/** Groups that are read; more means a period to split, not an answer to cut. */
const MAX_GROUPS = 200_000;

/** One day, model and team: what its calls cost now and what they would cost. Money is decimal text in US dollars. */
export interface DiffLine {
  readonly day: string;
  readonly provider: string;
  readonly model: string;
  readonly department: string;
  readonly calls: number;
  readonly cost_usd: string;
  readonly new_cost_usd: string;
  readonly difference_usd: string;
  /** Price entries before and after, several when the calls of the day had several. */
  readonly price_ids: readonly string[];
  readonly new_price_ids: readonly string[];
  readonly estimate: boolean;
}

export interface PriceDiff {
  readonly cost_usd: string;
  readonly new_cost_usd: string;
  readonly difference_usd: string;
  readonly calls: number;
  /** Calls that would have another price entry. */
  readonly changed_calls: number;
  /** Also when a line that shows no change may have one. */
  readonly estimate: boolean;
  /** Lines whose cost or price entry would change, by day. */
  readonly lines: readonly DiffLine[];
}

const GROUPS = `
SELECT toString(toDate(time)) AS day, provider, model, department, service_tier, price_id,
  sum(calls) AS calls, sum(duration_ns) AS duration_ns, sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens,
  sum(cache_read_tokens) AS cache_read_tokens, sum(cache_write_tokens) AS cache_write_tokens,
  sum(cache_write_1h_tokens) AS cache_write_1h_tokens, sum(reasoning_tokens) AS reasoning_tokens,
  sum(audio_input_tokens) AS audio_input_tokens, sum(audio_output_tokens) AS audio_output_tokens,
  toString(sum(cost_usd)) AS cost_usd, toString(sum(request_cost_usd)) AS request_cost_usd
FROM genai.rollup_1d
WHERE workspace = {workspace:String} AND time >= toDateTime({from:String}, 'UTC') AND time < toDateTime({to:String}, 'UTC')
  AND billable = 1 AND ({provider:String} = '' OR provider = {provider:String}) AND ({model:String} = '' OR model = {model:String})
GROUP BY day, provider, model, department, service_tier, price_id HAVING calls > 0
ORDER BY day, provider, model, department, service_tier, price_id LIMIT ${MAX_GROUPS + 1}`;

/** A period with more groups than one answer may hold. */
export class TooManyGroups extends Error {
  override readonly name = 'TooManyGroups';
}

/**
 * What a change of prices would do to the calls of a period, by day, model and team, from the daily rollup: nothing is written and the
 * time it takes does not depend on the number of spans. Rejects with TooManyGroups, or when the store does not answer.
 */
export async function diffPrices(
  query: ReadStore['query'],
  priceGroup: (group: CallGroup) => GroupPrice,
  { workspace, from, to, provider, model }: RepriceScope
): Promise<PriceDiff> {
  const rows = await query(GROUPS, {
    workspace,
    provider,
    model,
    from: `${from} 00:00:00`,
    to: `${to} 00:00:00`,
  });
  if (rows.length > MAX_GROUPS) throw new TooManyGroups();
  const lines = new Map<string, Line>();
  for (const row of rows) {
    const group = groupOf(workspace, row);
    const after = priceGroup(group);
    const key = [row.day, row.provider, row.model, row.department].map(String).join('\n');
    const line = lines.get(key) ?? emptyLine(row);
    lines.set(key, line);
    // Without a known price the calls keep what their instrumentation claimed.
    const costPico = after.priceId === '' && group.priceId === '' ? group.costPico : after.costPico;
    line.calls += group.calls;
    line.before += group.costPico;
    line.after += costPico;
    line.estimate ||= after.estimate;
    line.changedCalls += after.priceId === group.priceId ? 0 : group.calls;
    line.priceIds.add(group.priceId);
    line.newPriceIds.add(after.priceId);
  }
  return summary([...lines.values()]);
}

interface Line {
  readonly day: string;
  readonly provider: string;
  readonly model: string;
  readonly department: string;
  calls: number;
  changedCalls: number;
  before: bigint;
  after: bigint;
  estimate: boolean;
  readonly priceIds: Set<string>;
  readonly newPriceIds: Set<string>;
}

function emptyLine(row: Readonly<Record<string, unknown>>): Line {
  return {
    day: String(row.day),
    provider: String(row.provider),
    model: String(row.model),
    department: String(row.department),
    calls: 0,
    changedCalls: 0,
    before: 0n,
    after: 0n,
    estimate: false,
    priceIds: new Set(),
    newPriceIds: new Set(),
  };
}

function groupOf(workspace: string, row: Readonly<Record<string, unknown>>): CallGroup {
  const count = (name: string): number => Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, Number(row[name])));
  return {
    workspace,
    provider: String(row.provider),
    model: String(row.model),
    serviceTier: String(row.service_tier),
    priceId: String(row.price_id),
    timestampNs: BigInt(Date.parse(`${String(row.day)}T00:00:00Z`)) * 1_000_000n,
    calls: count('calls'),
    durationNs: count('duration_ns'),
    usage: {
      state: 'reported',
      inputTokens: count('input_tokens'),
      outputTokens: count('output_tokens'),
      cacheReadTokens: count('cache_read_tokens'),
      cacheWriteTokens: count('cache_write_tokens'),
      cacheWrite1hTokens: count('cache_write_1h_tokens'),
      reasoningTokens: count('reasoning_tokens'),
      audioInputTokens: count('audio_input_tokens'),
      audioOutputTokens: count('audio_output_tokens'),
    },
    costPico: parsePico(String(row.cost_usd)) ?? 0n,
    requestPico: parsePico(String(row.request_cost_usd)) ?? 0n,
  };
}

function summary(lines: readonly Line[]): PriceDiff {
  const sum = (of: (line: Line) => bigint): bigint => lines.reduce((total, line) => total + of(line), 0n);
  const [before, after] = [sum((line) => line.before), sum((line) => line.after)];
  const changed = lines.filter((line) => line.changedCalls > 0 || line.before !== line.after);
  return {
    cost_usd: formatPico(before),
    new_cost_usd: formatPico(after),
    difference_usd: formatPico(after - before),
    calls: lines.reduce((total, { calls }) => total + calls, 0),
    changed_calls: lines.reduce((total, { changedCalls }) => total + changedCalls, 0),
    estimate: lines.some(({ estimate }) => estimate),
    lines: changed.map((line) => ({
      day: line.day,
      provider: line.provider,
      model: line.model,
      department: line.department,
      calls: line.calls,
      cost_usd: formatPico(line.before),
      new_cost_usd: formatPico(line.after),
      difference_usd: formatPico(line.after - line.before),
      price_ids: [...line.priceIds],
      new_price_ids: [...line.newPriceIds],
      estimate: line.estimate,
    })),
  };
}
