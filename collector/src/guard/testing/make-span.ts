import type { ContentFragment, Cost, GenAiSpan, PricedSpan } from '../../span.ts';

const COST: Cost = {
  state: 'computed',
  priceId: 'openai/gpt-4o@2024-10-01',
  totalPico: 300n,
  inputPico: 100n,
  outputPico: 200n,
  cacheReadPico: 0n,
  cacheWritePico: 0n,
  requestPico: 0n,
  cacheSavingsPico: 0n,
  reportedPico: 0n,
  clamped: false,
};

/** A chat call without content; `changes` replace fields. */
export function makePricedSpan(changes: Partial<GenAiSpan> = {}): PricedSpan {
  const span: GenAiSpan = {
    workspace: 'default',
    timestampNs: 1_760_000_000_000_000_000n,
    durationNs: 1_200_000_000,
    timeToFirstTokenNs: 0,
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    parentSpanId: '',
    spanName: 'chat gpt-4o',
    serviceName: 'checkout',
    serviceVersion: '1.4.2',
    environment: 'production',
    department: 'payments',
    operation: 'chat',
    provider: 'openai',
    requestModel: 'gpt-4o',
    responseModel: 'gpt-4o-2024-08-06',
    usage: {
      state: 'reported',
      inputTokens: 120,
      outputTokens: 80,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
      cacheWrite1hTokens: 0,
      reasoningTokens: 0,
      audioInputTokens: 0,
      audioOutputTokens: 0,
    },
    reportedCostUsd: '',
    serviceTier: 'default',
    region: '',
    billable: true,
    streaming: false,
    finishReasons: ['stop'],
    status: 'ok',
    errorType: '',
    errorMessage: '',
    retries: 0,
    agentName: 'support-bot',
    agentId: '',
    agentVersion: '3',
    workflowName: '',
    promptName: '',
    promptVersion: '',
    toolName: '',
    conversationId: 'conversation-17',
    userId: 'user-42',
    responseId: 'chatcmpl-9x',
    dialect: 'otel-genai',
    scopeName: 'opentelemetry.instrumentation.openai_v2',
    sdkLanguage: 'python',
    attributes: new Map([['server.address', 'api.openai.com']]),
    fragments: [],
    retentionDays: 400,
    ...changes,
  };
  return { span, cost: COST };
}

/** A content fragment of the span above. */
export function makeFragment(body: string, kind: ContentFragment['kind'] = 'input_messages'): ContentFragment {
  return {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    responseId: '',
    timestampNs: 1_760_000_000_000_000_000n,
    kind,
    source: 'attribute',
    position: 0,
    body,
  };
}
