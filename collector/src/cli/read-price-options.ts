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
const UNITS = [
  'input',
  'output',
  'cache-read',
  'cache-write',
  'cache-write-1h',
  'reasoning',
  'audio-input',
  'audio-output',
  'request',
] as const;
const OTHERS = ['percent-off', 'gpu-hour', 'gpus', 'parallel-calls'] as const;

type Name = (typeof TEXTS)[number] | (typeof UNITS)[number] | (typeof OTHERS)[number];

/** Options that make up a price; those of a unit are prices per million, or with --off what is taken off. */
export const draftOptions = {
  ...(Object.fromEntries([...TEXTS, ...UNITS, ...OTHERS].map((name) => [name, { type: 'string' }])) as Record<
    Name,
    { readonly type: 'string' }
  >),
  off: { type: 'boolean', default: false },
} as const;

/** The body of `PUT /api/v1/prices/overrides/{id}` that options make. Throws UsageError for what the API could not understand. */
export function readDraft(
  values: Readonly<Partial<Record<Name, string | undefined>>> & { readonly off?: boolean }
): Record<string, unknown> {
  const snake = (name: string): string => name.replaceAll('-', '_');
  const chosen = (names: readonly Name[]): Record<string, string> =>
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
    ...(Object.keys(units).length === 0 ? {} : { [values.off === true ? 'amount_off' : 'price']: units }),
    ...chosen(['percent-off']),
    ...(values['gpu-hour'] === undefined
      ? {}
      : { gpu_hour: { price: values['gpu-hour'], ...whole('gpus'), ...whole('parallel-calls') } }),
  };
}
