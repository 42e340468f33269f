import { parseDecimal } from './decimal.ts';
import { MAX_MODEL_CHARS } from './model-id.ts';
import type { OverrideKind, PriceOverride } from './price-override.ts';
import { MAX_AMOUNT, readAmount, readAmounts } from './read-amounts.ts';
import type { Fail } from './read-amounts.ts';
import type { FieldError } from './read-calculate-body.ts';
import { readPriceParts } from './read-price-parts.ts';

/** What somebody writes; who, when, where and which version are added by what keeps it. */
export type OverrideDraft = Omit<PriceOverride, 'version' | 'source' | 'updatedBy' | 'updatedAtMs' | 'workspace'>;

const MAX_NOTE_CHARS = 1_000;
const MAX_MACHINES = 1_000_000;
const SECONDS_PER_HOUR = 3_600n;

const KINDS: readonly OverrideKind[] = ['price', 'percent_off', 'amount_off', 'gpu_hour'];
const TEXTS = ['provider', 'model', 'region', 'service_tier', 'note'] as const;
const OTHERS = ['tiers', 'hours', 'valid_from', 'valid_to', 'currency', 'usd_rate', 'rate_date'] as const;
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Reads an override as JSON or YAML holds it and reports every fault at once. Exactly one of `price` {unit: amount per million},
 * `percent_off`, `amount_off` {unit: amount per million} and `gpu_hour` {price, gpus, parallel_calls} says what it costs; a price names
 * input and output (`"0"` is a price), since nobody should get output for free by forgetting it, and may have `tiers` for long requests
 * or `hours` of the day. Never throws.
 */
export function readOverride(
  id: unknown,
  body: unknown
):
  | { readonly ok: true; readonly draft: OverrideDraft }
  | { readonly ok: false; readonly errors: readonly FieldError[] } {
  const errors: FieldError[] = [];
  const fail: Fail = (field, message) => void errors.push({ field, message });
  if (!isRecord(body)) return { ok: false, errors: [{ field: '', message: 'must be an object' }] };
  for (const name of Object.keys(body))
    if (![...KINDS, ...TEXTS, ...OTHERS, 'id', 'workspace', 'reprice'].includes(name))
      fail(name.slice(0, MAX_MODEL_CHARS), 'is not known');
  if (typeof id !== 'string' || !ID.test(id))
    fail('id', 'must be 1 to 64 letters, digits, dots, dashes and underscores, a letter or digit first');
  const text = (field: string, max: number): string => {
    const value = body[field] ?? '';
    if (typeof value === 'string' && value.length <= max && !hasControls(value)) return value.trim();
    fail(field, `must be a text of at most ${max} characters`);
    return '';
  };
  const day = (field: string): string => {
    const value = body[field] ?? '';
    if (value === '') return '';
    if (typeof value === 'string' && DAY.test(value) && isDay(value)) return value;
    fail(field, 'must be a UTC day, YYYY-MM-DD');
    return '';
  };
  const kinds = KINDS.filter((kind) => body[kind] !== undefined);
  if (kinds.length !== 1) fail('', `must hold exactly one of ${KINDS.join(', ')}`);
  const kind = kinds[0] ?? 'price';
  const currency = body['currency'] ?? 'USD';
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency))
    fail('currency', 'must be an ISO 4217 code such as EUR');
  const usdRate = currency === 'USD' ? '1' : (readAmount(body['usd_rate'], 'usd_rate', fail) ?? '1');
  if (currency === 'USD' && body['usd_rate'] !== undefined && body['usd_rate'] !== '1')
    fail('usd_rate', 'must not be set for USD');
  if (usdRate === '0') fail('usd_rate', 'must not be 0');
  const rateDate = day('rate_date');
  if (currency !== 'USD' && rateDate === '') fail('rate_date', 'must say of which day usd_rate is');
  const draft: OverrideDraft = {
    id: typeof id === 'string' ? id : '',
    provider: text('provider', MAX_MODEL_CHARS),
    model: text('model', MAX_MODEL_CHARS),
    region: text('region', MAX_MODEL_CHARS),
    serviceTier: text('service_tier', MAX_MODEL_CHARS),
    validFrom: day('valid_from'),
    validTo: day('valid_to'),
    kind,
    ...termsOf(kind, body[kind], fail),
    ...readPriceParts(body, fail),
    currency: typeof currency === 'string' ? currency : '',
    usdRate,
    rateDate,
    note: text('note', MAX_NOTE_CHARS),
  };
  if (draft.validFrom !== '' && draft.validTo !== '' && draft.validFrom >= draft.validTo)
    fail('valid_to', 'must be later than valid_from');
  if (draft.model === '' && (kind === 'price' || kind === 'gpu_hour'))
    fail('model', `must name a model: ${kind} for every model would price all of them alike`);
  if (errors.length === 0) checkRange(draft, fail);
  return errors.length === 0 ? { ok: true, draft } : { ok: false, errors };
}

