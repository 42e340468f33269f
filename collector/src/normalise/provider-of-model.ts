import { PROVIDER_NAMES } from './provider-names.ts';

/** Starts of model ids → the provider that sells them first-hand. Longer starts stand before shorter ones. */
const MODEL_STARTS: readonly (readonly [string, string])[] = [
  ['gpt-oss', ''],
  ['gpt-', 'openai'],
  ['chatgpt', 'openai'],
  ['o1', 'openai'],
  ['o3', 'openai'],
  ['o4', 'openai'],
  ['text-embedding-3', 'openai'],
  ['text-embedding-ada', 'openai'],
  ['text-davinci', 'openai'],
  ['davinci', 'openai'],
  ['babbage', 'openai'],
  ['dall-e', 'openai'],
  ['whisper', 'openai'],
  ['tts-', 'openai'],
  ['sora', 'openai'],
  ['omni-moderation', 'openai'],
  ['text-moderation', 'openai'],
  ['computer-use-preview', 'openai'],
  ['codex', 'openai'],
  ['ft:gpt', 'openai'],
  ['claude', 'anthropic'],
  ['gemini', 'gcp.gemini'],
  ['learnlm', 'gcp.gemini'],
  ['imagen', 'gcp.gemini'],
  ['veo-', 'gcp.gemini'],
  ['text-embedding-004', 'gcp.gemini'],
  ['text-embedding-005', 'gcp.vertex_ai'],
  ['text-bison', 'gcp.vertex_ai'],
  ['chat-bison', 'gcp.vertex_ai'],
  ['textembedding-gecko', 'gcp.vertex_ai'],
  ['mistral', 'mistral_ai'],
  ['mixtral', 'mistral_ai'],
  ['open-mi', 'mistral_ai'],
  ['codestral', 'mistral_ai'],
  ['ministral', 'mistral_ai'],
  ['pixtral', 'mistral_ai'],
  ['magistral', 'mistral_ai'],
  ['devstral', 'mistral_ai'],
  ['voxtral', 'mistral_ai'],
  ['command', 'cohere'],
  ['c4ai', 'cohere'],
  ['embed-english', 'cohere'],
  ['embed-multilingual', 'cohere'],
  ['embed-v4', 'cohere'],
  ['rerank-', 'cohere'],
  ['rerank-v', 'cohere'],
  ['deepseek', 'deepseek'],
  ['grok', 'x_ai'],
  ['sonar', 'perplexity'],
  ['kimi', 'moonshot_ai'],
  ['moonshot', 'moonshot_ai'],
  ['ibm/granite', 'ibm.watsonx.ai'],
  ['jamba', 'ai21'],
  ['voyage', 'voyage_ai'],
  ['glm-', 'zhipu_ai'],
];

/** Makers whose models have Bedrock ids: `anthropic.claude-…`, `us.amazon.nova-…`. */
const BEDROCK_MAKERS = new Set([
  'anthropic',
  'amazon',
  'meta',
  'mistral',
  'cohere',
  'ai21',
  'deepseek',
  'stability',
  'openai',
  'qwen',
  'writer',
  'luma',
  'twelvelabs',
  'google',
  'minimax',
  'moonshot',
  'nvidia',
  'zai',
]);
const BEDROCK_REGIONS = new Set([
  'us',
  'eu',
  'apac',
  'global',
  'us-gov',
  'jp',
  'au',
  'ca',
  'sa',
  'af',
  'me',
  'il',
  'in',
  'uk',
  'ap',
]);

/** The provider that a model id tells by its shape, its `provider/` prefix or its family; `undefined` when it tells none. */
export function providerOfModel(model: string): string | undefined {
  const id = model.trim().toLowerCase();
  if (id === '') return undefined;
  const prefixed = providerOfModelPrefix(id);
  if (prefixed !== undefined) return prefixed;
  if (isBedrockId(id)) return 'aws.bedrock';
  const name = id.startsWith('ft:') ? id.slice(3) : id;
  // Claude on Vertex has a date after an at sign.
  if (name.startsWith('claude') && name.includes('@')) return 'gcp.vertex_ai';
  return familyOf(name) ?? familyOf(name.slice(name.lastIndexOf('/') + 1));
}

function familyOf(name: string): string | undefined {
  for (const [start, provider] of MODEL_STARTS) {
    if (name.startsWith(start)) return provider === '' ? undefined : provider;
  }
  return undefined;
}

/** The provider of an explicit prefix such as `openai/gpt-4o`, `bedrock/…`, `models/gemini-…`, `publishers/google/…`. */
export function providerOfModelPrefix(model: string): string | undefined {
  const id = model.trim().toLowerCase();
  if (id.startsWith('models/') || id.startsWith('tunedmodels/')) return 'gcp.gemini';
  if (id.startsWith('publishers/') || id.startsWith('projects/')) return 'gcp.vertex_ai';
  const end = id.search(/[/:]/);
  if (end <= 0 || (id[end] === ':' && !id.slice(end + 1, end + 2).match(/[a-z]/))) return undefined;
  const mapped = PROVIDER_NAMES.get(id.slice(0, end));
  if (mapped === 'azure')
    return providerOfModel(id.slice(end + 1)) === 'openai' ? 'azure.ai.openai' : 'azure.ai.inference';
  if (mapped === 'google') return 'gcp.gemini';
  return mapped === 'framework' ? providerOfModel(id.slice(end + 1)) : mapped;
}

function isBedrockId(id: string): boolean {
  if (id.startsWith('arn:aws')) return id.includes(':bedrock:');
  const parts = id.split('.', 3);
  const first = parts[0] ?? '';
  if (BEDROCK_REGIONS.has(first) && parts.length > 2) return BEDROCK_MAKERS.has(parts[1] ?? '');
  return parts.length > 1 && BEDROCK_MAKERS.has(first);
}
