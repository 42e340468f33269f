import type { OtlpSpan } from '../otlp.ts';
import type { ContentFragment, GenAiSpan } from '../span.ts';
import { MODEL_OPERATIONS } from '../span.ts';
import { cutBeforeToken } from './cut-before-token.ts';
import { attributesRest } from './attributes-rest.ts';
import { capContent } from './cap-content.ts';
import type { CardinalityCap } from './cardinality-cap.ts';
import type { AcceptedTimes } from './clamp-time.ts';
import { clampTime, durationNs } from './clamp-time.ts';
import { createReadDepartment } from './department.ts';
import type { Dialect, DialectFields, SpanFragment } from './dialect.ts';
import { readError } from './error.ts';
import type { NormaliseCounts, NormaliseOptions } from './normalise-limits.ts';
import { readOperation } from './operation.ts';
import { regionOfHost } from './provider-of-host.ts';
import { normaliseProvider, withoutOwnPrefix } from './provider.ts';
import type { ResourceFacts } from './resource-facts.ts';
import { createResourceFacts } from './resource-facts.ts';
import type { SemconvFields } from './semconv-fields.ts';
import {
  collectSemconvFields,
  environmentOf,
  finishReasonsOf,
  reportedCostOf,
  retriesOf,
  serviceTierOf,
  timeToFirstTokenOf,
  usageOf,
} from './semconv-fields.ts';
import { readSpanContent } from './span-content.ts';
import { toTokenUsage } from './token-usage.ts';

/** A row that the rest of the stage still completes (names from ancestors). */
export type SpanDraft = { -readonly [Field in keyof GenAiSpan]: GenAiSpan[Field] };

/** Longest names (models, agents, prompts …) and ids, in UTF-16 units. */
const MAX_NAME_CHARS = 256;
const NO_KEYS: readonly string[] = [];
/** Providers whose region is part of the price or the place of processing. */
const REGIONAL = new Set(['aws.bedrock', 'gcp.vertex_ai', 'azure.ai.openai', 'azure.ai.inference', 'aws.sagemaker']);

/** Providers with endpoints in one place, at a price of their own. */
const PLACED = new Set(['openai', 'x_ai', 'together_ai']);

export interface SpanContext {
  readonly workspace: string;
  readonly accepted: AcceptedTimes;
  readonly counts: NormaliseCounts;
}

/**
 * Turns one span of a recognised dialect into a row: what the dialect read, and the general reading of the semantic
 * conventions for each field it left open. Never throws on any attribute value.
 */
export function createNormaliseSpan(
  options: NormaliseOptions,
  names: CardinalityCap
): (span: OtlpSpan, dialect: Dialect, context: SpanContext) => SpanDraft {
  const readDepartment = createReadDepartment(options.departmentKeys);
  const resourceFacts = createResourceFacts(options.departmentKeys);
  return (span, dialect, context) => {
    const fields = dialect.read(span);
    const general = collectSemconvFields(span.attributes);
    const resource = resourceFacts(span.resource);
    const operation = fields.operation ?? readOperation(span);
    const isModelCall = MODEL_OPERATIONS.has(operation);
    const timestampNs = clampTime(span.startTimeUnixNano, context.accepted);
    const error = readError(span, fields.error);
    const call = readCall(fields, general, operation, error.status === 'error');
    const firstToken = isModelCall ? (fields.timeToFirstTokenNs ?? timeToFirstTokenOf(general, span)) : 0;
    return {
      workspace: context.workspace,
      timestampNs,
      durationNs: durationNs(span.startTimeUnixNano, span.endTimeUnixNano),
      timeToFirstTokenNs: Number.isSafeInteger(firstToken) && firstToken > 0 ? firstToken : 0,
      traceId: span.traceId,
      spanId: span.spanId,
      parentSpanId: span.parentSpanId,
      spanName: names.cap('span_name', cut(span.name)),
      serviceName: resource.serviceName === '' ? cut(general.serviceName) : resource.serviceName,
      serviceVersion: cut(fields.serviceVersion ?? resource.serviceVersion),
      environment: cut(fields.environment ?? environmentOf(general, resource.environment)),
      department: readDepartment(span.attributes) || resource.department,
      operation,
      provider: call.provider,
      requestModel: call.requestModel,
      responseModel: call.responseModel,
      usage: call.usage,
      reportedCostUsd: isModelCall ? (fields.reportedCostUsd ?? reportedCostOf(general)) : '',
      serviceTier: cut(fields.serviceTier ?? serviceTierOf(general)),
      region: call.region,
      billable: isModelCall && fields.billable !== false,
      streaming: fields.streaming ?? general.streaming ?? firstToken > 0,
      finishReasons: isModelCall ? (fields.finishReasons ?? finishReasonsOf(general)) : (fields.finishReasons ?? []),
      status: error.status,
      errorType: names.cap('error_type', error.errorType),
      errorMessage: error.errorMessage,
      retries: fields.retries ?? retriesOf(general),
      agentName: cut(fields.agentName ?? general.agentName),
      agentId: cut(fields.agentId ?? general.agentId),
      agentVersion: cut(fields.agentVersion ?? general.agentVersion),
      workflowName: cut(fields.workflowName ?? general.workflowName),
      promptName: names.cap('prompt_name', cut(fields.promptName ?? general.promptName)),
      promptVersion: cut(fields.promptVersion ?? general.promptVersion),
      toolName: cut(fields.toolName ?? general.toolName),
      conversationId: cut(fields.conversationId ?? general.conversationId),
      userId: cut(fields.userId ?? general.userId),
      responseId: call.responseId,
      dialect: dialect.name,
      scopeName: names.cap('scope_name', cut(span.scope.name)),
      sdkLanguage: resource.sdkLanguage,
      attributes: restOf(span, fields, isModelCall, resource, timestampNs, context.counts),
      fragments: fragmentsOf(
        span,
        fields,
        operation,
        timestampNs,
        isModelCall ? options.limits.maxContentChars : options.limits.maxWrapperContentChars,
        context.counts
      ),
      retentionDays: options.retentionDays,
    };
  };
}

