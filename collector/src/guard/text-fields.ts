import type { FindingLocation, GenAiSpan } from '../span.ts';

type StringField = { [K in keyof GenAiSpan]: GenAiSpan[K] extends string ? K : never }[keyof GenAiSpan];
/** Hex ids, names of ours, and the workspace, which comes from the key: no sender chooses their text. */
type FieldWithoutText = 'workspace' | 'traceId' | 'spanId' | 'parentSpanId' | 'dialect' | 'status';
export type TextField = Exclude<StringField, FieldWithoutText>;

/** Every string of a span that a sender can fill, and where a finding in it is said to be. The type makes a new field a fault here. */
const LOCATIONS: Readonly<Record<TextField, FindingLocation>> = {
  spanName: 'attribute',
  serviceName: 'attribute',
  serviceVersion: 'attribute',
  environment: 'attribute',
  department: 'attribute',
  operation: 'attribute',
  provider: 'attribute',
  requestModel: 'attribute',
  responseModel: 'attribute',
  reportedCostUsd: 'attribute',
  serviceTier: 'attribute',
  region: 'attribute',
  errorType: 'error',
  errorMessage: 'error',
  agentName: 'attribute',
  agentId: 'attribute',
  agentVersion: 'attribute',
  workflowName: 'attribute',
  promptName: 'attribute',
  promptVersion: 'attribute',
  toolName: 'tool',
  conversationId: 'attribute',
  userId: 'attribute',
  responseId: 'attribute',
  scopeName: 'attribute',
  sdkLanguage: 'attribute',
};

export const textFields = Object.entries(LOCATIONS) as readonly (readonly [TextField, FindingLocation])[];

/**
 * The values of `textFields` in their order. Written out, because reading 26 fields by a variable name costs more than
 * searching them (measured).
 */
export function readTexts(span: GenAiSpan): readonly string[] {
  return [
    span.spanName,
    span.serviceName,
    span.serviceVersion,
    span.environment,
    span.department,
    span.operation,
    span.provider,
    span.requestModel,
    span.responseModel,
    span.reportedCostUsd,
    span.serviceTier,
    span.region,
    span.errorType,
    span.errorMessage,
    span.agentName,
    span.agentId,
    span.agentVersion,
    span.workflowName,
    span.promptName,
    span.promptVersion,
    span.toolName,
    span.conversationId,
    span.userId,
    span.responseId,
    span.scopeName,
    span.sdkLanguage,
  ];
}
