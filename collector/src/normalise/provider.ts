import { PROVIDER_NAMES } from './provider-names.ts';
import { providerOfHost } from './provider-of-host.ts';
import { providerOfModel, providerOfModelPrefix } from './provider-of-model.ts';

/** What a span says about who answered. */
export interface ProviderFacts {
  /** As sent; empty when not given. */
  readonly name: string;
  readonly requestModel: string;
  readonly responseModel: string;
  readonly responseId: string;
  /** Host or URL, as sent. */
  readonly serverAddress: string;
}

/** Answers remembered; providers × models of one installation are few. */
const MAX_REMEMBERED = 4096;
const MAX_NAME_CHARS = 128;

/** Names under which another cloud may in truth serve the model. */
const RESOLD = new Set(['anthropic', 'aws.bedrock', 'meta', 'cohere', 'mistral_ai', 'deepseek', 'amazon', '']);

interface Answer extends ProviderFacts {
  readonly provider: string;
}

/** By request model: the other facts of one model take few values, and comparing them is cheaper than one long key. */
const remembered = new Map<string, Answer[]>();
const MAX_ANSWERS_PER_MODEL = 16;

/**
 * The semconv `gen_ai.provider.name` of a call. Old names, other spellings and `openai.chat` forms are mapped;
 * the name of a framework or an empty name is replaced by what the model name, the response id or the server's address tells.
 * A loopback or gateway address never changes a given provider. Unknown names are kept in lower case; '' = not known.
 */
export function normaliseProvider(facts: ProviderFacts): string {
  // Only the start of the id tells something, and every id differs.
  const responseId = facts.responseId.startsWith('msg_') ? facts.responseId.slice(0, 9) : '';
  let answers = remembered.get(facts.requestModel);
  if (answers !== undefined) {
    for (const answer of answers) {
      if (
        answer.name === facts.name &&
        answer.responseModel === facts.responseModel &&
        answer.serverAddress === facts.serverAddress &&
        answer.responseId === responseId
      ) {
        return answer.provider;
      }
    }
  }
  const provider = decide(facts);
  if (answers === undefined) {
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    answers = [];
    remembered.set(facts.requestModel, answers);
  }
  if (answers.length < MAX_ANSWERS_PER_MODEL) answers.push({ ...facts, responseId, provider });
  return provider;
}

/**
 * `openai/gpt-4o` sent to OpenAI is LiteLLM's way to name the route; the model that went over the wire has no prefix. An id whose prefix
 * is not the provider itself is kept (`openai/gpt-4o` at OpenRouter, `openai/gpt-oss-120b` at Groq).
 */
export function withoutOwnPrefix(model: string, provider: string): string {
  const end = model.indexOf('/');
  if (end <= 0 || provider === '' || KEEPS_PREFIX.has(provider)) return model;
  return PROVIDER_NAMES.get(model.slice(0, end).toLowerCase()) === provider ? model.slice(end + 1) : model;
}

/** Providers that sell models whose id begins with their own name (`groq/compound`, `openrouter/auto`). */
const KEEPS_PREFIX: ReadonlySet<string> = new Set(['groq', 'openrouter', 'nvidia', 'cloudflare', 'github']);

function decide(facts: ProviderFacts): string {
  const named = mapName(facts.name, facts);
  const host = providerOfHost(facts.serverAddress);
  if (facts.responseId.startsWith('msg_bdrk_')) return 'aws.bedrock';
  if (facts.responseId.startsWith('msg_vrtx_')) return 'gcp.vertex_ai';
  if (named === undefined) {
    return (
      host ??
      providerOfModel(facts.requestModel) ??
      providerOfModel(facts.responseModel) ??
      (facts.responseId.startsWith('msg_') ? 'anthropic' : '')
    );
  }
  // Clients made for OpenAI and Anthropic are pointed at other vendors by their base URL.
  if ((named === 'openai' || named === 'anthropic') && host !== undefined) return host;
  if (RESOLD.has(named) && providerOfModel(facts.requestModel) === 'aws.bedrock') return 'aws.bedrock';
  return named;
}

/** `undefined` when the name says nothing about the provider (empty, a framework, a gateway). */
function mapName(raw: string, facts: ProviderFacts): string | undefined {
  const name = raw.trim().toLowerCase().slice(0, MAX_NAME_CHARS);
  if (name === '') return undefined;
  const mapped = PROVIDER_NAMES.get(name) ?? mapByFirstPart(name);
  if (mapped === 'framework') return undefined;
  if (mapped === 'google') return googleProduct(name, facts);
  if (mapped === 'azure') return azureProduct(facts);
  return mapped ?? name;
}

/** `openai.chat`, `google.vertex.chat`, `groq/llama`, `AzureOpenAI.responses`: the longest known start decides. */
function mapByFirstPart(name: string): string | undefined {
  for (let end = name.length; end > 0;) {
    end = Math.max(name.lastIndexOf('.', end - 1), name.lastIndexOf('/', end - 1), name.lastIndexOf(':', end - 1));
    if (end <= 0) return undefined;
    const mapped = PROVIDER_NAMES.get(name.slice(0, end));
    if (mapped !== undefined) return mapped;
  }
  return undefined;
}

function googleProduct(name: string, facts: ProviderFacts): string {
  const host = providerOfHost(facts.serverAddress);
  if (host !== undefined) return host;
  return name.includes('vertex') || providerOfModelPrefix(facts.requestModel) === 'gcp.vertex_ai'
    ? 'gcp.vertex_ai'
    : 'gcp.gemini';
}

function azureProduct(facts: ProviderFacts): string {
  const host = providerOfHost(facts.serverAddress);
  if (host?.startsWith('azure.') === true) return host;
  const maker = providerOfModel(facts.responseModel) ?? providerOfModel(facts.requestModel);
  return maker === undefined || maker === 'openai' || maker === 'azure.ai.openai'
    ? 'azure.ai.openai'
    : 'azure.ai.inference';
}
