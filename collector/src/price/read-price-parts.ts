import { isWithinHours } from './day-hours.ts';
import { MAX_MODEL_CHARS } from './model-id.ts';
import type { OverrideHours, OverrideTier, PriceOverride } from './price-override.ts';
import { readAmounts } from './read-amounts.ts';
import type { Fail } from './read-amounts.ts';

/** No published price has more than three lengths, or more than three parts of a day. */
const MAX_PARTS = 24;
/** Far more than any model reads. */
const MAX_INPUT_TOKENS = 1_000_000_000;
const MINUTE_MS = 60_000;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

type PriceParts = Pick<PriceOverride, 'tiers' | 'hours'>;

/**
 * Reads `tiers` [{above_input_tokens, price}] and `hours` [{from, to, price}] of an own price. A part names at least one unit; the
 * other units cost what they cost without it. Tells every fault; parts that are absent or empty are absent.
 */
export function readPriceParts(body: Readonly<Record<string, unknown>>, fail: Fail): PriceParts {
  if (body['tiers'] !== undefined && body['hours'] !== undefined)
    fail('hours', 'cannot be set together with tiers: set two prices, or leave one out');
  for (const field of ['tiers', 'hours'])
    if (body[field] !== undefined && body['price'] === undefined) fail(field, 'can only be set with price');
  const tiers = readTiers(body['tiers'], fail);
  const hours = readHours(body['hours'], fail);
  return { ...(tiers.length === 0 ? {} : { tiers }), ...(hours.length === 0 ? {} : { hours }) };
}

function readTiers(value: unknown, fail: Fail): readonly OverrideTier[] {
  const tiers: OverrideTier[] = [];
  for (const { item, field, amounts } of readParts(value, 'tiers', ['above_input_tokens'], fail)) {
    const above = item['above_input_tokens'];
    if (typeof above !== 'number' || !Number.isInteger(above) || above < 1 || above > MAX_INPUT_TOKENS)
      fail(`${field}.above_input_tokens`, `must be a whole number from 1 to ${MAX_INPUT_TOKENS}`);
    else if (tiers.some(({ aboveInputTokens }) => aboveInputTokens === above))
      fail(`${field}.above_input_tokens`, 'stands there twice');
    else tiers.push({ aboveInputTokens: above, amounts });
  }
  return tiers.sort((a, b) => a.aboveInputTokens - b.aboveInputTokens);
}

function readHours(value: unknown, fail: Fail): readonly OverrideHours[] {
  const hours: OverrideHours[] = [];
  for (const { item, field, amounts } of readParts(value, 'hours', ['from', 'to'], fail)) {
    const [from, to] = [item['from'], item['to']];
    const times = { from, to };
    const wrong = Object.entries(times).filter(([, time]) => typeof time !== 'string' || !TIME.test(time));
    for (const [name] of wrong) fail(`${field}.${name}`, 'must be a time of the UTC day, "HH:MM" in quotes');
    if (wrong.length > 0 || typeof from !== 'string' || typeof to !== 'string') continue;
    const part = { from, to, amounts };
    if (from === to) fail(`${field}.to`, 'must not be the same as from');
    else if (hours.some((other) => overlap(part, other))) fail(field, 'overlaps hours that stand before it');
    else hours.push(part);
  }
  return hours.sort((a, b) => (a.from < b.from ? -1 : 1));
}

function overlap(a: OverrideHours, b: OverrideHours): boolean {
  const holds = (part: OverrideHours, minute: string): boolean =>
    isWithinHours({ fromMs: msOf(part.from), toMs: msOf(part.to) }, msOf(minute));
  return holds(a, b.from) || holds(b, a.from);
}

/** `HH:MM` → milliseconds of the day. */
function msOf(time: string): number {
  return (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * MINUTE_MS;
}

function readParts(
  value: unknown,
  name: string,
  keys: readonly string[],
  fail: Fail
): readonly { readonly item: Readonly<Record<string, unknown>>; readonly field: string; readonly amounts: Amounts }[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > MAX_PARTS) {
    fail(name, `must be a list of at most ${MAX_PARTS}`);
    return [];
  }
  return (value as unknown[]).flatMap((item, at) => {
    const field = `${name}[${at}]`;
    if (!isRecord(item)) {
      fail(field, `must be an object with ${keys.join(', ')} and price`);
      return [];
    }
    for (const key of Object.keys(item))
      if (![...keys, 'price'].includes(key)) fail(`${field}.${key.slice(0, MAX_MODEL_CHARS)}`, 'is not known');
    const { price } = item;
    if (isRecord(price) && Object.keys(price).length > 0)
      return [{ item, field, amounts: readAmounts(price, `${field}.price`, fail) }];
    fail(`${field}.price`, 'must name at least one unit');
    return [{ item, field, amounts: {} }];
  });
}

type Amounts = Readonly<Record<string, string>>;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
