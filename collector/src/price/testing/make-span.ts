import type { GenAiSpan, TokenUsage } from '../../span.ts';

/** Reported usage: what is not named is 0. */
export function makeUsage(usage: Partial<TokenUsage> = {}): TokenUsage {
  return {
    state: 'reported',
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    cacheWrite1hTokens: 0,
    reasoningTokens: 0,
    audioInputTokens: 0,
    audioOutputTokens: 0,
    ...usage,
  };
}

/** A billable chat of `gpt-4o-mini` on 2026-06-01 at noon, with 1,000 + 100 tokens; what is named replaces its fields. */
export function makeSpan(fields: Partial<GenAiSpan> = {}): GenAiSpan {
  return {
    workspace: 'default',
    timestampNs: nanoseconds('2026-06-01T12:00:00Z'),
    durationNs: 1_000_000,
    timeToFirstTokenNs: 0,
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    parentSpanId: '',
    spanName: 'chat gpt-4o-mini',
    serviceName: 'shop',
    serviceVersion: '',
    environment: '',
    department: '',
    operation: 'chat',
    provider: 'openai',
    requestModel: 'gpt-4o-mini',
    responseModel: 'gpt-4o-mini-2024-07-18',
    usage: makeUsage({ inputTokens: 1_000, outputTokens: 100 }),
    reportedCostUsd: '',
    serviceTier: '',
    region: '',
    billable: true,
    streaming: false,
    finishReasons: [],
    status: 'unset',
    errorType: '',
    errorMessage: '',
    retries: 0,
    agentName: '',
    agentId: '',
    agentVersion: '',
    workflowName: '',
    promptName: '',
    promptVersion: '',
    toolName: '',
    conversationId: '',
    userId: '',
    responseId: '',
    dialect: 'otel-genai',
    scopeName: '',
    sdkLanguage: '',
    attributes: new Map(),
    fragments: [],
    retentionDays: 400,
    ...fields,
  };
}

/** Unix nanoseconds of an RFC 3339 time. */
export function nanoseconds(time: string): bigint {
  return BigInt(Date.parse(time)) * 1_000_000n;
}