function cut(text: string | undefined): string {
  return text === undefined ? '' : cutBeforeToken(text, MAX_NAME_CHARS);
}

type CallFields = Pick<GenAiSpan, 'provider' | 'requestModel' | 'responseModel' | 'responseId' | 'usage' | 'region'>;

function readCall(fields: DialectFields, general: SemconvFields, operation: string, failed: boolean): CallFields {
  const asked = cut(fields.requestModel ?? general.requestModel);
  const answered = cut(fields.responseModel ?? general.responseModel);
  const responseId = cut(fields.responseId ?? general.responseId);
  const serverAddress = general.serverAddress ?? '';
  const provider = normaliseProvider({
    name: fields.provider ?? general.provider ?? '',
    requestModel: asked,
    responseModel: answered,
    responseId,
    serverAddress,
  });
  const requestModel = withoutOwnPrefix(asked, provider);
  const raw = MODEL_OPERATIONS.has(operation) && fields.usage !== null ? (fields.usage ?? usageOf(general)) : null;
  return {
    provider,
    requestModel,
    // Names of embedding models are no aliases: many SDKs do not pass on the answer's model because it is the requested one.
    responseModel:
      answered === '' && operation === 'embeddings' && !failed ? requestModel : withoutOwnPrefix(answered, provider),
    responseId,
    usage: toTokenUsage(raw, { totalHoldsReasoning: provider.startsWith('gcp.'), failed }),
    region: regionOf(provider, fields, general, serverAddress),
  };
}

/** Where the call was processed. The region of a cloud says so only at the cloud's own models; elsewhere it is the caller's. */
function regionOf(provider: string, fields: DialectFields, general: SemconvFields, serverAddress: string): string {
  if (REGIONAL.has(provider)) return cut(fields.region ?? general.region ?? regionOfHost(serverAddress));
  if (provider === 'anthropic') return cut(general.inferenceGeo);
  return PLACED.has(provider) ? cut(regionOfHost(serverAddress)) : '';
}

function restOf(
  span: OtlpSpan,
  fields: DialectFields,
  isModelCall: boolean,
  resource: ResourceFacts,
  timestampNs: bigint,
  counts: NormaliseCounts
): ReadonlyMap<string, string> {
  const rest = attributesRest(span.attributes, { consumed: fields.consumed ?? NO_KEYS, isModelCall });
  counts.cutAttributes += rest.cut;
  for (const [key, value] of resource.attributes) rest.attributes.set(key, value);
  if (timestampNs !== span.startTimeUnixNano) {
    counts.clampedTimes++;
    rest.attributes.set('spanledger.original_timestamp', String(span.startTimeUnixNano));
  }
  return rest.attributes;
}

function fragmentsOf(
  span: OtlpSpan,
  fields: DialectFields,
  operation: string,
  timestampNs: bigint,
  maxChars: number,
  counts: NormaliseCounts
): readonly ContentFragment[] {
  const read: readonly SpanFragment[] = fields.fragments ?? readSpanContent(span, operation);
  return read.map((fragment) => {
    const kept = capContent(fragment, maxChars);
    if (kept !== fragment) counts.cutContent++;
    return {
      traceId: span.traceId,
      spanId: span.spanId,
      responseId: '',
      timestampNs,
      kind: kept.kind,
      source: kept.source,
      position: kept.position,
      body: kept.body,
    };
  });
}
