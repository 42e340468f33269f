import { parse } from 'yaml';
import { apiOptions, createAskApi, type AskApi } from './ask-api.ts';
import { UsageError, type CliContext, type Command } from './command.ts';
import { readDays } from './read-days.ts';
import { readOptions } from './read-options.ts';
import { draftOptions, readDraft } from './read-price-options.ts';
import { writeTable } from './write-table.ts';

const POLL_MS = 500;
const DAY_MS = 86_400_000;
const MAX_LISTED = 1_000;
/** As the API takes at a time. */
const MAX_DAYS = 800;

const scopeOptions = {
  ...apiOptions,
  from: { type: 'string' },
  to: { type: 'string' },
  provider: { type: 'string' },
  model: { type: 'string' },
} as const;

interface Scope {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
}

interface Run {
  readonly id: string;
  readonly state: string;
  readonly examined: number;
  readonly amended: number;
  readonly difference_usd: string;
  readonly failure: string;
}

/** The scope as the API takes it, whose last day is the first that is no longer meant; today is in unless said otherwise. */
function scopeOf({ from, to, provider, model }: Scope, { now }: CliContext) {
  const days = readDays({ from, to }, new Date(now()).toISOString().slice(0, 10), MAX_DAYS);
  return {
    from: days.from,
    to: days.end,
    ...(provider === undefined ? {} : { provider }),
    ...(model === undefined ? {} : { model }),
  };
}

/** `--to` ended before its day once; whoever still writes it so sees what is meant. */
function tellDays({ from, to }: { readonly from: string; readonly to: string }, { remark }: CliContext): void {
  const last = new Date(Date.parse(to) - DAY_MS).toISOString().slice(0, 10);
  remark(`UTC days ${from} to ${last}, both included`);
}

async function list(args: readonly string[], context: CliContext): Promise<number> {
  const { values } = readOptions(args, {
    ...apiOptions,
    provider: { type: 'string' },
    model: { type: 'string' },
    own: { type: 'boolean', default: false },
  });
  const ask = createAskApi(values, context);
  if (values.own) return listOwn(ask, context);
  const rows: (string | number)[][] = [
    ['provider', 'model', 'unit', 'usd/million', 'above tokens', 'from', 'to', 'price id', 'source'],
  ];
  for (const item of await askPages<string>(ask, '/prices', { provider: values.provider, model: values.model }))
    rows.push(
      [
        'provider',
        'model',
        'unit',
        'usd_per_million',
        'tier_start_tokens',
        'valid_from',
        'valid_to',
        'price_id',
        'source',
      ].map((name) => item[name] ?? '')
    );
  for (const line of writeTable(rows)) context.answer(line);
  return 0;
}

async function listOwn(ask: AskApi, { answer }: CliContext): Promise<number> {
  const calls = ['id', 'provider', 'model', 'region', 'service_tier', 'valid_from', 'valid_to'];
  const amounts = ['kind', 'amounts', 'tiers', 'hours', 'gpus', 'parallel_calls', 'currency', 'usd_rate', 'rate_date'];
  const names = [...calls, ...amounts, 'source', 'note'];
  const rows = (await askPages<unknown>(ask, '/prices/overrides', {})).map((item) =>
    names.map((name) => cellOf(item[name]))
  );
  for (const line of writeTable([names, ...rows])) answer(line);
  return 0;
}

function cellOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return Array.isArray(value) && value.length === 0 ? '' : JSON.stringify(value);
}

/** All items of a list, page by page. */
async function askPages<V>(
  ask: AskApi,
  path: string,
  query: Readonly<Record<string, string | undefined>>
): Promise<readonly Readonly<Record<string, V>>[]> {
  const items: Readonly<Record<string, V>>[] = [];
  let cursor: string | null | undefined;
  for (let page = 0; cursor !== null && page < MAX_LISTED; page++) {
    const asked = new URLSearchParams({ limit: String(MAX_LISTED) });
    for (const [name, value] of Object.entries({ ...query, cursor })) if (value !== undefined) asked.set(name, value);
    const answer: { readonly items: readonly Readonly<Record<string, V>>[]; readonly next_cursor: string | null } =
      await ask('GET', `${path}?${asked.toString()}`);
    items.push(...answer.items);
    cursor = answer.next_cursor;
  }
  return items;
}

