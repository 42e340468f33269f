import type { CheckedSpan, ContentFragment, Cost, Finding, GenAiSpan } from '../../span.ts';

/** 2026-03-02 10:00:00 UTC, a Monday. */
export const SPAN_TIME_NS = 1_772_445_600_000_000_000n;

const SPAN: GenAiSpan = {
  workspace: 'acme',
  timestampNs: SPAN_TIME_NS + 123_456_789n,
  durationNs: 1_234_567_890,
  timeToFirstTokenNs: 345_678_901,
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  parentSpanId: '00f067aa0ba902b7',
  spanName: 'chat gpt-4o',
  serviceName: 'support-bot',
  serviceVersion: '1.4.2',
  environment: 'production',
  department: 'Vertrieb Süd',
  operation: 'chat',
  provider: 'openai',
  requestModel: 'gpt-4o',
  responseModel: 'gpt-4o-2024-11-20',
  usage: {
    state: 'reported',
    inputTokens: 1200,
    outputTokens: 340,
    cacheReadTokens: 1024,
    cacheWriteTokens: 64,
    cacheWrite1hTokens: 32,
    reasoningTokens: 128,
    audioInputTokens: 5,
    audioOutputTokens: 6,
  },
  reportedCostUsd: '0.0042',
  serviceTier: 'flex',
  region: 'eu-central-1',
  billable: true,
  streaming: true,
  finishReasons: ['stop', 'length'],
  status: 'error',
  errorType: 'timeout',
  errorMessage: 'Zeitüberschreitung 😬 after 30 s',
  retries: 2,
  agentName: 'triage',
  agentId: 'asst_5j66',
  agentVersion: 'v2',
  workflowName: 'refund',
  promptName: 'greeting',
  promptVersion: '7',
  toolName: '',
  conversationId: 'conv_77',
  userId: 'u-4711',
  responseId: 'chatcmpl-9J3uIL87gldCFtiIbyaOvTeYBRA3l',
  dialect: 'otel-genai',
  scopeName: 'opentelemetry.instrumentation.openai_v2',
  sdkLanguage: 'python',
  attributes: new Map([
    ['gen_ai.request.temperature', '0.7'],
    ['server.address', 'api.openai.com'],
  ]),
  fragments: [],
  retentionDays: 400,
};

const COST: Cost = {
  state: 'computed',
  priceId: 'openai/gpt-4o@2024-10-01',
  totalPico: 4_800_000_000n,
  inputPico: 280_000_000n,
  outputPico: 3_400_000_000n,
  cacheReadPico: 1_000_000_000n,
  cacheWritePico: 100_000_000n,
  requestPico: 20_000_000n,
  cacheSavingsPico: -1_280_000_000n,
  reportedPico: 4_200_000_000n,
  clamped: false,
};

/** A span with a value in almost every field, and what a test wants different. */
export function checkedSpan(
  changes: { span?: Partial<GenAiSpan>; cost?: Partial<Cost> } & Partial<Omit<CheckedSpan, 'span' | 'cost'>> = {}
): CheckedSpan {
  const { span, cost, ...rest } = changes;
  return {
    span: { ...SPAN, ...span },
    cost: { ...COST, ...cost },
    guardAction: 'redact',
    guardRules: ['email', 'iban'],
    findings: [],
    ...rest,
  };
}

export function contentFragment(changes: Partial<ContentFragment> = {}): ContentFragment {
  return {
    traceId: SPAN.traceId,
    spanId: SPAN.spanId,
    responseId: '',
    timestampNs: SPAN.timestampNs,
    kind: 'input_messages',
    source: 'attribute',
    position: 0,
    body: '[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]',
    ...changes,
  };
}

export function finding(changes: Partial<Finding> = {}): Finding {
  return {
    workspace: SPAN.workspace,
    timestampNs: SPAN.timestampNs,
    traceId: SPAN.traceId,
    spanId: SPAN.spanId,
    rule: 'email',
    category: 'pii',
    severity: 'medium',
    action: 'redact',
    score: 0.9,
    location: 'input',
    maskedSample: 'a…@example.com',
    policyVersion: '3',
    ...changes,
  };
}
