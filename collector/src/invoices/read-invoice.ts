import { CsvError, parse } from 'csv-parse/sync';
import { parsePico } from '../price/decimal.ts';
import { detectFormat } from './invoice-format.ts';
import type { InvoiceFormat } from './invoice-format.ts';
import type { InvoiceClass, InvoiceLine } from './invoice-line.ts';

/** A month of a large organisation, per key and model, is some 100,000 rows of 300 characters. */
const MAX_FILE_CHARS = 128 * 1024 * 1024;
const MAX_ROW_CHARS = 64 * 1024;
const MAX_TEXT_CHARS = 256;
/** Faults that are told; the rest is counted. */
const MAX_FAULTS = 20;
/** What columns may be divided by: that of these which the header has most of. */
const DELIMITERS = [',', ';', '\t'];
/** Far more than anybody was ever billed in one line, in pico-dollars. */
const MAX_LINE_PICO = 10n ** 12n * 10n ** 12n;
const STANDARD = new Set(['', 'standard', 'default', 'message', 'false', 'auto', 'not_available', 'none', 'n/a', '0']);
const TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?(?:Z|([+-]\d{2}):?(\d{2}))?)?$/i;
/** Commas between thousands only: in `1,5` the comma may be a decimal one. */
const THOUSANDS = /^\d{1,3}(?:,\d{3})+(?=\.|$)/;
const COUNT = /^\d+(?:\.0*)?$/;

export interface ReadInvoice {
  readonly format: InvoiceFormat;
  readonly lines: readonly InvoiceLine[];
  /** Rows of the file; those without a quantity and an amount are empty days. */
  readonly rows: number;
  readonly emptyRows: number;
}

type Row = Readonly<Record<string, string>>;

/**
 * Reads an export: CSV with a header, in a known format or in the one given. Rows are summed per day, model, tier and class.
 * Throws an error whose message lists what is wrong, by its line in the file: an invoice is read whole or not at all.
 */
export function readInvoice(text: string, given?: InvoiceFormat): ReadInvoice {
  if (text.length > MAX_FILE_CHARS)
    throw new Error(`the file is larger than ${MAX_FILE_CHARS / 1024 / 1024} MiB: split it by month`);
  const { columns, rows } = parseRows(text);
  const format = given ?? detectFormat(columns);
  if (format === undefined) {
    throw new Error('the columns are those of no known export (OpenAI and Anthropic, usage and cost): give --mapping');
  }
  const wanted = [
    format.day,
    format.model,
    ...(format.tiers ?? []),
    ...Object.values(format.quantities ?? {}),
    ...[format.cost, format.currency, format.class].filter((column) => column !== undefined),
  ];
  const missing = given === undefined ? [] : wanted.filter((column) => !columns.has(column));
  if (missing.length > 0) throw new Error(`the file has no column ${missing.join(', ')}`);
  const faults: string[] = [];
  const lines = new Map<string, InvoiceLine>();
  let emptyRows = 0;
  for (const { row, line } of rows) {
    try {
      const read = readRow(row, format);
      if (read.length === 0) emptyRows += 1;
      for (const each of read) addLine(lines, each);
    } catch (error) {
      faults.push(`row ${line}: ${error instanceof Error ? error.message : 'cannot be read'}`);
    }
  }
  if (faults.length > 0) {
    const more = faults.length > MAX_FAULTS ? [`and ${faults.length - MAX_FAULTS} more`] : [];
    throw new Error(['the file was not imported', ...faults.slice(0, MAX_FAULTS), ...more].join('\n  '));
  }
  return { format, lines: [...lines.values()], rows: rows.length, emptyRows };
}

interface ParsedFile {
  readonly columns: ReadonlySet<string>;
  /** Each with the line of the file that it ends at. */
  readonly rows: readonly { readonly row: Row; readonly line: number }[];
}

function parseRows(text: string): ParsedFile {
  if (text.includes('\0')) throw new Error('the file is not text in UTF-8: save it as CSV UTF-8');
  let names: readonly string[] = [];
  const header = (cells: readonly string[]): string[] => {
    names = cells.map((name) => name.trim().toLowerCase());
    return [...names];
  };
  let rows: ParsedFile['rows'];
  try {
    rows = parse(text, {
      bom: true,
      columns: header,
      delimiter: delimiterOf(text),
      skip_empty_lines: true,
      trim: true,
      max_record_size: MAX_ROW_CHARS,
      on_record: (row: Row, { lines: line }) => ({ row, line }),
    });
  } catch (error) {
    // The parser's own messages quote the row.
    throw new Error(`the file is not CSV${error instanceof CsvError ? faultOf(error) : ''}`, { cause: error });
  }
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`the file has two columns ${twice.slice(0, MAX_TEXT_CHARS)}`);
  return { columns: new Set(names), rows };
}

function delimiterOf(text: string): string {
  const header = text
    .slice(0, MAX_ROW_CHARS)
    .trimStart()
    .split(/[\r\n]/, 1)[0]!;
  const count = (delimiter: string): number => header.split(delimiter).length;
  return DELIMITERS.reduce((best, each) => (count(each) > count(best) ? each : best));
}

function faultOf(error: CsvError): string {
  const { lines } = error as CsvError & { readonly lines?: unknown };
  return ` (${error.code}${typeof lines === 'number' ? `, line ${lines}` : ''})`;
}

