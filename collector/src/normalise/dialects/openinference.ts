import type { OtlpSpan } from '../../otlp.ts';
import type { Dialect, DialectFields } from '../dialect.ts';
import { openInferenceAnswer } from '../openinference-answer.ts';
import { openInferenceContent } from '../openinference-content.ts';
import { openInferenceUsage } from '../openinference-usage.ts';
import { toOperation } from '../operation.ts';
import type { JsonObject, JsonValue } from '../read-attribute.ts';
import { readJsonObject, readString, readStringList, toBoolean } from '../read-attribute.ts';

const MODEL_KINDS: ReadonlySet<string> = new Set(['chat', 'embeddings', 'rerank']);
const FIRST_TOKEN_EVENT = 'First Token Stream Event';

/**
 * OpenInference (Arize Phoenix and many framework instrumentations): flattened, numbered attributes, with the whole request and
 * answer in `input.value` / `output.value`. Many facts (response id, requested model, tier) are only there.
 */
export const openInference: Dialect = {
  name: 'openinference',
  matches: (span) =>
    span.attributes.has('openinference.span.kind') ||
    span.scope.name.startsWith('openinference.instrumentation') ||
    span.attributes.has('llm.input_messages.0.message.role'),
  read: readSpan,
};

function readSpan(span: OtlpSpan): DialectFields {
  const { attributes } = span;
  const kind =
    readString(attributes, 'openinference.span.kind') ?? (attributes.has('llm.model_name') ? 'LLM' : 'CHAIN');
  const operation = toOperation(kind);
  const metadata = readJsonObject(attributes, 'metadata');
  const common = {
    ...actors(span, operation, metadata),
    operation,
    fragments: openInferenceContent(span, operation),
    consumed: CONSUMED,
  };
  return MODEL_KINDS.has(operation)
    ? { ...common, ...callFields(span, operation, metadata) }
    : { ...common, usage: null };
}

function callFields(span: OtlpSpan, operation: string, metadata: JsonObject | undefined): DialectFields {
  const { attributes } = span;
  const parameters = readJsonObject(attributes, 'llm.invocation_parameters', 'embedding.invocation_parameters');
  const answer = operation === 'chat' ? openInferenceAnswer(attributes) : undefined;
  const answered = readString(attributes, 'llm.response.model_name', 'gen_ai.response.model') ?? answer?.model;
  const named = readString(attributes, 'llm.model_name', 'embedding.model_name', 'reranker.model_name');
  const asked =
    readString(attributes, 'llm.request.model_name', 'gen_ai.request.model') ??
    fieldText(parameters, 'model', 'model_name', 'model_id', 'modelId', 'deployment_name') ??
    fieldText(metadata, 'ls_model_name') ??
    named;
  const reasons = readStringList(attributes, 'llm.finish_reason', 'gen_ai.response.finish_reasons');
  // The attribute holds the reason of the first choice only.
  const finish = (answer?.finishReasons?.length ?? 0) > (reasons?.length ?? 0) ? answer?.finishReasons : reasons;
  return {
    provider:
      readString(attributes, 'llm.provider', 'gen_ai.provider.name', 'llm.system', 'gen_ai.system') ??
      fieldText(metadata, 'ls_provider') ??
      '',
    requestModel: asked,
    responseModel: answered ?? named,
    responseId: readString(attributes, 'gen_ai.response.id') ?? answer?.id,
    usage: openInferenceUsage(attributes, answer?.usage),
    serviceTier: answer?.serviceTier,
    streaming:
      toBoolean(parameters?.['stream']) ??
      (span.events.some((event) => event.name === FIRST_TOKEN_EVENT) ? true : undefined),
    finishReasons: finish,
  };
}

function actors(span: OtlpSpan, operation: string, metadata: JsonObject | undefined): DialectFields {
  const { attributes } = span;
  const agent = readString(attributes, 'agent.name', 'gen_ai.agent.name') ?? fieldText(metadata, 'lc_agent_name');
  return {
    agentName: agent ?? (operation === 'invoke_agent' ? span.name : undefined),
    workflowName: operation === 'chain' && span.parentSpanId === '' ? span.name : undefined,
    toolName:
      readString(attributes, 'tool.name', 'gen_ai.tool.name') ?? (operation === 'execute_tool' ? span.name : undefined),
    conversationId:
      readString(attributes, 'session.id', 'gen_ai.conversation.id') ??
      fieldText(metadata, 'session_id', 'sessionId', 'thread_id', 'conversation_id'),
    userId: readString(attributes, 'user.id', 'enduser.id', 'llm.user') ?? fieldText(metadata, 'user_id', 'userId'),
  };
}

function fieldText(object: JsonObject | undefined, ...fields: readonly string[]): string | undefined {
  for (const field of fields) {
    const value: JsonValue | undefined = object?.[field];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

const CONSUMED: readonly string[] = [
  'openinference.span.kind',
  'llm.provider',
  'llm.system',
  'llm.model_name',
  'llm.request.model_name',
  'llm.response.model_name',
  'llm.finish_reason',
  'embedding.model_name',
  'reranker.model_name',
  'llm.token_count.',
  'llm.cost.',
  'tool.name',
  'agent.name',
  'graph.node.',
  'tool_call.id',
  'tool.id',
];
