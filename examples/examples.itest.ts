import type { RunningCollector } from '../collector/test/support/run-collector.ts';
import { runCollector } from '../collector/test/support/run-collector.ts';
import { selectRows } from '../collector/test/support/select-rows.ts';
import type { Example } from './testing/run-example.ts';
import { missingCommand, runExample } from './testing/run-example.ts';
import type { StandInProvider } from './testing/stand-in-provider.ts';
import { startStandInProvider } from './testing/stand-in-provider.ts';

const PROVIDER_KEY = ['sk', 'stand', 'in'].join('-');
const COLUMNS = [
  'operation',
  'provider',
  'request_model',
  'response_model',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'cost_usd',
  'cost_state',
  'billable',
  'streaming',
  'finish_reasons',
  'status',
  'agent_name',
  'agent_version',
  'conversation_id',
  'user_id',
  'tool_name',
  'service_name',
  'environment',
  'department',
  'sdk_language',
];

interface Case extends Example {
  readonly printed: string;
  readonly asked: readonly string[];
  /** Rows of genai.spans by their start, as far as they differ from `USUAL`. */
  readonly rows: readonly Record<string, unknown>[];
}

const USUAL = {
  provider: '',
  request_model: '',
  response_model: '',
  input_tokens: '0',
  output_tokens: '0',
  cache_read_tokens: '0',
  cache_write_tokens: '0',
  cost_usd: '0',
  cost_state: 'not_billable',
  billable: 0,
  streaming: 0,
  finish_reasons: [],
  status: 'unset',
  agent_name: 'order-helper',
  agent_version: '1.2.0',
  conversation_id: 'conversation-42',
  user_id: 'user-17',
  tool_name: '',
  service_name: 'shop',
  environment: 'production',
  department: 'customer-support',
};

/** 176 × $0.40 + 1,024 × $0.10 + 85 × $1.60, per million. */
const openAiCall = {
  operation: 'chat',
  provider: 'openai',
  request_model: 'gpt-4.1-mini',
  response_model: 'gpt-4.1-mini-2025-04-14',
  input_tokens: '1200',
  output_tokens: '85',
  cache_read_tokens: '1024',
  cost_usd: '0.0003088',
  cost_state: 'computed',
  billable: 1,
  finish_reasons: ['stop'],
};
/** 21 × $3 + 1,801 × $0.30 + 512 × $3.75 + 41 × $15, per million. */
const anthropicCall = {
  operation: 'chat',
  provider: 'anthropic',
  request_model: 'claude-sonnet-4-5',
  response_model: 'claude-sonnet-4-5-20250929',
  input_tokens: '2334',
  output_tokens: '41',
  cache_read_tokens: '1801',
  cache_write_tokens: '512',
  cost_usd: '0.0031383',
  cost_state: 'computed',
  billable: 1,
  streaming: 1,
  finish_reasons: ['end_turn'],
  status: 'ok',
};
const openAiChat = { printed: 'It was shipped yesterday.', asked: ['/v1/chat/completions gpt-4.1-mini'] };
const python = {
  needs: [['python3', '-m', 'venv', '--help']],
  install: [
    ['python3', '-m', 'venv', '.venv'],
    ['.venv/bin/pip', 'install', '--quiet', '-r', 'requirements.txt'],
  ],
  start: ['.venv/bin/python', 'main.py'],
} as const;
const agentAndCall = (language: string, agent: object, call: object) =>
  [{ operation: 'invoke_agent', ...agent }, call].map((row) => ({ ...row, sdk_language: language }));
const reviewer = {
  agent_name: 'code-reviewer',
  agent_version: '1.9.0',
  conversation_id: 'conversation-7',
  user_id: 'user-3',
};

