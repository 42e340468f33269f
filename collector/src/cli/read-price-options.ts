import { PRICE_UNITS, UNIT_FACTS } from '../price/price-units.ts';
import { UsageError } from './command.ts';

const TEXTS = [
  'provider',
  'model',
  'region',
  'service-tier',
  'valid-from',
  'valid-to',
  'currency',
  'usd-rate',
  'rate-date',
  'note',
] as const;
/** Every unit that has a price, as options are written. */
const UNITS: readonly string[] = PRICE_UNITS.map((unit) => UNIT_FACTS[unit].name.replaceAll('_', '-'));
const OTHERS = ['percent-off', 'gpu-hour', 'gpus', 'parallel-calls'] as const;
const AMOUNT = /^([a-z0-9][a-z0-9_-]*)=([^=]+)$/;

/** Options that make up a price; those of a unit are prices per million, or with --off what is taken off. */
export const draftOptions = {
  ...(Object.fromEntries([...TEXTS, ...UNITS, ...OTHERS].map((name) => [name, { type: 'string' }])) as Record<
    string,
    { readonly type: 'string' }
  >),
  above: { type: 'string', multiple: true },
  hours: { type: 'string', multiple: true },
  off: { type: 'boolean', default: false },
} as const;

/** The body of `PUT /api/v1/prices/overrides/{id}` that options make. Throws UsageError for what the API could not understand. */
export function readDraft(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const values = options as Readonly<Record<string, string | undefined>>;
  const snake = (name: string): string => name.replaceAll('-', '_');
  const chosen = (names: readonly string[]): Record<string, string> =>
    Object.fromEntries(
      names.flatMap((name) => (values[name] === undefined ? [] : [[snake(name), values[name]] as const]))
    );
  const whole = (name: 'gpus' | 'parallel-calls'): Record<string, number> => {
    const text = values[name];
    if (text === undefined) return {};
    if (!/^\d{1,7}$/.test(text)) throw new UsageError(`--${name} must be a whole number`);
    return { [snake(name)]: Number(text) };
  };
  const units = chosen(UNITS);
  return {
    ...chosen(TEXTS),
    ...(Object.keys(units).length === 0 ? {} : { [options['off'] === true ? 'amount_off' : 'price']: units }),
    ...partsOf('tiers', options['above'], /^(\d{1,10}):(.+)$/, (above) => ({ above_input_tokens: Number(above) })),
    ...partsOf('hours', options['hours'], /^(\d\d:\d\d)-(\d\d:\d\d):(.+)$/, (from, to) => ({ from, to })),
    ...chosen(['percent-off']),
    ...(values['gpu-hour'] === undefined
      ? {}
      : { gpu_hour: { price: values['gpu-hour'], ...whole('gpus'), ...whole('parallel-calls') } }),
  };
}

/** `200000:input=6,output=22.5` or `16:30-00:30:input=1`, one for each part of the price. */
function partsOf(
  field: 'tiers' | 'hours',
  written: unknown,
  form: RegExp,
  limits: (first: string, second: string) => object
): Record<string, unknown> {
  if (!Array.isArray(written)) return {};
  const parts = (written as string[]).map((text) => {
    const [, first = '', ...rest] = form.exec(text) ?? [];
    const amounts = (rest.at(-1) ?? '').split(',').map((amount) => AMOUNT.exec(amount));
    if (amounts.includes(null))
      throw new UsageError(
        field === 'tiers'
          ? '--above must be written as 200000:input=6,output=22.5'
          : '--hours must be written as 16:30-00:30:input=1,output=2'
      );
    const price = Object.fromEntries(amounts.map((amount) => [amount![1]!.replaceAll('-', '_'), amount![2]!]));
    return { ...limits(first, rest[0] ?? ''), price };
  });
  return { [field]: parts };
}