async function explain(args: readonly string[], context: CliContext): Promise<number> {
  const { values, positionals } = readOptions(args, apiOptions, 2);
  const [traceId, spanId] = positionals;
  if (traceId === undefined || spanId === undefined) throw new UsageError('say which span: TRACE_ID SPAN_ID');
  const { answer } = context;
  const query = new URLSearchParams({ trace_id: traceId, span_id: spanId }).toString();
  const span = await createAskApi(values, context)<{
    readonly provider: string;
    readonly request_model: string;
    readonly response_model: string;
    readonly cost_usd: string;
    readonly cost_state: string;
    readonly price_id: string;
    readonly reported_cost_usd: string;
    readonly same: boolean;
    readonly by_prices_now: {
      readonly cost_usd: string;
      readonly cost_state: string;
      readonly price_id: string;
      readonly service_tier: string;
      readonly lines: readonly Readonly<Record<string, string | number>>[];
    };
  }>('GET', `/prices/explain?${query}`);
  const now = span.by_prices_now;
  answer(`${span.provider} ${span.response_model || span.request_model}`);
  answer(`stored: ${span.cost_usd} USD, ${span.cost_state}, price ${span.price_id || 'none'}`);
  if (span.reported_cost_usd !== '0') answer(`claimed by the instrumentation: ${span.reported_cost_usd} USD`);
  answer(`by the prices in force: ${now.cost_usd} USD, ${now.cost_state}, price ${now.price_id || 'none'}`);
  if (now.service_tier !== '') answer(`service tier: ${now.service_tier}`);
  const names = ['unit', 'quantity', 'usd_per_million', 'cost_usd', 'part'];
  if (now.lines.length > 0)
    for (const line of writeTable([names, ...now.lines.map((each) => names.map((name) => each[name] ?? ''))]))
      answer(line);
  if (!span.same) answer('The prices have changed since: spanledger prices diff shows what re-pricing would do.');
  return 0;
}

async function diff(args: readonly string[], context: CliContext): Promise<number> {
  const { values } = readOptions(args, { ...scopeOptions, file: { type: 'string' }, id: { type: 'string' } });
  const override =
    values.file === undefined ? undefined : { ...readFileDraft(values.file, context), id: values.id ?? 'proposed' };
  const scope = scopeOf(values, context);
  tellDays(scope, context);
  const answer = await createAskApi(values, context)<{
    readonly cost_usd: string;
    readonly new_cost_usd: string;
    readonly difference_usd: string;
    readonly changed_calls: number;
    readonly calls: number;
    readonly estimate: boolean;
    readonly lines: readonly Readonly<Record<string, unknown>>[];
  }>('POST', '/prices/diff', { ...scope, ...(override === undefined ? {} : { override }) });
  const names = ['day', 'provider', 'model', 'department', 'calls', 'cost_usd', 'new_cost_usd', 'difference_usd'];
  const rows = answer.lines.map((line) => [
    ...names.map((name) => String(line[name])),
    line.estimate === true ? '≈' : '',
  ]);
  if (rows.length > 0) for (const line of writeTable([[...names, ''], ...rows])) context.answer(line);
  context.answer(
    `${answer.changed_calls} of ${answer.calls} calls change: ${answer.cost_usd} → ${answer.new_cost_usd} USD (${answer.difference_usd})`
  );
  if (answer.estimate)
    context.answer('≈ is an estimate: rounding, fees, long contexts, regions or machine time are known per call only.');
  return 0;
}

function readFileDraft(path: string, context: CliContext): Readonly<Record<string, unknown>> {
  let content: unknown;
  try {
    content = parse(context.readFile(path));
  } catch (error) {
    throw new Error(`${path} cannot be read as YAML or JSON (${error instanceof Error ? error.name : 'fault'})`);
  }
  if (typeof content !== 'object' || content === null)
    throw new Error(`${path} must hold one price, as docs/prices.md shows`);
  return content as Readonly<Record<string, unknown>>;
}

