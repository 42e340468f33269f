import * as fc from 'fast-check';
import type { AttributeValue } from '../otlp.ts';
import { DIALECTS } from './dialects.ts';
import { spanOf } from './testing/span-of.ts';

/** Attributes that dialects look at, with values of any kind and size. */
const KEYS = [
  'ai.operationId',
  'ai.usage.inputTokens',
  'ai.prompt.messages',
  'ai.response.toolCalls',
  'ai.response.providerMetadata',
  'gen_ai.operation.name',
  'gen_ai.request.model',
  'gen_ai.usage.input_tokens',
  'gen_ai.input.messages',
  'gen_ai.output.messages',
  'gen_ai.prompt',
  'gen_ai.completion',
  'genkit:type',
  'genkit:metadata:subtype',
  'genkit:input',
  'genkit:output',
  'mlflow.spanType',
  'mlflow.spanInputs',
  'mlflow.spanOutputs',
  'mlflow.chat.tokenUsage',
  'langsmith.span.kind',
  'litellm.call_id',
  'metadata.usage_object',
  'logfire.span_type',
  'request_data',
  'response_data',
  'events',
  'gen_ai.usage.raw',
  'model_request_parameters',
  'agent_name',
  'gcp.vertex.agent.llm_request',
  'gcp.vertex.agent.llm_response',
  'haystack.component.type',
  'haystack.component.output',
  'mastra.span.type',
  'mastra.completion_start_time',
  'spring.ai.kind',
  'lmnr.span.type',
  'lk.llm_metrics',
  'span.type',
  'entity.type',
  'entity.id',
  'openinference.span.kind',
  'langfuse.observation.type',
  'response.raw.usage.prompt_tokens',
  'messages',
  'content',
  'message',
] as const;
const SCOPES = [
  'ai',
  'gen_ai',
  'genkit-tracer',
  'litellm',
  'logfire.openai',
  'pydantic-ai',
  'strands.telemetry.tracer',
  'gcp.vertex.agent',
  'autogen-core',
  'semantic_kernel.x',
  'agent_framework',
  'livekit-agents',
  'pipecat',
  'llamaindex.opentelemetry.tracer',
  'vllm.engine',
  'com.anthropic.sdk.python',
  'opentelemetry.instrumentation.openai_v2',
  'x',
] as const;
const NAMES = [
  'call_llm',
  'llm_request',
  'llm',
  'claude_code.tool',
  'haystack.pipeline.run',
  'streaming response from x',
  'agent run',
  'x',
] as const;

const text = fc.oneof(
  fc.string(),
  fc.json({ maxDepth: 5 }),
  fc.constantFrom(
    'llm',
    'model',
    'LLM',
    'chat',
    '"CHAT_MODEL"',
    "{'a': None}",
    '[{',
    '{}',
    '[null]',
    '[{"role":1,"parts":{}}]'
  )
);
const scalar: fc.Arbitrary<AttributeValue> = fc.oneof(
  text,
  fc.double(),
  fc.bigInt(),
  fc.boolean(),
  fc.constant(null),
  fc.uint8Array()
);
const value: fc.Arbitrary<AttributeValue> = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 4 }),
  fc.array(fc.tuple(fc.string(), scalar), { maxLength: 4 }).map((pairs) => new Map(pairs))
);
const attributes = fc.dictionary(fc.constantFrom(...KEYS), value, { noNullPrototype: true });
const eventName = fc.constantFrom(
  'exception',
  'gen_ai.choice',
  'gen_ai.user.message',
  'gen_ai.client.inference.operation.details',
  'LLMChatStartEvent',
  'LLMChatEndEvent',
  'mlflow.chunk.item.0',
  'tool.output'
);

describe('DIALECTS', () => {
  it('have names of their own', () => {
    expect(new Set(DIALECTS.map((dialect) => dialect.name)).size).toBe(DIALECTS.length);
  });

  it('read any attribute values without throwing, and give JSON arrays as content', () => {
    const span = fc.record({
      attributes,
      scope: fc.constantFrom(...SCOPES),
      name: fc.constantFrom(...NAMES),
      events: fc.array(fc.record({ name: eventName, attributes }), { maxLength: 3 }),
      status: fc.nat(2),
    });
    fc.assert(
      fc.property(span, ({ attributes: given, ...options }) => {
        const built = spanOf(given, options);
        for (const dialect of DIALECTS) {
          dialect.matches(built);
          for (const fragment of dialect.read(built).fragments ?? []) {
            if (!Array.isArray(JSON.parse(fragment.body))) return false;
          }
        }
        return true;
      }),
      { numRuns: 300 }
    );
  });
});