const CASES: readonly Case[] = [
  { name: 'python-openai', ...python, ...openAiChat, rows: agentAndCall('python', {}, openAiCall) },
  {
    name: 'python-anthropic',
    ...python,
    printed: 'It subtracts.',
    asked: ['/v1/messages claude-sonnet-4-5'],
    rows: agentAndCall('python', reviewer, { ...reviewer, ...anthropicCall }),
  },
  {
    name: 'node-vercel-ai',
    needs: [['npm', '--version']],
    install: [['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund']],
    start: ['node', 'main.mjs'],
    printed: 'It was shipped.',
    asked: ['/v1/responses gpt-4.1-mini', '/v1/responses gpt-4.1-mini'],
    rows: [
      { operation: 'invoke_agent', provider: 'openai', request_model: 'gpt-4.1-mini', finish_reasons: ['stop'] },
      // 300 × $0.40 + 20 × $1.60, per million.
      {
        ...openAiCall,
        input_tokens: '300',
        output_tokens: '20',
        cache_read_tokens: '0',
        cost_usd: '0.000152',
        finish_reasons: ['tool-calls'],
      },
      { operation: 'execute_tool', tool_name: 'find_order' },
      // 360 × $0.40 + 40 × $1.60, per million.
      { ...openAiCall, input_tokens: '360', output_tokens: '40', cache_read_tokens: '0', cost_usd: '0.000208' },
    ].map((row) => ({ ...row, agent_version: '', sdk_language: 'nodejs' })),
  },
  {
    name: 'go',
    needs: [['go', 'version']],
    install: [['go', 'build', '-o', 'shop', '.']],
    start: ['./shop'],
    ...openAiChat,
    rows: agentAndCall('go', {}, openAiCall),
  },
  {
    name: 'java-agent',
    needs: [
      ['java', '-version'],
      ['mvn', '--version'],
    ],
    install: [['mvn', '--batch-mode', '--quiet', 'package']],
    start: [
      'java',
      '-javaagent:target/opentelemetry-javaagent.jar',
      '-cp',
      'target/shop-1.2.0.jar:target/lib/*',
      'Shop',
    ],
    ...openAiChat,
    rows: agentAndCall('java', {}, openAiCall),
  },
];

let collector: RunningCollector;
let provider: StandInProvider;
beforeAll(async () => {
  collector = await runCollector(CASES.map(({ name }) => name));
});
beforeEach(async () => {
  provider = await startStandInProvider(PROVIDER_KEY);
});
afterEach(() => provider.stop());
afterAll(() => collector.stop());

for (const example of CASES) {
  const missing = missingCommand(example);
  if (missing !== undefined) process.stdout.write(`example ${example.name} skipped: \`${missing}\` must work\n`);

  (missing === undefined ? it : it.skip)(
    `${example.name}: runs as its README says and its calls arrive with their tokens, cost and agent`,
    async () => {
      const outcome = await runExample(example, {
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.urls.http,
        OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${collector.keys.get(example.name)!}`,
        OTEL_SERVICE_NAME: 'shop',
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=production,department=customer-support',
        OPENAI_API_KEY: PROVIDER_KEY,
        OPENAI_BASE_URL: `${provider.url}/v1`,
        ANTHROPIC_API_KEY: PROVIDER_KEY,
        ANTHROPIC_BASE_URL: provider.url,
      });
      if ('offline' in outcome) {
        process.stdout.write(`example ${example.name} skipped: ${outcome.offline}\n`);
        return;
      }
      expect({ printed: outcome.printed, asked: provider.asked }).toEqual({
        printed: example.printed,
        asked: example.asked,
      });
      await collector.delivered();
      await collector.settle();
      await collector.delivered();
      const rows = await selectRows(
        { client: collector.client } as never,
        `SELECT ${COLUMNS.join(', ')} FROM genai.spans FINAL WHERE workspace = {workspace:String} ORDER BY timestamp, duration_ns DESC`,
        { workspace: example.name }
      );
      expect(rows).toEqual(example.rows.map((row) => ({ ...USUAL, ...row })));
    }
  );
}
