import { Type } from '@sinclair/typebox';
import type { PriceOverride } from '../price/price-override.ts';
import { PRICE_UNITS, UNIT_FACTS } from '../price/price-units.ts';
import { choice } from './choice.ts';

const amount = Type.Union([Type.String(), Type.Number()], {
  description: 'Decimal from 0, at most 12 digits after the point',
});
const units = Type.Record(Type.String(), amount, {
  description: `Unit → amount per million; units are ${PRICE_UNITS.map((unit) => UNIT_FACTS[unit].name).join(', ')}`,
});
const time = (description: string) =>
  Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', description: `${description}, UTC, HH:MM` });
/** Prices for some of the calls; what they do not name costs what it costs otherwise. */
const tier = { above_input_tokens: Type.Integer({ minimum: 1 }) };
const hours = { from: time('First minute'), to: time('First minute that is not meant') };
const day = (description: string) => Type.Optional(Type.String({ description: `${description}, UTC day YYYY-MM-DD` }));
const only = (what: string) => Type.Optional(Type.String({ description: `Only this ${what}; unset = all` }));

/** What somebody writes to set a price: exactly one of price, percent_off, amount_off and gpu_hour. */
export const overrideBody = Type.Object({
  provider: only('provider, as in the column provider of genai.spans'),
  model: only('model; price and gpu_hour must name one'),
  region: only('cloud region'),
  service_tier: only('service tier, as sent'),
  valid_from: day('First day'),
  valid_to: day('First day on which it no longer holds'),
  price: Type.Optional(units),
  tiers: Type.Optional(
    Type.Array(Type.Object({ ...tier, price: units }), {
      description:
        'With price: what all tokens of a call cost whose input, cached tokens included, is longer than this; units that are not named cost what they cost in shorter calls',
    })
  ),
  hours: Type.Optional(
    Type.Array(Type.Object({ ...hours, price: units }), {
      description:
        'With price, without tiers: what calls that start in these hours of the UTC day cost; units that are not named cost what they cost at other hours',
    })
  ),
  percent_off: Type.Optional(amount),
  amount_off: Type.Optional(units),
  gpu_hour: Type.Optional(
    Type.Object(
      {
        price: amount,
        gpus: Type.Optional(Type.Integer({ minimum: 1 })),
        parallel_calls: Type.Optional(Type.Integer({ minimum: 1 })),
      },
      { description: 'Price of a GPU for an hour, GPUs that serve the model, and calls that share them at a time' }
    )
  ),
  currency: Type.Optional(Type.String({ description: 'ISO 4217, by default USD' })),
  usd_rate: Type.Optional(
    Type.Union([Type.String(), Type.Number()], { description: 'US dollars for one unit of currency' })
  ),
  rate_date: day('Day of usd_rate'),
  note: Type.Optional(Type.String({ description: 'Why, for people' })),
});

const amounts = Type.Record(Type.String(), Type.String());

/** A price in force. */
export const overrideAnswer = Type.Object({
  id: Type.String(),
  price_id: Type.String({ description: 'What price_id of the spans holds' }),
  source: choice(['override', 'file']),
  workspace: Type.String({ description: 'Empty = every workspace' }),
  provider: Type.String(),
  model: Type.String(),
  region: Type.String(),
  service_tier: Type.String(),
  valid_from: Type.String(),
  valid_to: Type.String(),
  kind: choice(['price', 'percent_off', 'amount_off', 'gpu_hour']),
  amounts,
  tiers: Type.Array(Type.Object({ ...tier, amounts })),
  hours: Type.Array(Type.Object({ ...hours, amounts })),
  gpus: Type.Integer(),
  parallel_calls: Type.Integer(),
  currency: Type.String(),
  usd_rate: Type.String(),
  rate_date: Type.String(),
  note: Type.String(),
  updated_by: Type.String(),
  updated_at: Type.String({ description: 'RFC 3339; empty for prices of a file' }),
});

/** An override as the API shows it. */
export function showOverride(override: PriceOverride, priceId: string) {
  return {
    id: override.id,
    price_id: priceId,
    source: override.source,
    workspace: override.workspace,
    provider: override.provider,
    model: override.model,
    region: override.region,
    service_tier: override.serviceTier,
    valid_from: override.validFrom,
    valid_to: override.validTo,
    kind: override.kind,
    amounts: { ...override.amounts },
    tiers: (override.tiers ?? []).map((each) => ({
      above_input_tokens: each.aboveInputTokens,
      amounts: { ...each.amounts },
    })),
    hours: (override.hours ?? []).map(({ from, to, ...each }) => ({ from, to, amounts: { ...each.amounts } })),
    gpus: override.gpus,
    parallel_calls: override.parallelCalls,
    currency: override.currency,
    usd_rate: override.usdRate,
    rate_date: override.rateDate,
    note: override.note,
    updated_by: override.updatedBy,
    updated_at: override.updatedAtMs === 0 ? '' : new Date(override.updatedAtMs).toISOString(),
  };
}
