import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createEncodeRows } from '../collector/src/rows/encode-rows.ts';
import { checkedSpan, contentFragment, finding } from '../collector/src/rows/testing/checked-span.ts';
import type { CheckedSpan, GenAiSpan, TokenUsage } from '../collector/src/span.ts';
import { insertTableRows } from '../collector/test/support/insert-table-rows.ts';
import { startMigratedStore } from '../collector/test/support/start-migrated-store.ts';
import type { Store } from '../collector/test/support/start-store.ts';

const NOW = "toDateTime('2026-03-31 12:00:00', 'UTC')";
const NOTHING = { others: [], fragments: [], scores: [], findings: [] };

/** Dollars with at most six digits after the point, in pico-dollars. */
const usd = (dollars: number) => BigInt(Math.round(dollars * 1e6)) * 1_000_000n;

interface Seed {
  readonly at: string;
  readonly trace: string;
  readonly seconds: number;
  readonly span?: Partial<Omit<GenAiSpan, 'usage'>>;
  readonly usage?: Partial<TokenUsage>;
  readonly costUsd?: number;
  readonly savedUsd?: number;
  readonly reportedUsd?: number;
  readonly costState?: CheckedSpan['cost']['state'];
  readonly findings?: CheckedSpan['findings'];
}

const NO_USAGE: TokenUsage = {
  state: 'missing',
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  cacheWrite1hTokens: 0,
  reasoningTokens: 0,
  audioInputTokens: 0,
  audioOutputTokens: 0,
};

const NO_COST: CheckedSpan['cost'] = {
  state: 'not_billable',
  priceId: '',
  totalPico: 0n,
  inputPico: 0n,
  outputPico: 0n,
  cacheReadPico: 0n,
  cacheWritePico: 0n,
  requestPico: 0n,
  cacheSavingsPico: 0n,
  reportedPico: 0n,
  clamped: false,
};

const GPT = { provider: 'openai', requestModel: 'gpt-4o', responseModel: 'gpt-4o-2024-11-20' };
const CLAUDE = { provider: 'anthropic', requestModel: 'claude-sonnet-4', responseModel: 'claude-sonnet-4-20250514' };
const NO_MODEL = { provider: '', requestModel: '', responseModel: '', billable: false };
const V1 = { department: 'sales', userId: 'user-1', conversationId: 'conv-1', agentName: 'triage', agentVersion: 'v1' };
const V2 = { ...V1, agentVersion: 'v2' };
const RESEARCH = { department: 'research', userId: 'user-2' };

const SEEDS: readonly Seed[] = [
  {
    at: '2026-03-31T10:00:00Z',
    trace: 'a',
    seconds: 4.2,
    span: { ...V1, ...NO_MODEL, operation: 'invoke_agent', spanName: 'invoke_agent triage', parentSpanId: '' },
  },
  {
    at: '2026-03-31T10:00:01Z',
    trace: 'a',
    seconds: 1,
    span: { ...V1, ...GPT },
    costUsd: 0.03,
    savedUsd: 0.004,
    reportedUsd: 0.031,
    usage: { inputTokens: 1000, outputTokens: 200, cacheReadTokens: 400 },
    findings: [finding({ action: 'flag' }), finding({ action: 'flag' })],
  },
  {
    at: '2026-03-31T10:00:02Z',
    trace: 'a',
    seconds: 0.5,
    span: { ...V1, ...NO_MODEL, operation: 'execute_tool', toolName: 'search_orders' },
  },
  {
    at: '2026-03-31T10:00:03Z',
    trace: 'a',
    seconds: 2,
    span: { ...V1, ...GPT },
    costUsd: 0.02,
    usage: { inputTokens: 1000, outputTokens: 100 },
  },
  {
    at: '2026-03-31T11:00:00Z',
    trace: 'b',
    seconds: 3,
    span: { ...V2, ...NO_MODEL, operation: 'invoke_agent', spanName: 'invoke_agent triage', parentSpanId: '' },
  },
  {
    at: '2026-03-31T11:00:01Z',
    trace: 'b',
    seconds: 1.5,
    span: { ...V2, ...GPT, retries: 2 },
    costUsd: 0.01,
    savedUsd: 0.001,
    usage: { inputTokens: 500, outputTokens: 50, cacheReadTokens: 250 },
    findings: [finding({ rule: 'credit_card', severity: 'high' })],
  },
  {
    at: '2026-03-30T20:00:00Z',
    trace: 'c',
    seconds: 8,
    span: { ...RESEARCH, ...CLAUDE, spanName: 'chat claude-sonnet-4', parentSpanId: '' },
    costUsd: 0.1,
    reportedUsd: 0.1,
    usage: { inputTokens: 4000, outputTokens: 1000 },
  },
  {
    at: '2026-03-29T09:00:00Z',
    trace: 'd',
    seconds: 0.7,
    span: { ...RESEARCH, provider: 'vllm', requestModel: 'my-llama', responseModel: '' },
    costState: 'unpriced',
    usage: { inputTokens: 700, outputTokens: 300 },
  },
  {
    at: '2026-03-28T09:00:00Z',
    trace: 'e',
    seconds: 0.2,
    costState: 'not_charged',
    span: { department: 'sales', userId: 'user-3', ...GPT, status: 'error', errorType: 'rate_limit', retries: 3 },
  },
  // Already March in Paris.
  {
    at: '2026-02-28T23:30:00Z',
    trace: 'f',
    seconds: 0.9,
    span: { department: 'sales', userId: 'user-3', ...GPT },
    costUsd: 0.005,
    usage: { inputTokens: 100, outputTokens: 10 },
  },
  {
    at: '2026-03-22T12:00:00Z',
    trace: '9',
    seconds: 4,
    span: { ...RESEARCH, ...CLAUDE },
    costUsd: 0.04,
    usage: { inputTokens: 1600, outputTokens: 400 },
  },
];

