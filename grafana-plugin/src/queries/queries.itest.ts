import { createEncodeRows } from '../../../collector/src/rows/encode-rows.ts';
import { insertTableRows } from '../../../collector/test/support/insert-table-rows.ts';
import { startMigratedStore } from '../../../collector/test/support/start-migrated-store.ts';
import type { Store } from '../../../collector/test/support/start-store.ts';
import { anythingStored, filterOptions, uncounted } from './books.ts';
import { costParts, costTable, spendByChoiceOverTime, spendByModelOverTime, topSpend, unpricedModels } from './cost.ts';
import {
  cachedShareHeadline,
  callsHeadline,
  errorRateHeadline,
  latencyHeadline,
  savingsHeadline,
  spendHeadline,
  tokensHeadline,
  unpricedTokensHeadline,
} from './headlines.ts';
import type { Page } from './testing/fill.ts';
import { fill } from './testing/fill.ts';
import type { Seed } from './testing/seeds.ts';
import { seedSpan } from './testing/seeds.ts';
import { quote } from './sql.ts';
import { topUsers } from './users.ts';

const NOTHING = { others: [], fragments: [], scores: [], findings: [] };
const GPT = { provider: 'openai', requestModel: 'gpt-4o', responseModel: 'gpt-4o' };
const CLAUDE = { provider: 'anthropic', requestModel: 'claude-sonnet-4', responseModel: 'claude-sonnet-4' };
const LLAMA = { provider: 'vllm', requestModel: "o'llama\\", responseModel: '' };
const SALES = { department: 'sales', agentName: 'triage', userId: 'ann' };
const RESEARCH = { department: 'research', userId: 'bob' };

/** The period is 2 March from midnight to midnight UTC; the one before it is 1 March. */
const SEEDS: readonly Seed[] = [
  {
    at: '2026-02-28T23:59:59Z',
    seconds: 9,
    span: { ...SALES, ...GPT },
    usage: { inputTokens: 9 },
    parts: { input: 9 },
  },
  {
    at: '2026-03-01T00:00:00Z',
    seconds: 4,
    span: { ...SALES, ...GPT },
    usage: { inputTokens: 100 },
    parts: { input: 2 },
  },
  {
    at: '2026-03-01T23:59:59Z',
    seconds: 4,
    span: { ...RESEARCH, ...CLAUDE, status: 'error' },
    usage: { inputTokens: 300, cacheReadTokens: 100 },
    parts: { input: 1 },
    savings: 0.5,
  },
  {
    at: '2026-03-02T00:00:00Z',
    seconds: 1,
    span: { ...SALES, ...GPT },
    usage: { inputTokens: 1000, outputTokens: 200, cacheReadTokens: 400 },
    parts: { input: 1.5, output: 0.75, cacheRead: 0.25 },
    savings: 0.125,
  },
  {
    at: '2026-03-02T12:20:00Z',
    seconds: 2,
    span: { ...SALES, ...GPT },
    usage: { inputTokens: 500, outputTokens: 100 },
    parts: { input: 1, request: 0.5 },
  },
  {
    at: '2026-03-02T12:29:59Z',
    seconds: 8,
    span: { ...RESEARCH, ...CLAUDE },
    usage: { inputTokens: 500, outputTokens: 200 },
    parts: { input: 1, output: 1 },
  },
  { at: '2026-03-02T13:00:00Z', seconds: 0.1, span: { ...RESEARCH, ...CLAUDE, status: 'error' }, state: 'not_charged' },
  { at: '2026-03-02T14:00:00Z', seconds: 1, span: { ...RESEARCH, ...GPT }, state: 'no_usage' },
  {
    at: '2026-03-02T23:59:59Z',
    seconds: 3,
    span: LLAMA,
    usage: { inputTokens: 700, outputTokens: 300 },
    state: 'unpriced',
  },
  // Not a call to a model: counts nowhere.
  {
    at: '2026-03-02T12:00:00Z',
    seconds: 30,
    span: { ...SALES, operation: 'invoke_agent', billable: false },
    state: 'not_billable',
  },
  {
    at: '2026-03-03T00:00:00Z',
    seconds: 7,
    span: { ...SALES, ...GPT },
    usage: { inputTokens: 7 },
    parts: { input: 7 },
  },
];

const DAY: Page = { from: '2026-03-02T00:00:00Z', to: '2026-03-03T00:00:00Z' };
const NEXT_MONTH: Page = { from: '2026-04-02T00:00:00Z', to: '2026-04-03T00:00:00Z' };

