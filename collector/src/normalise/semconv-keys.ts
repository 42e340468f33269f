/**
 * Attributes of each field, most exact first: the current semantic conventions, their earlier names, then names that many
 * instrumentations share. The first key with a usable value wins.
 */
export const TEXT_KEYS = {
  provider: ['gen_ai.provider.name', 'gen_ai.system', 'llm.provider', 'llm.system', 'llm.vendor'],
  serverAddress: ['server.address', 'gen_ai.openai.api_base', 'net.peer.name', 'url.full'],
  requestModel: ['gen_ai.request.model', 'llm.request.model_name', 'llm.request.model'],
  responseModel: ['gen_ai.response.model', 'llm.response.model_name', 'llm.response.model', 'llm.model_name'],
  responseId: ['gen_ai.response.id'],
  answeredTier: [
    'openai.response.service_tier',
    'gen_ai.openai.response.service_tier',
    'anthropic.response.service_tier',
    'gen_ai.response.service_tier',
  ],
  askedTier: [
    'openai.request.service_tier',
    'gen_ai.openai.request.service_tier',
    'gen_ai.request.service_tier',
    'anthropic.request.service_tier',
  ],
  region: ['cloud.region', 'aws.region'],
  inferenceGeo: [
    'anthropic.usage.inference_geo',
    'anthropic.response.inference_geo',
    'anthropic.request.inference_geo',
  ],
  agentName: ['gen_ai.agent.name', 'agent.name', 'agent_name'],
  agentId: ['gen_ai.agent.id'],
  agentVersion: ['gen_ai.agent.version'],
  workflowName: ['gen_ai.workflow.name', 'traceloop.workflow.name'],
  promptName: [
    'gen_ai.prompt.name',
    'prompt.name',
    'traceloop.prompt.key',
    'langfuse.observation.prompt.name',
    'prompt.id',
    'gen_ai.prompt.id',
  ],
  promptVersion: [
    'gen_ai.prompt.version',
    'traceloop.prompt.version',
    'langfuse.observation.prompt.version',
    'llm.prompt_template.version',
    'prompt.version',
  ],
  toolName: ['gen_ai.tool.name'],
  conversationId: [
    'gen_ai.conversation.id',
    'session.id',
    'langfuse.session.id',
    'traceloop.association.properties.session_id',
    'traceloop.association.properties.conversation_id',
    'traceloop.association.properties.thread_id',
    'traceloop.association.properties.chat_id',
    'langsmith.metadata.session_id',
    'langsmith.metadata.thread_id',
    'langsmith.metadata.conversation_id',
    'langfuse.trace.metadata.session_id',
    'mlflow.trace.session',
  ],
  userId: [
    'user.id',
    'enduser.id',
    'langfuse.user.id',
    'traceloop.association.properties.user_id',
    'gen_ai.user',
    'llm.user',
    'gen_ai.request.user',
    'langsmith.metadata.user_id',
    'mlflow.trace.user',
  ],
  firstEnvironment: ['langfuse.environment'],
  environment: ['deployment.environment.name', 'deployment.environment', 'gen_ai.environment'],
  serviceName: ['service.name'],
} as const satisfies Record<string, readonly string[]>;

export const COUNT_KEYS = {
  input: ['gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens', 'llm.usage.prompt_tokens'],
  output: ['gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens', 'llm.usage.completion_tokens'],
  total: ['gen_ai.usage.total_tokens', 'llm.usage.total_tokens'],
  cacheRead: [
    'gen_ai.usage.cache_read.input_tokens',
    'gen_ai.usage.cache_read_input_tokens',
    'gen_ai.usage.details.cache_read_tokens',
    'gen_ai.usage.details.cache_read_input_tokens',
    'gen_ai.usage.input_tokens.cached',
    'gen_ai.usage.cached_tokens',
    'gen_ai.usage.cached_input_tokens',
  ],
  cacheWrite: [
    'gen_ai.usage.cache_write.input_tokens',
    'gen_ai.usage.cache_creation.input_tokens',
    'gen_ai.usage.cache_creation_input_tokens',
    'gen_ai.usage.cache_write_input_tokens',
    'gen_ai.usage.details.cache_write_tokens',
    'gen_ai.usage.details.cache_creation_input_tokens',
    'gen_ai.usage.input_tokens.cache_write',
  ],
  cacheWrite1h: ['anthropic.usage.cache_creation.ephemeral_1h_input_tokens'],
  reasoning: [
    'gen_ai.usage.reasoning.output_tokens',
    'gen_ai.usage.reasoning_tokens',
    'gen_ai.usage.details.reasoning_tokens',
    'gen_ai.usage.output_tokens.reasoning',
    'llm.usage.reasoning_tokens',
  ],
  audioInput: ['gen_ai.usage.audio.input_tokens', 'gen_ai.usage.details.input_audio_tokens'],
  audioOutput: ['gen_ai.usage.audio.output_tokens', 'gen_ai.usage.details.output_audio_tokens'],
  retries: ['http.request.resend_count', 'retry_attempts'],
} as const satisfies Record<string, readonly string[]>;

export const NUMBER_KEYS = {
  secondsToFirstChunk: ['gen_ai.response.time_to_first_chunk', 'gen_ai.client.operation.time_to_first_chunk'],
  reportedCost: [
    'gen_ai.usage.cost',
    'gen_ai.cost.total_cost',
    'operation.cost',
    'llm.cost.total',
    'gen_ai.usage.total_cost',
  ],
} as const satisfies Record<string, readonly string[]>;

export const FLAG_KEYS = {
  streaming: ['gen_ai.request.stream', 'gen_ai.is_streaming', 'llm.is_streaming', 'gen_ai.request.is_stream'],
} as const satisfies Record<string, readonly string[]>;

export const LIST_KEYS = {
  finishReasons: [
    'gen_ai.response.finish_reasons',
    'gen_ai.response.finish_reason',
    'anthropic.message.stop_reason',
    'llm.finish_reason',
    'llm.response.finish_reason',
    'gen_ai.completion.0.finish_reason',
  ],
} as const satisfies Record<string, readonly string[]>;
