import { INVOICE_CLASSES } from './invoice-line.ts';
import type { InvoiceClass, InvoiceKind } from './invoice-line.ts';

/** Which column of an export holds what. Names of columns are compared without case and outer white space. */
export interface InvoiceFormat {
  readonly name: string;
  readonly kind: InvoiceKind;
  /** Provider of the price data; empty = named at the import. */
  readonly provider: string;
  /** A date, an RFC 3339 time or Unix seconds; UTC. */
  readonly day: string;
  /** The model, or with `lineItem` a text `<model>, <class>`. */
  readonly model: string;
  readonly lineItem?: true;
  /** Columns that tell the service tier; the first that says more than standard counts. */
  readonly tiers?: readonly string[];
  /** Quantities by class, each in a column of its own. */
  readonly quantities?: Readonly<Partial<Record<InvoiceClass, string>>>;
  /** True where the column of input counts cached tokens too. */
  readonly inputIncludesCached?: boolean;
  /** The amount, in US dollars; `currency` names a column that must then say USD. */
  readonly cost?: string;
  readonly currency?: string;
  /** Column of the class of an amount, and what its values mean. */
  readonly class?: string;
  readonly classes?: Readonly<Record<string, InvoiceClass>>;
}

/** The exports that are known by their columns: dashboards of OpenAI and of Anthropic's console, 2026-10. */
const INVOICE_FORMATS: readonly InvoiceFormat[] = [
  {
    name: 'openai-usage',
    kind: 'usage',
    provider: 'openai',
    day: 'start_time',
    model: 'model',
    tiers: ['batch', 'service_tier'],
    quantities: {
      input: 'input_tokens',
      cache_read: 'input_cached_tokens',
      output: 'output_tokens',
      audio_input: 'input_audio_tokens',
      audio_output: 'output_audio_tokens',
      requests: 'num_model_requests',
    },
    inputIncludesCached: true,
  },
  {
    name: 'openai-cost',
    kind: 'cost',
    provider: 'openai',
    day: 'start_time',
    model: 'line_item',
    lineItem: true,
    cost: 'amount_value',
    currency: 'amount_currency',
    classes: {
      input: 'input',
      'cached input': 'cache_read',
      'cache write': 'cache_write',
      output: 'output',
      'audio input': 'audio_input',
      'audio output': 'audio_output',
    },
  },
  {
    name: 'anthropic-usage',
    kind: 'usage',
    provider: 'anthropic',
    day: 'usage_date_utc',
    model: 'model_version',
    tiers: ['speed', 'usage_type'],
    quantities: {
      input: 'usage_input_tokens_no_cache',
      cache_read: 'usage_input_tokens_cache_read',
      cache_write: 'usage_input_tokens_cache_write_5m',
      cache_write_1h: 'usage_input_tokens_cache_write_1h',
      output: 'usage_output_tokens',
      searches: 'web_search_count',
    },
    inputIncludesCached: false,
  },
  {
    name: 'anthropic-cost',
    kind: 'cost',
    provider: 'anthropic',
    day: 'usage_date_utc',
    model: 'model',
    tiers: ['speed', 'usage_type'],
    cost: 'cost_usd',
    class: 'token_type',
    classes: {
      input_no_cache: 'input',
      input_cache_read: 'cache_read',
      input_cache_write_5m: 'cache_write',
      input_cache_write_1h: 'cache_write_1h',
      output: 'output',
    },
  },
];

/** The columns a format cannot do without. */
function neededColumns(format: InvoiceFormat): readonly string[] {
  const quantities = Object.values(format.quantities ?? {}).slice(0, 1);
  return [format.day, format.model, ...quantities, ...(format.cost === undefined ? [] : [format.cost])];
}

/** The known format that an export has, by the names of its columns (lower case); `undefined` when there is none. */
export function detectFormat(columns: ReadonlySet<string>): InvoiceFormat | undefined {
  return INVOICE_FORMATS.find((format) => neededColumns(format).every((column) => columns.has(column)));
}

/**
 * Reads a mapping of a person's own: JSON with the fields of `InvoiceFormat`; names of columns are put into lower case.
 * Throws an error whose message says what is wrong.
 */
export function readMapping(text: string): InvoiceFormat {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error('the mapping is not JSON');
  }
  if (!isRecord(value)) throw new Error('the mapping must be a JSON object');
  const { day, model, cost, quantities } = value;
  if (typeof day !== 'string' || typeof model !== 'string')
    throw new Error('the mapping must name the columns `day` and `model`');
  if ((cost === undefined) === (quantities === undefined))
    throw new Error('the mapping must name either a column `cost` or columns of `quantities`');
  const known = new Set<string>(INVOICE_CLASSES);
  for (const [field, map] of [
    ['quantities', quantities],
    ['classes', value['classes']],
  ] as const) {
    if (map === undefined) continue;
    if (!isRecord(map)) throw new Error(`\`${field}\` of the mapping must be an object`);
    const classes = field === 'quantities' ? Object.keys(map) : Object.values(map);
    const unknown = classes.find((each) => typeof each !== 'string' || !known.has(each));
    if (unknown !== undefined) throw new Error(`\`${field}\` of the mapping: use ${INVOICE_CLASSES.join(', ')}`);
  }
  const column = (name: unknown): string | undefined => (typeof name === 'string' ? lower(name) : undefined);
  const tiers = Array.isArray(value['tiers'])
    ? value['tiers'].filter((name) => typeof name === 'string').map(lower)
    : [];
  const optional = { cost: column(cost), currency: column(value['currency']), class: column(value['class']) };
  return {
    name: 'mapping',
    kind: cost === undefined ? 'usage' : 'cost',
    provider: typeof value['provider'] === 'string' ? value['provider'] : '',
    day: lower(day),
    model: lower(model),
    ...(value['lineItem'] === true ? { lineItem: true } : {}),
    tiers,
    ...(isRecord(quantities) ? { quantities: lowerValues(quantities) } : {}),
    inputIncludesCached: value['inputIncludesCached'] === true,
    ...Object.fromEntries(Object.entries(optional).filter(([, name]) => name !== undefined)),
    ...(isRecord(value['classes']) ? { classes: value['classes'] as Record<string, InvoiceClass> } : {}),
  };
}

function lowerValues(map: Record<string, unknown>): Partial<Record<InvoiceClass, string>> {
  return Object.fromEntries(Object.entries(map).map(([key, name]) => [key, lower(String(name))]));
}

function lower(name: string): string {
  return name.trim().toLowerCase();
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
