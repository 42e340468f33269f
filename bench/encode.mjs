/** How many checked spans a core turns into rows of `genai.spans`. */
import { pathToFileURL } from 'node:url';

const SPANS = 2000;
const ROUNDS = 40;

function checkedSpans() {
  const digits = (value, length) => value.toString(16).padStart(length, '0');
  return Array.from({ length: SPANS }, (_, i) => ({
    span: {
      workspace: 'default',
      timestampNs: 1_772_445_600_000_000_000n + BigInt(i) * 1_000_003n,
      durationNs: 1_200_000_000 + i,
      timeToFirstTokenNs: 300_000_000 + i,
      traceId: digits(0xabcdef0123 + i * 7919, 32),
      spanId: digits(0xfedcba98 + i * 104_729, 16),
      parentSpanId: digits(0x12345 + i, 16),
      spanName: 'chat gpt-4o',
      serviceName: `service-${i % 12}`,
      serviceVersion: '1.4.2',
      environment: 'production',
      department: `department-${i % 8}`,
      operation: 'chat',
      provider: 'openai',
      requestModel: 'gpt-4o',
      responseModel: 'gpt-4o-2024-11-20',
      usage: {
        state: 'reported',
        inputTokens: 1200 + i,
        outputTokens: 340 + i,
        cacheReadTokens: 1024,
        cacheWriteTokens: 0,
        cacheWrite1hTokens: 0,
        reasoningTokens: 128,
        audioInputTokens: 0,
        audioOutputTokens: 0,
      },
      serviceTier: '',
      region: '',
      billable: true,
      streaming: true,
      finishReasons: ['stop'],
      status: 'unset',
      errorType: '',
      errorMessage: '',
      retries: 0,
      agentName: `agent-${i % 40}`,
      agentId: '',
      agentVersion: 'v2',
      workflowName: '',
      promptName: '',
      promptVersion: '',
      toolName: '',
      conversationId: `conversation-${i >> 3}`,
      userId: `user-${i % 500}`,
      responseId: `chatcmpl-${digits(i * 7919, 24)}`,
      dialect: 'otel-genai',
      scopeName: 'opentelemetry.instrumentation.openai_v2',
      sdkLanguage: 'python',
      attributes: new Map([
        ['gen_ai.request.temperature', '0.7'],
        ['gen_ai.request.max_tokens', '1024'],
        ['server.address', 'api.openai.com'],
        ['server.port', '443'],
      ]),
      fragments: [],
      retentionDays: 400,
    },
    cost: {
      state: 'computed',
      priceId: 'openai/gpt-4o@2024-10-01',
      totalPico: 4_800_000_000n + BigInt(i),
      inputPico: 280_000_000n,
      outputPico: 3_400_000_000n,
      cacheReadPico: 1_000_000_000n,
      cacheWritePico: 100_000_000n,
      requestPico: BigInt(i),
      cacheSavingsPico: 1_280_000_000n,
      reportedPico: 0n,
      clamped: false,
    },
    guardAction: 'none',
    guardRules: [],
    findings: [],
  }));
}

export async function run() {
  const { createEncodeRows } = await import('../collector/dist/rows/encode-rows.js');
  const encode = createEncodeRows({ now: () => 1_772_445_600_000 });
  const checked = { spans: checkedSpans(), others: [], fragments: [], scores: [], findings: [] };
  let bytes = 0;
  const rates = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    bytes = encode(checked)[0].bytes.length;
    const { user, system } = process.cpuUsage(before);
    rates.push(SPANS / ((user + system) / 1e6));
  }
  rates.sort((a, b) => a - b);
  return [
    { name: 'encode spans to RowBinary', value: Math.round(rates[ROUNDS / 2]), unit: 'spans/s per core' },
    { name: 'encoded span without content', value: Math.round(bytes / SPANS), unit: 'bytes' },
  ];
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const { name, value, unit } of await run()) process.stdout.write(`${name}: ${value} ${unit}\n`);
}
