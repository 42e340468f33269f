import { Type, type Static } from '@sinclair/typebox';
import { createCalculateRequest } from '../price/calculate-request.ts';
import type { MatchModel } from '../price/match-model.ts';
import type { PriceBook } from '../price/price-book.ts';
import type { KeptOverrides } from '../store/keep-overrides.ts';
import type { ReadStore } from '../store/read-store.ts';
import { principalOf } from './access.ts';
import { pageQuery, pageSchema, readCursor, toPage } from './page.ts';
import { Problem } from './problem.ts';
import type { RestApi } from './rest-api.ts';
import { storeAnswer } from './store-answer.ts';

export interface PriceRoutesDeps {
  readonly book: PriceBook;
  /** With the names that the configuration gives to deployments; unset = without. */
  readonly match?: MatchModel | undefined;
  readonly overrides: Pick<KeptOverrides, 'find'>;
  readonly query: ReadStore['query'];
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** A usage has a dozen numbers. */
const MAX_BODY_BYTES = 16 * 1024;

const count = Type.Optional(Type.Union([Type.Integer({ minimum: 0 }), Type.String({ pattern: '^\\d{1,16}$' })]));
const seconds = (description: string) =>
  Type.Optional(
    Type.Union([Type.Number({ minimum: 0 }), Type.String({ pattern: '^\\d{1,10}(\\.\\d{1,9})?$' })], { description })
  );
const money = Type.String({ description: 'US dollars, decimal text' });

const calculateBody = Type.Object({
  provider: Type.Optional(Type.String({ description: 'As in the column provider of genai.spans; may be empty' })),
  model: Type.String(),
  timestamp: Type.Optional(
    Type.Union([Type.String(), Type.Integer()], { description: 'RFC 3339, a date or Unix milliseconds; unset = now' })
  ),
  usage: Type.Optional(
    Type.Object(
      {
        input_tokens: count,
        output_tokens: count,
        cache_read_tokens: count,
        cache_write_tokens: count,
        cache_write_1h_tokens: count,
        reasoning_tokens: count,
        audio_input_tokens: count,
        audio_output_tokens: count,
        audio_cache_read_tokens: count,
        image_input_tokens: count,
        image_cache_read_tokens: count,
        image_output_tokens: count,
        video_input_tokens: count,
        video_output_tokens: count,
        citation_tokens: count,
        web_searches: count,
        file_searches: count,
        rerank_searches: count,
        pages: count,
        audio_seconds: seconds('Length of a transcribed or spoken sound'),
      },
      { description: 'Token columns of genai.spans: input includes cached tokens, output includes reasoning' }
    )
  ),
  service_tier: Type.Optional(Type.String()),
  region: Type.Optional(Type.String()),
  duration_seconds: seconds('How long the call took: needed for models on machines paid by the hour'),
});

const calculateAnswer = Type.Object({
  cost_usd: money,
  parts: Type.Object({
    input_cost_usd: money,
    output_cost_usd: money,
    cache_read_cost_usd: money,
    cache_write_cost_usd: money,
    request_cost_usd: money,
  }),
  cache_savings_usd: money,
  cost_state: Type.String({ description: 'computed, free, no_usage or unpriced' }),
  price_id: Type.String({ description: 'Entry, validity and tier that were applied; empty when none' }),
  price_provider: Type.String(),
  price_model: Type.String(),
  service_tier: Type.String(),
  region_premium: Type.String({ description: 'Region whose premium is in the prices; empty when it changes nothing' }),
  price_source: Type.String(),
  clamped: Type.Boolean(),
  lines: Type.Array(
    Type.Object({
      unit: Type.String(),
      part: Type.String(),
      quantity: Type.Number(),
      usd_per_million: money,
      cost_usd: money,
    })
  ),
});

const priceRow = Type.Object({
  workspace: Type.String({ description: 'Empty = every workspace' }),
  provider: Type.String(),
  model: Type.String(),
  price_id: Type.String(),
  valid_from: Type.String(),
  valid_to: Type.String(),
  unit: Type.String(),
  tier_start_tokens: Type.Integer(),
  usd_per_million: money,
  kind: Type.String(),
  source: Type.String(),
  note: Type.String(),
  updated_by: Type.String(),
  updated_at: Type.String(),
});

/** The row's own key ends the order, so that pages neither repeat nor miss a row. */
const LIST = `
SELECT * FROM (
  SELECT workspace, provider, model, price_id, valid_from, valid_to, unit, tier_start_tokens, toString(usd_per_million) AS usd_per_million,
    toString(kind) AS kind, source, note, updated_by, toString(toUnixTimestamp64Milli(updated_at)) AS updated_at_ms,
    toJSONString((workspace, provider, model, price_id, valid_from, unit, tier_start_tokens)) AS row_id
  FROM genai.prices FINAL
  WHERE deleted = 0 AND workspace IN ('', {workspace:String}) AND ({provider:String} = '' OR provider = {provider:String})
    AND ({model:String} = '' OR model = {model:String}) AND ({source:String} = '' OR source = {source:String}))
WHERE {first:UInt8} = 1 OR (toInt64(updated_at_ms), row_id) < ({afterMs:Int64}, {afterId:String})
ORDER BY toInt64(updated_at_ms) DESC, row_id DESC LIMIT {limit:UInt32}`;

/**
 * `GET /prices`: the prices in use, newest first.
 * `POST /prices/calculate`: what a call costs and how that is made. An unknown model is an answer (`cost_state: unpriced`), a body that
 * cannot be understood is 400 with every fault in it.
 */
export function registerPriceRoutes(api: RestApi, { book, match, overrides, query, now }: PriceRoutesDeps): void {
  const calculate = createCalculateRequest(book, now, overrides.find, match);
  api.post(
    '/prices/calculate',
    {
      config: { access: ['read', 'ingest'] },
      bodyLimit: MAX_BODY_BYTES,
      schema: {
        summary: 'What a call costs and how that is made',
        tags: ['prices'],
        body: calculateBody,
        response: { 200: calculateAnswer },
      },
      // The function reads its body itself and finds the faults of sums too; two readers would list half of them each.
      validatorCompiler: () => () => true,
    },
    (request) => {
      const result = calculate(request.body, principalOf(request).workspace);
      if (!result.ok) throw new Problem(400, 'The usage cannot be priced as it is written', { errors: result.errors });
      return { ...result.answer, lines: [...result.answer.lines] };
    }
  );
  api.get(
    '/prices',
    {
      config: { access: ['read'] },
      schema: {
        summary: 'Prices in use: the catalogue and own ones, a row for each unit',
        tags: ['prices'],
        querystring: Type.Object({
          ...pageQuery,
          provider: Type.Optional(Type.String({ description: 'As the price data names it' })),
          model: Type.Optional(Type.String()),
          source: Type.Optional(Type.String({ description: 'override, file, or the release of the catalogue' })),
        }),
        response: { 200: pageSchema(priceRow) },
      },
    },
    async (request) => {
      const { limit, cursor, provider = '', model = '', source = '' } = request.query;
      const after = readCursor(cursor);
      const rows = await storeAnswer(
        query(LIST, {
          workspace: principalOf(request).workspace,
          provider,
          model,
          source,
          first: after === undefined ? 1 : 0,
          afterMs: after?.timestamp ?? '0',
          afterId: after?.id ?? '',
          limit: limit + 1,
        })
      );
      const { items, next_cursor } = toPage(rows, limit, (row) => ({
        timestamp: String(row['updated_at_ms']),
        id: String(row['row_id']),
      }));
      return { items: items.map((row) => priceOf(row)), next_cursor };
    }
  );
}

function priceOf(row: Readonly<Record<string, unknown>>): Static<typeof priceRow> {
  const text = (name: string): string => String(row[name]);
  return {
    workspace: text('workspace'),
    provider: text('provider'),
    model: text('model'),
    price_id: text('price_id'),
    valid_from: text('valid_from'),
    valid_to: text('valid_to'),
    unit: text('unit'),
    tier_start_tokens: Number(row['tier_start_tokens']),
    usd_per_million: text('usd_per_million'),
    kind: text('kind'),
    source: text('source'),
    note: text('note'),
    updated_by: text('updated_by'),
    updated_at: new Date(Number(row['updated_at_ms'])).toISOString(),
  };
}
