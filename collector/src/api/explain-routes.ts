import { Type } from '@sinclair/typebox';
import { formatPico } from '../price/decimal.ts';
import { createExplainSpan } from '../price/explain-span.ts';
import type { MatchModel } from '../price/match-model.ts';
import type { PriceBook } from '../price/price-book.ts';
import { spanOf } from '../price-row.ts';
import type { SpanRow } from '../span-row.ts';
import type { KeptOverrides } from '../store/keep-overrides.ts';
import type { ReadStore } from '../store/read-store.ts';
import { principalOf } from './access.ts';
import { Problem } from './problem.ts';
import type { RestApi } from './rest-api.ts';
import { storeAnswer } from './store-answer.ts';

export interface ExplainRoutesDeps {
  readonly book: PriceBook;
  /** With the names that the configuration gives to deployments; unset = without. */
  readonly match?: MatchModel | undefined;
  readonly overrides: Pick<KeptOverrides, 'find'>;
  readonly readSpans: ReadStore['readSpans'];
}

const money = Type.String({ description: 'US dollars, decimal text' });
const parts = Type.Object({
  input_cost_usd: money,
  output_cost_usd: money,
  cache_read_cost_usd: money,
  cache_write_cost_usd: money,
  request_cost_usd: money,
});

const answer = Type.Object({
  trace_id: Type.String(),
  span_id: Type.String(),
  timestamp: Type.String({ description: 'RFC 3339' }),
  provider: Type.String(),
  request_model: Type.String(),
  response_model: Type.String(),
  sent_service_tier: Type.String(),
  revision: Type.Integer(),
  cost_usd: money,
  reported_cost_usd: money,
  parts,
  cost_state: Type.String(),
  price_id: Type.String({ description: 'The price entry and version that the stored cost was made with' }),
  by_prices_now: Type.Object(
    {
      cost_usd: money,
      cost_state: Type.String(),
      price_id: Type.String(),
      price_provider: Type.String(),
      price_model: Type.String(),
      service_tier: Type.String({ description: 'The tier that is billed' }),
      override: Type.String({ description: 'Price id of the own price that holds; empty when none' }),
      lines: Type.Array(
        Type.Object({
          unit: Type.String(),
          part: Type.String(),
          quantity: Type.Number(),
          usd_per_million: money,
          cost_usd: money,
        })
      ),
    },
    { description: 'How the cost is made by the prices in force: quantity × price of each unit' }
  ),
  same: Type.Boolean({
    description:
      'The stored cost is the one made by the prices in force, so the lines explain it; if not, re-pricing would change it',
  }),
});

/** `GET /prices/explain`: how the cost of a stored span is made. */
export function registerExplainRoutes(api: RestApi, { book, match, overrides, readSpans }: ExplainRoutesDeps): void {
  const explain = createExplainSpan(book, overrides.find, match);
  api.get(
    '/prices/explain',
    {
      config: { access: ['read'] },
      schema: {
        summary: 'How the cost of a stored span is made',
        tags: ['prices'],
        querystring: Type.Object({
          trace_id: Type.String({ pattern: '^[0-9a-f]{32}$', description: '32 lower-case hex digits' }),
          span_id: Type.String({ pattern: '^[0-9a-f]{16}$', description: '16 lower-case hex digits' }),
        }),
        response: { 200: answer },
      },
    },
    async (request) => {
      const { trace_id: traceId, span_id: spanId } = request.query;
      const rows = await storeAnswer(
        readSpans('workspace = {workspace:String} AND trace_id = {traceId:String} AND span_id = {spanId:String}', {
          workspace: principalOf(request).workspace,
          traceId,
          spanId,
        })
      );
      const row = rows[0];
      if (row === undefined)
        throw new Problem(404, 'There is no such span', {
          detail: 'It may be on its way for some seconds after it was accepted.',
        });
      return explained(row, explain(spanOf(row)));
    }
  );
}

function explained(row: SpanRow, { cost, lines, ...now }: ReturnType<ReturnType<typeof createExplainSpan>>) {
  return {
    trace_id: row.traceId,
    span_id: row.spanId,
    timestamp: timeText(row.timestampNs),
    provider: row.provider,
    request_model: row.requestModel,
    response_model: row.responseModel,
    sent_service_tier: row.serviceTier,
    revision: row.revision,
    cost_usd: formatPico(row.costPico),
    reported_cost_usd: formatPico(row.reportedCostPico),
    parts: {
      input_cost_usd: formatPico(row.inputCostPico),
      output_cost_usd: formatPico(row.outputCostPico),
      cache_read_cost_usd: formatPico(row.cacheReadCostPico),
      cache_write_cost_usd: formatPico(row.cacheWriteCostPico),
      request_cost_usd: formatPico(row.requestCostPico),
    },
    cost_state: row.costState,
    price_id: row.priceId,
    by_prices_now: {
      cost_usd: formatPico(cost.totalPico),
      cost_state: cost.state,
      price_id: cost.priceId,
      price_provider: now.priceProvider,
      price_model: now.priceModel,
      service_tier: now.tier,
      override: now.override,
      lines: [...lines],
    },
    same: cost.priceId === row.priceId && cost.totalPico === row.costPico && cost.state === row.costState,
  };
}

/** RFC 3339 with nanoseconds. */
function timeText(ns: bigint): string {
  const ms = Number(ns / 1_000_000n);
  return `${new Date(ms).toISOString().slice(0, 19)}.${(ns % 1_000_000_000n).toString().padStart(9, '0')}Z`;
}
