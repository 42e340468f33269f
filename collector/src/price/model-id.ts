import { priceProvider } from './price-provider.ts';

/** A longer text is not a model id; it is not looked up. */
export const MAX_MODEL_CHARS = 256;

/** Cross-region inference profiles of Bedrock: https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html . */
const BEDROCK_PROFILE = /^(?:us-gov|us|eu|apac|ap|au|jp|ca|sa|me|af|il|in|uk|global)\./;
const BEDROCK_MAKER =
  /^(?:amazon|anthropic|meta|mistral|cohere|ai21|deepseek|openai|qwen|writer|nvidia|google|minimax|moonshot|zai)\./;

/** What LiteLLM puts before a Bedrock id: the API, or the region of a call that no inference profile routes. */
const BEDROCK_ROUTE = /^(?:converse|invoke|[a-z]{2}(?:-gov)?-[a-z]+-\d)\//;

/** Lower case, without white space around and without the resource path that cloud APIs put before a model id. */
export function normaliseModelId(model: string): string {
  const id = model.trim().toLowerCase();
  if (id.startsWith('arn:')) return id.slice(id.lastIndexOf('/') + 1);
  const models = /^(?:models|publishers\/[^/]+\/models|projects\/.*\/publishers\/[^/]+\/models)\//.exec(id);
  return models === null ? id : id.slice(models[0].length);
}

/**
 * The spellings under which a provider of the price data may list a model, most exact first:
 * as sent, without the provider's own name before a slash, and on Bedrock without region and maker.
 * A `global.` profile is never read as a regional one: it has prices of its own.
 */
export function modelIdCandidates(provider: string, model: string): readonly string[] {
  const id = normaliseModelId(model);
  const candidates = [id];
  const slash = id.indexOf('/');
  if (slash > 0) {
    const named = priceProvider(id.slice(0, slash)).sellers;
    // `anthropic/claude-…` on Vertex and `openai/gpt-…` on Azure name the maker.
    const own = named.some((seller) => seller === provider || priceProvider(provider).resold.includes(seller));
    if (own) candidates.push(normaliseModelId(id.slice(slash + 1)));
  }
  if (provider !== 'aws') return candidates;
  const route = candidates.at(-1)!.replace(BEDROCK_ROUTE, '');
  if (route !== candidates.at(-1)) candidates.push(route);
  const bare = candidates.at(-1)!;
  if (bare.startsWith('global.')) return candidates;
  const withoutProfile = bare.replace(BEDROCK_PROFILE, '');
  if (withoutProfile !== bare) candidates.push(withoutProfile);
  const withoutMaker = withoutProfile.replace(BEDROCK_MAKER, '');
  if (withoutMaker !== withoutProfile) candidates.push(withoutMaker);
  return candidates;
}

/** True for ids that only Bedrock uses, such as `us.anthropic.claude-…` and its ARNs. */
export function isBedrockId(model: string): boolean {
  const id = model.trim().toLowerCase();
  if (id.startsWith('arn:aws')) return id.includes(':bedrock:');
  return BEDROCK_MAKER.test(id.replace(BEDROCK_PROFILE, ''));
}