function readRow(row: Row, format: InvoiceFormat): readonly InvoiceLine[] {
  const amounts: { class: InvoiceClass; quantity: number; costPico: bigint; model: string; tier: string }[] = [];
  const [name, said] =
    format.lineItem === true
      ? splitLineItem(row[format.model] ?? '')
      : [row[format.model] ?? '', row[format.class ?? ''] ?? ''];
  let tier = tierOf(row, format.tiers ?? []);
  if (format.cost !== undefined) {
    const text = row[format.cost] ?? '';
    if (text === '') return [];
    const costPico = parsePico(withoutThousands(text.replace(/^(-?)\$/, '$1')));
    if (costPico === undefined) throw new Error('the amount is not a decimal number such as -1234.56');
    if (costPico > MAX_LINE_PICO || costPico < -MAX_LINE_PICO) throw new Error('the amount is too large');
    const currency = format.currency === undefined ? 'usd' : (row[format.currency] ?? '').toLowerCase();
    if (currency !== 'usd' && costPico !== 0n) throw new Error('the amount is not in US dollars');
    const [label, marked] = withoutTier(said.toLowerCase());
    if (marked !== '') tier = marked;
    const known =
      format.classes !== undefined && Object.hasOwn(format.classes, label) ? format.classes[label] : undefined;
    amounts.push({ class: known ?? 'other', quantity: 0, costPico, model: name, tier });
  }
  const counts = new Map<InvoiceClass, number>();
  for (const [each, column] of Object.entries(format.quantities ?? {}) as [InvoiceClass, string][])
    counts.set(each, countOf(row[column] ?? ''));
  if (format.inputIncludesCached === true) {
    const cached =
      (counts.get('cache_read') ?? 0) + (counts.get('cache_write') ?? 0) + (counts.get('cache_write_1h') ?? 0);
    const input = (counts.get('input') ?? 0) - cached;
    if (input < 0) throw new Error('more cached tokens than input tokens');
    counts.set('input', input);
  }
  for (const [each, quantity] of counts)
    if (quantity > 0) amounts.push({ class: each, quantity, costPico: 0n, model: name, tier });
  if (amounts.length === 0) return [];
  const day = dayOf(row[format.day] ?? '');
  // Whoever leaves the model out of an export of quantities has nothing to compare with.
  if (name === '' && format.quantities !== undefined)
    throw new Error('quantities without a model: export them by model');
  if (name.length > MAX_TEXT_CHARS || tier.length > MAX_TEXT_CHARS) throw new Error('the model or tier is too long');
  return amounts.map((amount) => ({ day, ...amount }));
}

/** `gpt-4o-mini-2024-07-18, cached input` and `web search | gpt-4o` → model and class; a line without either is a fee and its own name. */
function splitLineItem(text: string): readonly [string, string] {
  const bar = text.lastIndexOf(' | ');
  if (bar >= 0) return [text.slice(bar + 3), text.slice(0, bar)];
  const comma = text.lastIndexOf(', ');
  return comma < 0 ? [text, ''] : [text.slice(0, comma), text.slice(comma + 2)];
}

/** `batch cached input` → `cached input`, `batch`. */
function withoutTier(label: string): readonly [string, string] {
  const tier = ['batch', 'flex', 'priority', 'fast'].find(
    (each) => label.startsWith(`${each} `) || label.endsWith(` (${each})`)
  );
  if (tier === undefined) return [label, ''];
  return [label.replace(`${tier} `, '').replace(` (${tier})`, ''), tier];
}

function tierOf(row: Row, columns: readonly string[]): string {
  for (const column of columns) {
    const text = (row[column] ?? '').toLowerCase();
    if (STANDARD.has(text)) continue;
    return text === 'true' || text === '1' ? column : text;
  }
  return 'standard';
}

function countOf(text: string): number {
  if (text === '') return 0;
  const digits = withoutThousands(text);
  const count = COUNT.test(digits) ? Number(digits) : NaN;
  if (!Number.isSafeInteger(count))
    throw new Error('a quantity is not a whole number in digits (spreadsheets write 1.2E+06 and lose the rest)');
  return count;
}

function withoutThousands(text: string): string {
  const sign = text.startsWith('-') ? '-' : '';
  const unsigned = text.slice(sign.length);
  return THOUSANDS.test(unsigned) ? `${sign}${unsigned.replaceAll(',', '')}` : text;
}

/** The UTC day. */
function dayOf(text: string): string {
  if (/^\d{9,11}$/.test(text)) return new Date(Number(text) * 1000).toISOString().slice(0, 10);
  const [, day = '', time = '00:00', hours = '+00', minutes = '00'] = TIME.exec(text) ?? [];
  const exists = day !== '' && dayIn(`${day}T00:00Z`) === day;
  const utc = exists ? dayIn(`${day}T${time}${hours}:${minutes}`) : undefined;
  if (utc === undefined) throw new Error('the day is not a date (YYYY-MM-DD) that exists, a time or Unix seconds');
  return utc;
}

function dayIn(time: string): string | undefined {
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString().slice(0, 10);
}

function addLine(lines: Map<string, InvoiceLine>, line: InvoiceLine): void {
  const key = `${line.day}\n${line.model}\n${line.tier}\n${line.class}`;
  const before = lines.get(key);
  if (before === undefined) lines.set(key, line);
  else
    lines.set(key, { ...before, quantity: before.quantity + line.quantity, costPico: before.costPico + line.costPico });
}
