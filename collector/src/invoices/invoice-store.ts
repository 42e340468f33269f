import { createHash } from 'node:crypto';
import type { ClickHouseClient } from '@clickhouse/client';
import { formatPico, parsePico } from '../price/decimal.ts';
import type { MatchModel } from '../price/match-model.ts';
import { priceProvider } from '../price/price-provider.ts';
import type { InvoiceClass, InvoiceKind, InvoiceLine } from './invoice-line.ts';
import type { InvoiceTotals, SpanTotals } from './reconcile.ts';

/** Whose invoice. */
export interface InvoiceScope {
  readonly workspace: string;
  /** As the price data names it. */
  readonly provider: string;
  readonly account: string;
}

/** Days, both inclusive, `YYYY-MM-DD`, UTC. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

const EXACT = { output_format_json_quote_64bit_integers: 1, output_format_json_quote_decimals: 1 } as const;
const DAY_MS = 86_400_000;

/** Stores the lines of one export. The same file again changes nothing; another file of the same days takes their place. */
export async function storeInvoice(
  client: ClickHouseClient,
  scope: InvoiceScope,
  kind: InvoiceKind,
  lines: readonly InvoiceLine[],
  options: { readonly text: string; readonly now: number }
): Promise<void> {
  const importId = createHash('sha256').update(options.text).digest('hex');
  await client.insert({
    table: 'genai.invoice_lines',
    format: 'JSONEachRow',
    values: lines.map(({ costPico, ...line }) => ({
      ...scope,
      kind,
      ...line,
      cost_usd: formatPico(costPico),
      import_id: importId,
      imported_at: new Date(options.now).toISOString().replace('T', ' ').replace('Z', ''),
    })),
    clickhouse_settings: { async_insert: 0 },
  });
}

/** The latest import of each day and kind. Every account when `account` is empty. */
export async function readInvoiceTotals(
  client: ClickHouseClient,
  { workspace, provider, account }: InvoiceScope,
  days: Days,
  match: MatchModel
): Promise<readonly InvoiceTotals[]> {
  const answer = await client.query({
    query: `
      SELECT toString(day) AS on_day, model, tier, kind, class, sum(quantity) AS quantity, sum(cost_usd) AS cost_usd
      FROM genai.invoice_lines FINAL
      WHERE workspace = {workspace:String} AND provider = {provider:String} AND day BETWEEN {from:Date} AND {to:Date}
        AND ({account:String} = '' OR account = {account:String})
        AND (account, kind, day, import_id) IN (
          SELECT account, kind, day, argMax(import_id, (imported_at, import_id))
          FROM genai.invoice_lines FINAL
          WHERE workspace = {workspace:String} AND provider = {provider:String} AND day BETWEEN {from:Date} AND {to:Date}
          GROUP BY account, kind, day)
      GROUP BY on_day, model, tier, kind, class`,
    query_params: { workspace, provider, account, ...days },
    format: 'JSONEachRow',
    clickhouse_settings: EXACT,
  });
  const rows = await answer.json<{
    readonly on_day: string;
    readonly model: string;
    readonly tier: string;
    readonly kind: InvoiceKind;
    readonly class: InvoiceClass;
    readonly quantity: string;
    readonly cost_usd: string;
  }>();
  return rows.map((row) => ({
    day: row.on_day,
    model: billedModel(match, provider, row.model),
    tier: row.tier,
    kind: row.kind,
    class: row.class,
    quantity: Number(row.quantity),
    costPico: parsePico(row.cost_usd) ?? 0n,
  }));
}