describe('the queries of the pages', () => {
  let store: Store;
  beforeAll(async () => {
    store = await startMigratedStore();
    const encode = createEncodeRows({ now: () => Date.parse('2026-03-03T12:00:00Z') });
    await insertTableRows(store, 'genai', encode({ ...NOTHING, spans: SEEDS.map(seedSpan) }));
  });
  afterAll(() => store.stop());

  const rows = async (query: { readonly sql: string }, page: Page = DAY) => {
    const answer = await store.client.query({ query: fill(query.sql, page), format: 'TabSeparatedRaw' });
    return (await answer.text()).split('\n').slice(0, -1);
  };

  it.each([
    // 2.5 + 1.5 + 2 against 2 + 1: neither what came just before nor what begins with the end.
    ['spend', spendHeadline, ['2026-03-02 00:00:00\t3', '2026-03-03 00:00:00\t6']],
    ['calls', callsHeadline, ['2026-03-02 00:00:00\t2', '2026-03-03 00:00:00\t6']],
    ['tokens', tokensHeadline, ['2026-03-02 00:00:00\t400', '2026-03-03 00:00:00\t3500']],
    ['error rate', errorRateHeadline, ['2026-03-02 00:00:00\t0.5', '2026-03-03 00:00:00\t0.16666666666666666']],
    ['savings', savingsHeadline, ['2026-03-02 00:00:00\t0.5', '2026-03-03 00:00:00\t0.125']],
    ['cached share', cachedShareHeadline, ['2026-03-02 00:00:00\t0.25', '2026-03-03 00:00:00\t0.14814814814814814']],
    ['unpriced tokens', unpricedTokensHeadline, ['2026-03-02 00:00:00\tinf', '2026-03-03 00:00:00\t1000']],
  ])('%s: the period before, then this one', async (_, query, expected) => {
    expect(await rows(query)).toEqual(expected);
  });

  it('knows p95 within one percent', async () => {
    const [before, now] = (await rows(latencyHeadline)).map((row) => Number(row.split('\t')[1]));
    expect(Math.abs(before! / 4 - 1)).toBeLessThan(0.01);
    expect(Math.abs(now! / 8 - 1)).toBeLessThan(0.01);
  });

  it.each([
    ['spend', spendHeadline, ['2026-04-02 00:00:00\tinf', '2026-04-03 00:00:00\t0']],
    ['error rate', errorRateHeadline, ['2026-04-02 00:00:00\tinf', '2026-04-03 00:00:00\t\\N']],
    ['p95', latencyHeadline, ['2026-04-02 00:00:00\tinf', '2026-04-03 00:00:00\t\\N']],
  ])('%s of a period without calls has no change', async (_, query, expected) => {
    expect(await rows(query, NEXT_MONTH)).toEqual(expected);
  });

  it.each([
    ['inside one quarter', '2026-03-02T12:20:01Z', '2026-03-02T12:29:00Z', ['inf', '3.5']],
    // 00:00 to 00:15 of the next day, and as many quarters before: from 23:45 two days ago.
    ['between quarters', '2026-03-02T00:07:00Z', '2026-03-03T00:07:00Z', ['12', '13']],
    ['from the beginning of time', '1970-01-01T00:00:00Z', '2026-03-03T00:00:00Z', ['inf', '18']],
  ])('count every quarter that a period %s touches', async (_, from, to, expected) => {
    expect((await rows(spendHeadline, { from, to })).map((row) => row.split('\t')[1])).toEqual(expected);
  });

  it('keep names that look like macros or variables literal', async () => {
    const name = "$__fromTime ${model:sqlstring} $__timeFilter(x) \\'";
    expect(await rows({ sql: `SELECT ${quote(name)}` })).toEqual([name]);
  });

  it.each([
    ['one value', { department: ['sales'] }, '4'],
    ['two values', { department: ['sales', 'research'] }, '6'],
    ['two filters', { department: ['sales', 'research'], provider: ['anthropic'] }, '2'],
    ['calls without an agent', { agent: ['(none)'] }, '2'],
    ['a value with a quote and a backslash', { model: ["o'llama\\"] }, '0'],
    ['a value that tries to end the literal', { model: ["\\' OR 1=1 --", "' OR 1=1 --"] }, '0'],
  ])('are filtered by %s', async (_, chosen, spend) => {
    expect((await rows(spendHeadline, { ...DAY, chosen }))[1]).toBe(`2026-03-03 00:00:00\t${spend}`);
  });

  it('draw spend over time in whole quarters of an hour', async () => {
    expect(await rows(spendByModelOverTime)).toEqual([
      '2026-03-02 00:00:00\tgpt-4o\t2.5',
      '2026-03-02 12:15:00\tclaude-sonnet-4\t2',
      '2026-03-02 12:15:00\tgpt-4o\t1.5',
      '2026-03-02 13:00:00\tclaude-sonnet-4\t0',
      '2026-03-02 14:00:00\tgpt-4o\t0',
      "2026-03-02 23:45:00\to'llama\\\t0",
    ]);
  });

  it('draw days of the chosen time zone', async () => {
    const page = {
      ...DAY,
      from: '2026-03-01T00:00:00Z',
      intervalSeconds: 86_400,
      timeZone: 'Asia/Kolkata',
      chosen: { by: ['provider'] },
    };
    expect(await rows(spendByChoiceOverTime, page)).toEqual([
      '2026-03-01 00:00:00\topenai\t2',
      '2026-03-02 00:00:00\tanthropic\t3',
      '2026-03-02 00:00:00\topenai\t4',
      '2026-03-03 00:00:00\tvllm\t0',
    ]);
  });

  it.each([
    ['department', ['sales\t4', 'research\t2', '(none)\t0']],
    ['agent', ['triage\t4', '(none)\t2']],
    ['nonsense', ['gpt-4o\t4', 'claude-sonnet-4\t2', "o'llama\\\t0"]],
  ])('draw spend by %s', async (by, expected) => {
    const page = { ...DAY, intervalSeconds: 86_400, chosen: { by: [by] } };
    const drawn = await rows(spendByChoiceOverTime, page);
    expect(drawn.map((row) => row.replace('2026-03-02 00:00:00\t', '')).sort()).toEqual([...expected].sort());
  });

  it('compare departments', async () => {
    expect(await rows(costTable('department'))).toEqual([
      'sales\t4\t1\t2\t1500\t300\t0.125\t0',
      'research\t2\t1\t3\t500\t200\t0\t0',
      '(none)\t0\t\\N\t1\t700\t300\t0\t1',
    ]);
  });

  it('compare agents, models and providers, dearest first', async () => {
    const names = async (query: { readonly sql: string }) => (await rows(query)).map((row) => row.split('\t')[0]);
    expect(await names(costTable('agent'))).toEqual(['triage', '(none)']);
    expect(await names(costTable('model'))).toEqual(['gpt-4o', 'claude-sonnet-4', "o'llama\\"]);
    expect(await rows(topSpend('provider', 2))).toEqual(['openai\t4\t1\t3', 'anthropic\t2\t1\t2']);
  });

  it('list the users that cost most', async () => {
    expect(await rows(topUsers(10))).toEqual(['ann\t4\t1\t2', 'bob\t2\t1\t3']);
  });

  it('split spend into parts that add up to it', async () => {
    expect(await rows(costParts)).toEqual(['3.5\t1.75\t0.25\t0\t0.5']);
  });

  it('say what is not counted', async () => {
    expect(await rows(uncounted)).toEqual(["1\t1000\t1\tdefault\tvllm\to'llama\\\t2026-03-02"]);
    expect(await rows(unpricedModels)).toEqual(["vllm\to'llama\\\t1\t1000"]);
  });

  it('offer the names of the period', async () => {
    expect(await rows({ sql: filterOptions('department') })).toEqual(['(none)', 'research', 'sales']);
    expect(await rows({ sql: filterOptions('model') }, NEXT_MONTH)).toEqual([]);
  });

  it('say whether anything was ever stored', async () => {
    expect(await rows(anythingStored, NEXT_MONTH)).toEqual(['1']);
  });

  it.each([
    ['spend', spendHeadline, ['6']],
    ['calls', callsHeadline, ['6']],
    ['tokens', tokensHeadline, ['3500']],
    ['error rate', errorRateHeadline, ['0.16666666666666666']],
    ['savings', savingsHeadline, ['0.125']],
    ['cached share', cachedShareHeadline, ['0.14814814814814814']],
    ['unpriced tokens', unpricedTokensHeadline, ['1000']],
    [
      'spend by part',
      costParts,
      ['input\t3.5', 'output\t1.75', 'cache reads\t0.25', 'cache writes\t0', 'fees per request\t0.5'],
    ],
    ['spend by what the page chose', spendByChoiceOverTime, ['gpt-4o\t4', 'claude-sonnet-4\t2', "o'llama\\\t0"]],
    ['spend by agent', topSpend('agent', 10), ['triage\t4', '(none)\t2']],
    ['spend by model', spendByModelOverTime, ['gpt-4o\t4', 'claude-sonnet-4\t2', "o'llama\\\t0"]],
    ['spend by department', costTable('department'), ['sales\t4', 'research\t2', '(none)\t0']],
    ['spend of the dearest user', topUsers(10), ['4']],
    [
      'tokens without a price',
      unpricedModels,
      ['openai\tgpt-4o\t0', 'anthropic\tclaude-sonnet-4\t0', "vllm\to'llama\\\t1000"],
    ],
  ])('the alert query of %s gives one number a row', async (_, query, expected) => {
    expect((await rows(query.alert!)).sort()).toEqual([...expected].sort());
  });
});
