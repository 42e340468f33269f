import type { CheckedSpan } from '../span.ts';
import type { SpanRow } from '../span-row.ts';

/** Marks a span whose cost was cut to the range of its column. */
const COST_CLAMPED = 'spanledger.cost_clamped';

/** Where the row keeps the region: re-pricing needs it, and no column holds it. */
const REGION = 'cloud.region';

/** The row of a checked span, in its first revision. A cost that was cut to its range is marked in the attributes. */
export function toSpanRow(checked: CheckedSpan, ingestedAtMs: number): SpanRow {
  const { span, cost } = checked;
  return {
    workspace: span.workspace,
    timestampNs: span.timestampNs,
    durationNs: span.durationNs,
    timeToFirstTokenNs: span.timeToFirstTokenNs,
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    spanName: span.spanName,
    serviceName: span.serviceName,
    serviceVersion: span.serviceVersion,
    environment: span.environment,
    department: span.department,
    operation: span.operation,
    provider: span.provider,
    requestModel: span.requestModel,
    responseModel: span.responseModel,
    inputTokens: span.usage.inputTokens,
    outputTokens: span.usage.outputTokens,
    cacheReadTokens: span.usage.cacheReadTokens,
    cacheWriteTokens: span.usage.cacheWriteTokens,
    cacheWrite1hTokens: span.usage.cacheWrite1hTokens,
    reasoningTokens: span.usage.reasoningTokens,
    audioInputTokens: span.usage.audioInputTokens,
    audioOutputTokens: span.usage.audioOutputTokens,
    usageState: span.usage.state,
    costPico: cost.totalPico,
    inputCostPico: cost.inputPico,
    outputCostPico: cost.outputPico,
    cacheReadCostPico: cost.cacheReadPico,
    cacheWriteCostPico: cost.cacheWritePico,
    requestCostPico: cost.requestPico,
    cacheSavingsPico: cost.cacheSavingsPico,
    reportedCostPico: cost.reportedPico,
    costState: cost.state,
    priceId: cost.priceId,
    serviceTier: span.serviceTier,
    billable: span.billable,
    streaming: span.streaming,
    finishReasons: span.finishReasons,
    status: span.status,
    errorType: span.errorType,
    errorMessage: span.errorMessage,
    retries: span.retries,
    agentName: span.agentName,
    agentId: span.agentId,
    agentVersion: span.agentVersion,
    workflowName: span.workflowName,
    promptName: span.promptName,
    promptVersion: span.promptVersion,
    toolName: span.toolName,
    conversationId: span.conversationId,
    userId: span.userId,
    responseId: span.responseId,
    guardAction: checked.guardAction,
    guardRules: checked.guardRules,
    dialect: span.dialect,
    scopeName: span.scopeName,
    sdkLanguage: span.sdkLanguage,
    attributes: attributesOf(checked),
    revision: 0,
    ingestedAtMs,
    retentionDays: span.retentionDays,
  };
}

function attributesOf({ span: { attributes, region }, cost }: CheckedSpan): ReadonlyMap<string, string> {
  const addsRegion = region !== '' && !attributes.has(REGION);
  if (!cost.clamped && !addsRegion) return attributes;
  return new Map([
    ...attributes,
    ...(addsRegion ? [[REGION, region] as const] : []),
    ...(cost.clamped ? [[COST_CLAMPED, 'true'] as const] : []),
  ]);
}
