import type { Attributes } from '../../otlp.ts';
import { contentFragment, exchangeFragments } from '../content-from-attributes.ts';
import type { Dialect, DialectFields, RawUsage, SpanFragment } from '../dialect.ts';
import { presentFragments } from '../messages.ts';
import { firstText } from '../parts-from-json.ts';
import type { JsonObject, JsonValue } from '../read-attribute.ts';
import { isJsonObject, readJsonObject, readString } from '../read-attribute.ts';
import { usageFromJson } from '../usage-from-json.ts';

/** Ends of component types → operation. Components that only prepare or route data are steps. */
const COMPONENTS: readonly (readonly [RegExp, string])[] = [
  [/(?:Chat)?Generator$/, 'chat'],
  [/(?:Text|Document)Embedder$/, 'embeddings'],
  [/Ranker$/, 'rerank'],
  [/Retriever$/, 'retrieval'],
  [/WebSearch$/, 'retrieval'],
  [/ToolInvoker$/, 'execute_tool'],
  [/Agent$/, 'invoke_agent'],
];

/** Starts of class names of generators and embedders → provider; others are told by the model. */
const PROVIDERS: readonly (readonly [string, string])[] = [
  ['AzureOpenAI', 'azure.ai.openai'],
  ['OpenAI', 'openai'],
  ['Anthropic', 'anthropic'],
  ['AmazonBedrock', 'aws.bedrock'],
  ['Cohere', 'cohere'],
  ['Mistral', 'mistral_ai'],
  ['GoogleGenAI', 'gcp.gemini'],
  ['GoogleAI', 'gcp.gemini'],
  ['VertexAI', 'gcp.vertex_ai'],
  ['Ollama', 'ollama'],
  ['Nvidia', 'nvidia'],
  ['Watsonx', 'ibm.watsonx.ai'],
  ['TogetherAI', 'together_ai'],
  ['OpenRouter', 'openrouter'],
  ['HuggingFaceAPI', 'hugging_face'],
];

/** Models that run in the program itself are not a call to a provider. */
const LOCAL =
  /^(?:SentenceTransformers|HuggingFaceLocal|TransformersSimilarity|LlamaCpp|Fastembed|InstructorEmbedders|LostInTheMiddle|MetaField|Diversity)/;

/**
 * Haystack's own tracing: one span per component with `haystack.component.*`. Input and output are only there with content
 * tracing switched on; usage, model and finish reason are then in the `meta` of the first reply (or of an embedder's answer),
 * else unknown.
 */
export const haystack: Dialect = {
  name: 'haystack',
  matches: ({ attributes, name }) =>
    attributes.has('haystack.component.type') ||
    (name.startsWith('haystack.') && (name === 'haystack.pipeline.run' || name.startsWith('haystack.agent.'))),
  read: ({ attributes, name }) => {
    if (!attributes.has('haystack.component.type')) return readWrapper(attributes, name);
    const type = readString(attributes, 'haystack.component.type') ?? '';
    const operation = LOCAL.test(type) ? 'chain' : (COMPONENTS.find(([end]) => end.test(type))?.[1] ?? 'chain');
    const output = readJsonObject(attributes, 'haystack.component.output');
    const meta = metaOf(output);
    const reason = meta === undefined ? undefined : firstText(meta, 'finish_reason', 'stop_reason');
    const model = meta === undefined ? undefined : firstText(meta, 'model');
    return {
      operation,
      provider: PROVIDERS.find(([start]) => type.startsWith(start))?.[1],
      requestModel: model,
      responseModel: model,
      responseId: meta === undefined ? undefined : firstText(meta, 'id'),
      usage: readUsage(meta),
      finishReasons: reason === undefined ? undefined : [reason],
      agentName: operation === 'invoke_agent' ? readString(attributes, 'haystack.component.name') : undefined,
      toolName: operation === 'execute_tool' ? readString(attributes, 'haystack.component.name') : undefined,
      fragments: readContent(attributes, operation, output),
      consumed: CONSUMED,
    } satisfies DialectFields;
  },
};

function readWrapper(attributes: Attributes, name: string): DialectFields {
  const operation =
    name === 'haystack.pipeline.run' ? 'invoke_workflow' : name === 'haystack.agent.run' ? 'invoke_agent' : 'chain';
  const input = attributes.get('haystack.pipeline.input_data') ?? attributes.get('haystack.agent.input');
  const output = attributes.get('haystack.pipeline.output_data') ?? attributes.get('haystack.agent.output');
  return { operation, usage: null, fragments: exchangeFragments(input, output), consumed: CONSUMED };
}

function metaOf(output: JsonObject | undefined): JsonObject | undefined {
  if (isJsonObject(output?.['meta'])) return output['meta'];
  for (const list of [output?.['meta'], output?.['replies']]) {
    const first = Array.isArray(list) ? (list as readonly JsonValue[])[0] : undefined;
    if (!isJsonObject(first)) continue;
    const meta = first['_meta'] ?? first['meta'];
    if (isJsonObject(meta)) return meta;
    if (first['model'] !== undefined || first['usage'] !== undefined) return first;
  }
  return undefined;
}

function readUsage(meta: JsonObject | undefined): RawUsage | undefined {
  return usageFromJson(meta?.['usage']);
}

function readContent(
  attributes: Attributes,
  operation: string,
  output: JsonObject | undefined
): readonly SpanFragment[] {
  const input = readJsonObject(attributes, 'haystack.component.input');
  // Vectors are not content.
  const answer = operation === 'embeddings' ? undefined : (output?.['replies'] ?? output);
  const asked =
    input?.['messages'] ??
    input?.['prompt'] ??
    input?.['text'] ??
    input?.['query'] ??
    (operation === 'embeddings' ? undefined : input);
  return presentFragments(
    asked === undefined || asked === null
      ? undefined
      : contentFragment('input_messages', 'attribute', 0, JSON.stringify(plainMessages(asked))),
    answer === undefined
      ? undefined
      : contentFragment('output_messages', 'attribute', 0, JSON.stringify(plainMessages(answer)))
  );
}

/** Haystack's messages keep role, content and meta under names with an underscore in older versions. */
function plainMessages(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(plainMessages);
  if (!isJsonObject(value) || value['_role'] === undefined) return value;
  return { role: value['_role'], content: value['_content'] ?? null };
}

const CONSUMED: readonly string[] = [
  'haystack.component.input',
  'haystack.component.output',
  'haystack.component.input_spec',
  'haystack.component.output_spec',
  'haystack.pipeline.input_data',
  'haystack.pipeline.output_data',
  'haystack.agent.input',
  'haystack.agent.output',
  'haystack.agent.state_schema',
];