/** Billable calls of the same days that the provider bills, from the spans in their last revision. */
export async function readSpanTotals(
  client: ClickHouseClient,
  { workspace, provider }: InvoiceScope,
  days: Days,
  match: MatchModel
): Promise<readonly SpanTotals[]> {
  const answer = await client.query({
    query: `
      SELECT toString(toDate(timestamp)) AS day, provider AS sold_by, request_model, response_model, service_tier,
        count() AS calls, countIf(cost_state = 'unpriced') AS unpriced, countIf(cost_state = 'no_usage') AS no_usage,
        sum(input_tokens) AS input, sum(output_tokens) AS output, sum(cache_read_tokens) AS cache_read,
        sum(cache_write_tokens) AS cache_write, sum(cache_write_1h_tokens) AS cache_write_1h,
        sum(audio_input_tokens) AS audio_input, sum(audio_output_tokens) AS audio_output,
        sum(toDecimal128(input_cost_usd, 12)) AS input_usd, sum(toDecimal128(output_cost_usd, 12)) AS output_usd,
        sum(toDecimal128(cache_read_cost_usd, 12)) AS cache_read_usd,
        sum(toDecimal128(cache_write_cost_usd, 12)) AS cache_write_usd, sum(toDecimal128(request_cost_usd, 12)) AS request_usd
      FROM genai.spans FINAL
      WHERE workspace = {workspace:String} AND billable = 1
        AND timestamp >= toDateTime64({from:String}, 9, 'UTC') AND timestamp < toDateTime64({until:String}, 9, 'UTC')
      GROUP BY day, sold_by, request_model, response_model, service_tier`,
    query_params: { workspace, from: `${days.from} 00:00:00`, until: `${dayAfter(days.to)} 00:00:00` },
    format: 'JSONEachRow',
    clickhouse_settings: EXACT,
  });
  const rows = await answer.json<Record<string, string>>();
  return rows.flatMap((row) => {
    const text = (name: string): string => row[name] ?? '';
    const count = (name: string): number => Number(text(name));
    const [soldBy, response, request] = [text('sold_by'), text('response_model'), text('request_model')];
    const entry = match(soldBy, response, request);
    const { sellers, resold } = priceProvider(soldBy);
    const isTheirs = entry === undefined || sellers.includes(entry.provider) || resold.includes(entry.provider);
    const billedBy = isTheirs ? (sellers[0] ?? entry?.provider) : entry.provider;
    if (billedBy !== provider) return [];
    const pico = (name: string): bigint => parsePico(text(name)) ?? 0n;
    return [
      {
        day: text('day'),
        model: entry === undefined ? (response || request).toLowerCase() : `${entry.provider}/${entry.model}`,
        tier: tierOf(text('service_tier')),
        calls: count('calls'),
        unpricedCalls: count('unpriced'),
        noUsageCalls: count('no_usage'),
        quantities: {
          input: count('input') - count('cache_read') - count('cache_write') - count('audio_input'),
          cache_read: count('cache_read'),
          cache_write: count('cache_write') - count('cache_write_1h'),
          cache_write_1h: count('cache_write_1h'),
          output: count('output') - count('audio_output'),
          audio_input: count('audio_input'),
          audio_output: count('audio_output'),
          requests: count('calls'),
        },
        costsPico: {
          input: pico('input_usd'),
          output: pico('output_usd'),
          cache_read: pico('cache_read_usd'),
          cache_write: pico('cache_write_usd'),
          other: pico('request_usd'),
        },
      },
    ];
  });
}

/** `Claude Sonnet 4.5` and `claude-sonnet-4-5-20250929` are billed by one entry; what no entry bills keeps its name. */
function billedModel(match: MatchModel, provider: string, model: string): string {
  const id = model.trim().toLowerCase();
  const spelled = id.includes(' ') ? id.replace(/[ .]+/g, '-') : id;
  const entry = match(provider, spelled, '');
  return entry === undefined ? id : `${entry.provider}/${entry.model}`;
}

function tierOf(sent: string): string {
  const tier = sent.toLowerCase();
  return ['', 'default', 'auto', 'on_demand', 'scale'].includes(tier) ? 'standard' : tier;
}

function dayAfter(day: string): string {
  return new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);
}
