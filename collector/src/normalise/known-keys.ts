import { TEXT_KEYS } from './semconv-keys.ts';

/** Attributes that are columns of `genai.spans`, under the names of the semantic conventions of any age. */
const COLUMN_KEYS: ReadonlySet<string> = new Set([
  // Whatever names a person is kept in one place, the column, where it can be replaced by a token.
  ...TEXT_KEYS.userId,
  'ai.telemetry.metadata.userId',
  'ai.telemetry.metadata.user_id',
  'metadata.userId',
  'metadata.user_id',
  'langfuse.trace.metadata.user_id',
  'gen_ai.operation.name',
  'gen_ai.provider.name',
  'gen_ai.system',
  'gen_ai.request.model',
  'gen_ai.response.model',
  'gen_ai.response.id',
  'gen_ai.response.finish_reasons',
  'gen_ai.request.stream',
  'gen_ai.is_streaming',
  'llm.is_streaming',
  'gen_ai.request.is_stream',
  'gen_ai.response.time_to_first_chunk',
  'gen_ai.agent.name',
  'gen_ai.agent.id',
  'gen_ai.agent.version',
  'gen_ai.workflow.name',
  'gen_ai.conversation.id',
  'session.id',
  'user.id',
  'enduser.id',
  'gen_ai.prompt.name',
  'gen_ai.prompt.version',
  'gen_ai.tool.name',
  'error.type',
  'error.message',
  'openai.response.service_tier',
  'gen_ai.openai.response.service_tier',
  'anthropic.response.service_tier',
]);

/** Token counts that are columns of a model call. */
const USAGE_KEYS: ReadonlySet<string> = new Set([
  'gen_ai.usage.input_tokens',
  'gen_ai.usage.output_tokens',
  'gen_ai.usage.prompt_tokens',
  'gen_ai.usage.completion_tokens',
  'gen_ai.usage.total_tokens',
  'llm.usage.total_tokens',
  'gen_ai.usage.cache_read.input_tokens',
  'gen_ai.usage.cache_write.input_tokens',
  'gen_ai.usage.cache_creation.input_tokens',
  'gen_ai.usage.cache_read_input_tokens',
  'gen_ai.usage.cache_creation_input_tokens',
  'gen_ai.usage.cache_write_input_tokens',
  'gen_ai.usage.reasoning.output_tokens',
  'gen_ai.usage.reasoning_tokens',
  'gen_ai.usage.audio.input_tokens',
  'gen_ai.usage.audio.output_tokens',
  'anthropic.usage.cache_creation.ephemeral_1h_input_tokens',
  'anthropic.usage.cache_creation.ephemeral_5m_input_tokens',
]);

/** Attributes that describe the sender's code, repeat other fields, or hold the whole span once more. */
const NOISE_KEYS: ReadonlySet<string> = new Set([
  'logfire.json_schema',
  'logfire.msg',
  'logfire.msg_template',
  'logfire.metrics',
  'telemetry.sdk.name',
  'telemetry.sdk.language',
  'telemetry.sdk.version',
  'input.mime_type',
  'output.mime_type',
  'service.name',
]);

/** Attributes that hold message content, whole requests, answers or vectors, of any known instrumentation. */
const CONTENT_KEYS: ReadonlySet<string> = new Set([
  'gen_ai.input.messages',
  'gen_ai.output.messages',
  'gen_ai.system_instructions',
  'gen_ai.tool.definitions',
  'gen_ai.prompt',
  'gen_ai.completion',
  'gen_ai.tool.call.arguments',
  'gen_ai.tool.call.result',
  'gen_ai.tool.args',
  'gen_ai.tool.input',
  'gen_ai.tool.output',
  'gen_ai.tool.result',
  'gen_ai.tool.parameters',
  'gen_ai.request.messages',
  'gen_ai.response.text',
  'gen_ai.input',
  'gen_ai.output',
  'gen_ai.task.input',
  'gen_ai.task.output',
  'gen_ai.retrieval.query.text',
  'gen_ai.retrieval.documents',
  'gen_ai.headers',
  'input.value',
  'output.value',
  'llm.prompts',
  'llm.completions',
  'llm.input_messages',
  'llm.output_messages',
  'llm.invocation_parameters',
  'embedding.invocation_parameters',
  'llm.prompt_template.template',
  'llm.prompt_template.variables',
  'tool.parameters',
  'tool.json_schema',
  'traceloop.entity.input',
  'traceloop.entity.output',
  'events',
  'all_messages_events',
  'pydantic_ai.all_messages',
  'final_result',
  'tool_arguments',
  'tool_response',
  'model_request_parameters',
  'request_data',
  'response_data',
  'ai.prompt',
  'ai.prompt.messages',
  'ai.prompt.tools',
  'ai.response.text',
  'ai.response.toolCalls',
  'ai.response.object',
  'ai.response.reasoning',
  'ai.result.text',
  'ai.result.object',
  'ai.result.toolCalls',
  'ai.values',
  'ai.value',
  'ai.embeddings',
  'ai.embedding',
  'ai.schema',
  'ai.toolCall.args',
  'ai.toolCall.result',
  'langfuse.observation.input',
  'langfuse.observation.output',
  'langfuse.trace.input',
  'langfuse.trace.output',
  'mlflow.spanInputs',
  'mlflow.spanOutputs',
  'genkit:input',
  'genkit:output',
  'gcp.vertex.agent.llm_request',
  'gcp.vertex.agent.llm_response',
  'gcp.vertex.agent.tool_call_args',
  'gcp.vertex.agent.tool_response',
  'gcp.vertex.agent.data',
  'exception.stacktrace',
]);

/** Starts of numbered attributes that hold content. */
const CONTENT_PREFIXES = [
  'gen_ai.prompt.',
  'gen_ai.completion.',
  'llm.input_messages.',
  'llm.output_messages.',
  'llm.request.functions.',
  'llm.tools.',
  'llm.prompts.',
  'llm.completions.',
  'embedding.embeddings.',
  'retrieval.documents.',
  'reranker.',
  'gen_ai.tool.definitions.',
  'gen_ai.input.messages.',
  'gen_ai.output.messages.',
  'gen_ai.prompt.variable.',
] as const;

/** Attributes below those starts that are not content. */
const NOT_CONTENT = new Set(['gen_ai.prompt.name', 'gen_ai.prompt.version', 'gen_ai.prompt.id']);

/** What becomes of an attribute: a column (or nothing worth keeping), content, a token count, or undefined for the rest. */
export type KnownKey = 'column' | 'content' | 'usage';

const KNOWN: ReadonlyMap<string, KnownKey> = new Map<string, KnownKey>([
  ...[...CONTENT_KEYS].map((key) => [key, 'content'] as const),
  ...[...USAGE_KEYS].map((key) => [key, 'usage'] as const),
  ...[...COLUMN_KEYS, ...NOISE_KEYS].map((key) => [key, 'column'] as const),
]);

/** Looks up an attribute key, numbered content such as `llm.input_messages.0.message.content` included. */
export function knownKey(key: string): KnownKey | undefined {
  const known = KNOWN.get(key);
  if (known !== undefined) return known;
  const first = key.charCodeAt(0);
  if (first !== 0x67 && first !== 0x6c && first !== 0x65 && first !== 0x72) return undefined;
  for (const prefix of CONTENT_PREFIXES) {
    if (key.startsWith(prefix)) return NOT_CONTENT.has(key) ? undefined : 'content';
  }
  return undefined;
}
