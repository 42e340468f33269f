import type { Attributes, OtlpSpan } from '../../otlp.ts';
import { exchangeFragments } from '../content-from-attributes.ts';
import type { Dialect, DialectFields, RawUsage, SpanFragment } from '../dialect.ts';
import { messagesFromJson } from '../messages-from-json.ts';
import { toFragment } from '../messages.ts';
import { readOperation } from '../operation.ts';
import { parseJson, readString } from '../read-attribute.ts';
import { readSemconvUsage } from '../semconv-usage.ts';
import { readToolContent } from '../span-content.ts';

/** Scopes of OpenLLMetry packages; OpenTelemetry's own packages have other last parts (`openai_v2`, `google_genai`, `genai.…`). */
const SCOPE_ENDS = [
  'openai.v1',
  'openai.v0',
  'openai',
  'anthropic',
  'bedrock',
  'cohere',
  'groq',
  'mistralai',
  'ollama',
  'together',
  'replicate',
  'alephalpha',
  'watsonx',
  'sagemaker',
  'google_generativeai',
  'vertexai',
  'langchain',
  'llamaindex',
  'haystack',
  'crewai',
  'agno',
  'openai_agents',
  'transformers',
  'writer',
  'voyageai',
  'mcp',
] as const;
const SCOPES: ReadonlySet<string> = new Set(SCOPE_ENDS.map((end) => `opentelemetry.instrumentation.${end}`));
const GOOGLE_SCOPES: ReadonlySet<string> = new Set([
  'opentelemetry.instrumentation.google_generativeai',
  'opentelemetry.instrumentation.vertexai',
  '@traceloop/instrumentation-vertexai',
]);

/**
 * OpenLLMetry (Traceloop), old (`gen_ai.prompt.N`, `llm.*`) and new (conventions 1.37+ with `gen_ai.is_streaming`).
 * Bedrock passes on input without cached tokens; Google leaves thoughts out of the output (the total has them); the others are inclusive.
 */
export const openllmetry: Dialect = {
  name: 'openllmetry',
  matches: (span) => {
    const { attributes, scope } = span;
    if (SCOPES.has(scope.name) || scope.name.startsWith('@traceloop/') || scope.name === 'traceloop.tracer')
      return isGenAi(attributes);
    return (
      attributes.has('traceloop.span.kind') ||
      attributes.has('traceloop.entity.name') ||
      attributes.has('llm.request.type') ||
      attributes.has('gen_ai.is_streaming')
    );
  },
  read: readSpan,
};

function isGenAi(attributes: Attributes): boolean {
  for (const key of attributes.keys()) {
    if (key.startsWith('gen_ai.') || key.startsWith('llm.') || key.startsWith('traceloop.')) return true;
  }
  return false;
}

function readSpan(span: OtlpSpan): DialectFields {
  const { attributes } = span;
  const operation = readOperation(span);
  const kind = readString(attributes, 'traceloop.span.kind');
  const entity = readString(attributes, 'traceloop.entity.name');
  return {
    operation,
    // The Bedrock package writes the maker of the model, and its id without the maker.
    provider: isBedrock(span) ? 'aws.bedrock' : providerName(attributes),
    usage: usageOf(span),
    agentName:
      readString(attributes, 'gen_ai.agent.name') ??
      (kind === 'agent' ? entity : undefined) ??
      readString(attributes, 'traceloop.association.properties.lc_agent_name'),
    workflowName:
      readString(attributes, 'gen_ai.workflow.name', 'traceloop.workflow.name') ??
      (kind === 'workflow' ? entity : undefined),
    toolName: readString(attributes, 'gen_ai.tool.name') ?? (kind === 'tool' ? entity : undefined),
    promptVersion: readString(
      attributes,
      'traceloop.prompt.version',
      'traceloop.prompt.version_name',
      'traceloop.prompt.version_hash'
    ),
    fragments: contentOf(span, operation),
    consumed: CONSUMED,
  };
}

function isBedrock(span: OtlpSpan): boolean {
  return (
    span.scope.name === 'opentelemetry.instrumentation.bedrock' ||
    span.scope.name === '@traceloop/instrumentation-bedrock'
  );
}

/** The LangChain callback names the framework; the association properties know who answers. */
function providerName(attributes: Attributes): string | undefined {
  const name = readString(attributes, 'gen_ai.provider.name', 'gen_ai.system');
  if (name !== undefined && name.toLowerCase() !== 'langchain') return name;
  return readString(attributes, 'traceloop.association.properties.ls_provider') ?? name;
}

function usageOf(span: OtlpSpan): RawUsage | undefined {
  const usage = readSemconvUsage(span.attributes);
  if (usage === undefined) return undefined;
  if (isBedrock(span)) return { ...usage, inputIncludesCache: false };
  if (GOOGLE_SCOPES.has(span.scope.name) && usage.reasoning === undefined)
    return { ...usage, outputIncludesReasoning: false };
  return usage;
}

/** Wrappers hold the arguments and the result of a decorated function; calls are left to the general reading. */
function contentOf(span: OtlpSpan, operation: string): readonly SpanFragment[] | undefined {
  const { attributes } = span;
  if (operation === 'execute_tool') return readToolContent(span);
  const input = attributes.get('traceloop.entity.input');
  const output = attributes.get('traceloop.entity.output');
  if (input === undefined && output === undefined) return undefined;
  if (attributes.has('gen_ai.input.messages') || attributes.has('gen_ai.prompt.0.content')) return undefined;
  // The result of a decorated function is JSON text inside JSON text.
  const inner = typeof output === 'string' ? parseJson(output) : undefined;
  const unwrapped = typeof inner === 'string' ? parseJson(inner) : undefined;
  if (unwrapped === undefined) return exchangeFragments(input, output);
  const answer = toFragment('output_messages', 'attribute', 0, messagesFromJson(unwrapped, 'assistant'));
  return answer === undefined ? exchangeFragments(input, undefined) : [...exchangeFragments(input, undefined), answer];
}

const CONSUMED: readonly string[] = [
  'traceloop.workflow.name',
  'traceloop.span.kind',
  'traceloop.association.properties.user_id',
  'traceloop.association.properties.session_id',
  'llm.request.type',
  'llm.usage.total_tokens',
  'gen_ai.openai.response.service_tier',
  'traceloop.prompt.template',
  'traceloop.prompt.template_variables.',
];
