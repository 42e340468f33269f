import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { Attributes, HrTime } from '@opentelemetry/api';
import type { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { Resource } from '@opentelemetry/resources';
import { MODEL_OPERATIONS } from '../span.ts';
import type { SpanRow } from '../span-row.ts';

export type OtlpSpan = Parameters<typeof ProtobufTraceSerializer.serializeRequest>[0][number];

const SECOND_NS = 1_000_000_000n;
const PICO = 1e12;
const STATUS_CODES = { unset: SpanStatusCode.UNSET, ok: SpanStatusCode.OK, error: SpanStatusCode.ERROR };

function toHrTime(nanoseconds: bigint): HrTime {
  return [Number(nanoseconds / SECOND_NS), Number(nanoseconds % SECOND_NS)];
}

/** Without what is empty: an attribute that says nothing is none. */
function known(attributes: Attributes): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).filter(([, value]) => value !== '' && !(Array.isArray(value) && value.length === 0))
  );
}

function tokens(row: SpanRow): Attributes {
  if (row.usageState === 'missing') return {};
  return {
    'gen_ai.usage.input_tokens': row.inputTokens,
    'gen_ai.usage.output_tokens': row.outputTokens,
    'gen_ai.usage.cache_read.input_tokens': row.cacheReadTokens,
    'gen_ai.usage.cache_creation.input_tokens': row.cacheWriteTokens,
    'gen_ai.usage.reasoning.output_tokens': row.reasoningTokens,
  };
}

function resourceOf(row: SpanRow): Attributes {
  return known({
    'service.name': row.serviceName,
    'service.version': row.serviceVersion,
    'deployment.environment.name': row.environment,
    'telemetry.sdk.language': row.sdkLanguage,
  });
}

/**
 * A row as a span of the semantic conventions for GenAI, with what we know more under `spanledger.`: cost (a double; the exact
 * decimal is in the store), how it came about, who is billed and pays, what the guard did. Never message content.
 */
export function createToOtlpSpan(): (row: SpanRow) => OtlpSpan {
  // Spans of one resource go out under one: the serializer tells them apart by identity.
  const resources = new Map<string, Resource>();
  return (row) => {
    const resourceAttributes = resourceOf(row);
    const resourceKey = JSON.stringify(resourceAttributes);
    const resource = resources.get(resourceKey) ?? resourceFromAttributes(resourceAttributes);
    resources.set(resourceKey, resource);
    const context = (spanId: string) => ({ traceId: row.traceId, spanId, traceFlags: 1 });
    const endNs = row.timestampNs + BigInt(row.durationNs);
    return {
      name: row.spanName,
      kind: MODEL_OPERATIONS.has(row.operation) ? SpanKind.CLIENT : SpanKind.INTERNAL,
      spanContext: () => context(row.spanId),
      ...(row.parentSpanId === '' ? {} : { parentSpanContext: context(row.parentSpanId) }),
      startTime: toHrTime(row.timestampNs),
      endTime: toHrTime(endNs),
      duration: toHrTime(BigInt(row.durationNs)),
      ended: true,
      status: { code: STATUS_CODES[row.status], ...(row.errorMessage === '' ? {} : { message: row.errorMessage }) },
      attributes: {
        ...Object.fromEntries(row.attributes),
        ...known({
          'gen_ai.operation.name': row.operation,
          'gen_ai.provider.name': row.provider,
          'gen_ai.request.model': row.requestModel,
          'gen_ai.response.model': row.responseModel,
          'gen_ai.response.id': row.responseId,
          'gen_ai.response.finish_reasons': [...row.finishReasons],
          'gen_ai.agent.name': row.agentName,
          'gen_ai.agent.id': row.agentId,
          'gen_ai.agent.version': row.agentVersion,
          'gen_ai.workflow.name': row.workflowName,
          'gen_ai.prompt.name': row.promptName,
          'gen_ai.tool.name': row.toolName,
          'gen_ai.conversation.id': row.conversationId,
          'user.id': row.userId,
          'error.type': row.errorType,
          ...tokens(row),
          'spanledger.workspace': row.workspace,
          'spanledger.department': row.department,
          'spanledger.usage_state': row.usageState,
          'spanledger.cost_usd': Number(row.costPico) / PICO,
          'spanledger.cost_state': row.costState,
          'spanledger.price_id': row.priceId,
          'spanledger.service_tier': row.serviceTier,
          'spanledger.billable': row.billable,
          'spanledger.guard_action': row.guardAction,
          'spanledger.guard_rules': [...row.guardRules],
          'spanledger.dialect': row.dialect,
        }),
      },
      links: [],
      events: [],
      resource,
      instrumentationScope: { name: row.scopeName },
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
    };
  };
}