function seedSpan(seed: Seed, index: number): CheckedSpan {
  const ids = { traceId: seed.trace.padStart(32, '0'), spanId: index.toString(16).padStart(16, '0') };
  const timestampNs = BigInt(Date.parse(seed.at)) * 1_000_000n;
  const said = (kind: 'input_messages' | 'output_messages', body: string) =>
    contentFragment({ ...ids, timestampNs, kind, body });
  const total = usd(seed.costUsd ?? 0);
  return checkedSpan({
    span: {
      workspace: 'default',
      ...ids,
      timestampNs,
      durationNs: Math.round(seed.seconds * 1e9),
      status: 'ok',
      errorType: '',
      retries: 0,
      agentName: '',
      agentVersion: '',
      conversationId: '',
      usage: { ...NO_USAGE, ...seed.usage, state: seed.usage ? 'reported' : 'missing' },
      fragments:
        index === 1
          ? [said('input_messages', '["Where is my order?"]'), said('output_messages', '["Let me look."]')]
          : [],
      ...seed.span,
    },
    cost: {
      ...NO_COST,
      state: seed.costState ?? (seed.span?.billable === false ? 'not_billable' : 'computed'),
      totalPico: total,
      inputPico: total,
      cacheSavingsPico: usd(seed.savedUsd ?? 0),
      reportedPico: usd(seed.reportedUsd ?? 0),
    },
    findings: (seed.findings ?? []).map((found) => ({ ...found, ...ids, workspace: 'default', timestampNs })),
  });
}

/** Worked out by hand from the seeds. One line is one row, columns in the order of the query. */
const EXPECTED: readonly (readonly string[])[] = [
  ['research 0.14 3', 'sales 0.065 5'],
  ['v1 1 0.05 0.05', 'v2 1 0.01 0.01'],
  ['user-2 0.1 2', 'user-1 0.06 3', 'user-3 0 1'],
  ['gpt-4o-2024-11-20 26 0.005', 'claude-sonnet-4-20250514 0 0', 'my-llama 0 0'],
  ['vllm my-llama 1 1000'],
  // 8 s, 2 s and 0.7 s, each within one percent.
  ['claude-sonnet-4-20250514 2 8.04', 'gpt-4o-2024-11-20 4 1.98', 'my-llama 1 0.7'],
  ['openai gpt-4o-2024-11-20 4 1 25', 'anthropic claude-sonnet-4-20250514 1 0 0', 'vllm my-llama 1 0 0'],
  [
    '0000000000000000000000000000000c chat claude-sonnet-4 8 1 0.1',
    '0000000000000000000000000000000a invoke_agent triage 5 2 0.05',
    '0000000000000000000000000000000b invoke_agent triage 3 1 0.01',
  ],
  ['2 3 2500 350 0.06'],
  [
    '10:00:00 invoke_agent triage/ 4.2 0  ',
    '10:00:01 chat triage/gpt-4o 1 0.03 ["Where is my order?"] ["Let me look."]',
    '10:00:02 execute_tool triage/search_orders 0.5 0  ',
    '10:00:03 chat triage/gpt-4o 2 0.02  ',
  ],
  ['email pii flag 2', 'credit_card pii redact 1'],
  ['0.16 0.04 300'],
  [
    '2026-03-29 my-llama 700 300',
    '2026-03-31 claude-sonnet-4-20250514 4000 1000',
    '2026-03-31 gpt-4o-2024-11-20 2500 350',
  ],
  ['gpt-4o-2024-11-20 4 5'],
  ['gpt-4o-2024-11-20 1 0.031 0.03 0.001', 'claude-sonnet-4-20250514 1 0.1 0.1 0'],
];

describe('the questions of the README', () => {
  let store: Store;
  let questions: { title: string; query: string }[];
  beforeAll(async () => {
    const readme = await readFile(join(process.cwd(), 'sql/README.md'), 'utf8');
    questions = [...readme.matchAll(/^### (\d+\. .+)\n\n```sql\n([^`]+)\n```$/gm)].map(([, title, query]) => ({
      title: title!,
      query: query!,
    }));
    store = await startMigratedStore();
    const encode = createEncodeRows({ now: () => Date.parse('2026-03-31T12:00:00Z') });
    await insertTableRows(store, 'genai', encode({ ...NOTHING, spans: SEEDS.map(seedSpan) }));
  });
  afterAll(() => store.stop());

  it('are fifteen', () => {
    expect(questions.map(({ title }) => Number.parseInt(title, 10))).toEqual(EXPECTED.map((_, i) => i + 1));
  });

  it.each(EXPECTED.map((rows, i) => [i + 1, rows] as const))('question %i is answered right', async (number, rows) => {
    const answer = await store.client.query({
      query: questions[number - 1]!.query.replaceAll('now()', NOW),
      format: 'TabSeparatedRaw',
    });
    const lines = (await answer.text()).split('\n').slice(0, -1);
    expect(lines.map((line) => line.replaceAll('\t', ' '))).toEqual(rows);
  });
});