async function set(args: readonly string[], context: CliContext): Promise<number> {
  const { values, positionals } = readOptions(
    args,
    { ...apiOptions, ...draftOptions, file: { type: 'string' }, 'reprice-from': { type: 'string' } },
    1
  );
  const [id] = positionals;
  if (id === undefined) throw new UsageError('say which price: an id of your own, such as gpt-4o-contract');
  const draft = values.file === undefined ? readDraft(values) : readFileDraft(values.file, context);
  const from = values['reprice-from'];
  const ask = createAskApi(values, context);
  const body = { ...draft, ...(from === undefined ? {} : { reprice: scopeOf({ from }, context) }) };
  const answer = await ask<{ readonly price_id: string; readonly reprice: Run | null }>(
    'PUT',
    `/prices/overrides/${encodeURIComponent(id)}`,
    body
  );
  context.answer(`${answer.price_id} is in force; other collectors follow within 10 seconds`);
  if (from === undefined) return 0;
  if (answer.reprice === null)
    throw new Error('spans are being re-priced already: run prices reprice when that is done');
  return waitFor(ask, answer.reprice, context);
}

async function unset(args: readonly string[], context: CliContext): Promise<number> {
  const { values, positionals } = readOptions(args, apiOptions, 1);
  const [id] = positionals;
  if (id === undefined) throw new UsageError('say which price: the id that spanledger prices list --own shows');
  await createAskApi(values, context)('DELETE', `/prices/overrides/${encodeURIComponent(id)}`);
  context.answer(`withdrew ${id}; stored spans keep their cost until prices reprice`);
  return 0;
}

async function reprice(args: readonly string[], context: CliContext): Promise<number> {
  const { values } = readOptions(args, scopeOptions);
  const ask = createAskApi(values, context);
  const scope = scopeOf(values, context);
  tellDays(scope, context);
  return waitFor(ask, await ask<Run>('POST', '/prices/reprice', scope), context);
}

/** The run goes on without us: a command that is stopped stops nothing. */
async function waitFor(ask: AskApi, started: Run, { answer, remark }: CliContext): Promise<number> {
  remark(`run ${started.id} has begun`);
  let run: Run | undefined = started;
  while (run?.state === 'running') {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    const { items } = await ask<{ readonly items: readonly Run[] }>('GET', '/prices/reprice');
    run = items.find(({ id }) => id === started.id);
  }
  if (run?.state !== 'done') throw new Error(`run ${started.id} failed: ${run?.failure ?? 'it is not in the log'}`);
  answer(`${run.examined} spans examined, ${run.amended} changed, ${run.difference_usd} USD`);
  return 0;
}

const actions: Readonly<Record<string, (args: readonly string[], context: CliContext) => Promise<number>>> = {
  list,
  explain,
  diff,
  set,
  unset,
  reprice,
};

export const prices: Command = {
  name: 'prices',
  usage: [
    'list [--own] [--provider P] [--model M]',
    'explain TRACE_ID SPAN_ID',
    'diff --from DAY [--to DAY] [--provider P] [--model M] [--file PRICE.yaml]',
    'set ID --file PRICE.yaml | --model M --input USD --output USD … [--above TOKENS:UNIT=USD,…] [--hours HH:MM-HH:MM:UNIT=USD,…] [--reprice-from DAY]',
    'unset ID',
    'reprice --from DAY [--to DAY] [--provider P] [--model M]',
    '(each with [--http URL] [--key KEY]; UTC days, both included, without --to until today; docs/prices.md shows more)',
  ].join('\n'),
  summary: 'Shows, sets and explains prices, and re-prices stored calls',
  run: async ([action = '', ...args], context) => {
    const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (run === undefined) throw new UsageError(`say what to do: ${Object.keys(actions).join(', ')}`);
    return run(args, context);
  },
};
