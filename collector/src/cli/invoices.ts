import { readConfig } from '../config.ts';
import { formatDriftCsv, formatReconciliation } from '../invoices/format-drift.ts';
import { readMapping } from '../invoices/invoice-format.ts';
import { readInvoiceTotals, readSpanTotals, storeInvoice } from '../invoices/invoice-store.ts';
import { readInvoice } from '../invoices/read-invoice.ts';
import { reconcile } from '../invoices/reconcile.ts';
import { loadPriceData } from '../price/load-price-data.ts';
import { createMatchModel } from '../price/match-model.ts';
import { createPriceBook } from '../price/price-book.ts';
import { priceProvider } from '../price/price-provider.ts';
import { connect } from '../write/connect.ts';
import { UsageError, type CliContext, type Command } from './command.ts';
import { readDays } from './read-days.ts';
import { readOptions } from './read-options.ts';
import { storeUrl } from './store-url.ts';

const MAX_DAYS = 400;
const DEFAULT_TOLERANCE_PERCENT = '1';
const SCOPE_OPTIONS = {
  provider: { type: 'string' },
  workspace: { type: 'string', default: 'default' },
  account: { type: 'string', default: '' },
  sql: { type: 'string' },
} as const;

function providerOf(name: string): string {
  const [seller] = priceProvider(name).sellers;
  if (seller === undefined)
    throw new UsageError(
      `${name} is no provider of the price data; try openai, anthropic, google, aws, azure, mistral …`
    );
  return seller;
}

async function importFile(args: readonly string[], context: CliContext): Promise<number> {
  const { values, positionals } = readOptions(args, { ...SCOPE_OPTIONS, mapping: { type: 'string' } }, 1);
  const [file] = positionals;
  if (file === undefined) throw new UsageError('name the file to import');
  const text = readText(context, file);
  const mapping = values.mapping === undefined ? undefined : readMapping(readText(context, values.mapping));
  const { format, lines, rows, emptyRows } = readInvoice(text, mapping);
  const named = values.provider ?? format.provider;
  if (named === '') throw new UsageError('name the provider: --provider openai');
  const scope = { workspace: values.workspace, account: values.account, provider: providerOf(named) };
  const client = connect(storeUrl(values.sql, readConfig(context.environment, context.readFile)));
  try {
    if (lines.length > 0) await storeInvoice(client, scope, format.kind, lines, { text, now: context.now() });
  } finally {
    await client.close();
  }
  const days = lines.map(({ day }) => day).sort();
  const period = days.length === 0 ? 'no day' : `${days[0]} to ${days.at(-1)}`;
  context.answer(
    `imported ${rows} rows as ${lines.length} lines (${format.name}, ${format.kind} of ${scope.provider}, ${period})${emptyRows > 0 ? `, ${emptyRows} rows were empty` : ''}`
  );
  return 0;
}

async function compareWithSpans(args: readonly string[], context: CliContext): Promise<number> {
  const { values } = readOptions(args, {
    ...SCOPE_OPTIONS,
    from: { type: 'string' },
    to: { type: 'string' },
    tolerance: { type: 'string', default: DEFAULT_TOLERANCE_PERCENT },
    csv: { type: 'boolean', default: false },
  });
  if (values.provider === undefined) throw new UsageError('name the provider: --provider openai');
  const { from, to } = readDays(values, undefined, MAX_DAYS);
  const days = { from, to };
  const tolerance = Number(values.tolerance);
  if (!(tolerance >= 0 && tolerance <= 100)) throw new UsageError('--tolerance must be a percentage from 0 to 100');
  const scope = { workspace: values.workspace, account: values.account, provider: providerOf(values.provider) };
  const config = readConfig(context.environment, context.readFile);
  const match = createMatchModel(createPriceBook(await loadPriceData()), config.modelDeployments);
  const client = connect(storeUrl(values.sql, config));
  try {
    const invoice = await readInvoiceTotals(client, scope, days, match);
    if (invoice.length === 0) {
      context.remark(
        `there is no invoice of ${scope.provider} for these days in workspace ${scope.workspace}: import one first`
      );
      return 1;
    }
    const result = reconcile(invoice, await readSpanTotals(client, scope, days, match), tolerance);
    for (const line of values.csv ? formatDriftCsv(result.drifting) : formatReconciliation(result))
      context.answer(line);
    return 0;
  } finally {
    await client.close();
  }
}

function readText(context: CliContext, path: string): string {
  try {
    return context.readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown fault';
    throw new Error(`${path} cannot be read (${code})`, { cause: error });
  }
}

/** Imports what providers say they billed and shows where it differs from what the spans cost, and why that probably is. */
export const invoices: Command = {
  name: 'invoices',
  usage:
    'import FILE [--provider NAME] [--workspace NAME] [--account NAME] [--mapping FILE] [--sql URL]\n' +
    'reconcile --provider NAME --from DAY [--to DAY] [--workspace NAME] [--account NAME] [--tolerance PERCENT] [--csv] [--sql URL]\n' +
    '(UTC days, both included; without --to one day)',
  summary: 'Compares the usage and cost exports of providers with the spans',
  run: (args, context) => {
    const [action, ...rest] = args;
    if (action === 'import') return importFile(rest, context);
    if (action === 'reconcile') return compareWithSpans(rest, context);
    throw new UsageError('say import or reconcile');
  },
};