function termsOf(
  kind: OverrideKind,
  value: unknown,
  fail: Fail
): Pick<OverrideDraft, 'amounts' | 'gpus' | 'parallelCalls'> {
  const machines = { gpus: 1, parallelCalls: 1 };
  if (value === undefined) return { amounts: {}, ...machines };
  if (kind === 'percent_off') {
    const percent = readAmount(value, kind, fail) ?? '1';
    if (Number(percent) > 100 || percent === '0') fail(kind, 'must be more than 0 and at most 100');
    return { amounts: { all: percent }, ...machines };
  }
  if (!isRecord(value)) {
    fail(kind, 'must be an object');
    return { amounts: {}, ...machines };
  }
  if (kind === 'gpu_hour') {
    const whole = (name: string): number => {
      const found = value[name] ?? 1;
      if (typeof found === 'number' && Number.isInteger(found) && found >= 1 && found <= MAX_MACHINES) return found;
      fail(`${kind}.${name}`, `must be a whole number from 1 to ${MAX_MACHINES}`);
      return 1;
    };
    for (const name of Object.keys(value))
      if (!['price', 'gpus', 'parallel_calls'].includes(name))
        fail(`${kind}.${name.slice(0, MAX_MODEL_CHARS)}`, 'is not known');
    return {
      amounts: { gpu_second: readAmount(value['price'], `${kind}.price`, fail) ?? '0' },
      gpus: whole('gpus'),
      parallelCalls: whole('parallel_calls'),
    };
  }
  const amounts = readAmounts(value, kind, fail);
  if (kind === 'amount_off' && Object.keys(value).length === 0) fail(kind, 'must name at least one unit');
  if (kind === 'price')
    for (const unit of ['input', 'output'])
      if (value[unit] === undefined) fail(`price.${unit}`, 'is missing; write "0" if it costs nothing');
  return { amounts, ...machines };
}

/** The table's US dollars per million have six digits before the point. */
function checkRange({ kind, amounts, tiers = [], hours = [], usdRate }: OverrideDraft, fail: Fail): void {
  if (kind === 'percent_off') return;
  const rate = parseDecimal(usdRate)!;
  const check = (field: string, unit: string, text: string): void => {
    const amount = parseDecimal(text)!;
    const perMillion = kind === 'gpu_hour' ? amount.numerator * 1_000_000n : amount.numerator;
    const divisor = amount.denominator * rate.denominator * (kind === 'gpu_hour' ? SECONDS_PER_HOUR : 1n);
    if (perMillion * rate.numerator > MAX_AMOUNT * divisor)
      fail(kind === 'gpu_hour' ? 'gpu_hour.price' : `${field}.${unit}`, 'is too large in US dollars');
  };
  for (const [unit, text] of Object.entries(amounts)) check(kind, unit, text);
  const parts = [...tiers.map((tier) => ['tiers', tier] as const), ...hours.map((part) => ['hours', part] as const)];
  for (const [field, part] of parts) for (const [unit, text] of Object.entries(part.amounts)) check(field, unit, text);
}

function isDay(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === text;
}

function hasControls(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
