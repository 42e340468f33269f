import { Type } from '@sinclair/typebox';
import { createCalculateRequest } from '../price/calculate-request.ts';
import type { PriceBook } from '../price/price-book.ts';
import { Problem } from './problem.ts';
import type { RestApi } from './rest-api.ts';

export interface PriceRoutesDeps {
  readonly book: PriceBook;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** A usage has a dozen numbers. */
const MAX_BODY_BYTES = 16 * 1024;

const count = Type.Optional(Type.Union([Type.Integer({ minimum: 0 }), Type.String({ pattern: '^\\d{1,16}$' })]));
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
        web_searches: count,
      },
      { description: 'Token columns of genai.spans: input includes cached tokens, output includes reasoning' }
    )
  ),
  service_tier: Type.Optional(Type.String()),
  region: Type.Optional(Type.String()),
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

/**
 * `POST /prices/calculate`: what a call costs and how that is made. An unknown model is an answer (`cost_state: unpriced`), a body that
 * cannot be understood is 400 with every fault in it.
 */
export function registerPriceRoutes(api: RestApi, { book, now }: PriceRoutesDeps): void {
  const calculate = createCalculateRequest(book, now);
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
      const result = calculate(request.body);
      if (!result.ok) throw new Problem(400, 'The usage cannot be priced as it is written', { errors: result.errors });
      return { ...result.answer, lines: [...result.answer.lines] };
    }
  );
}
