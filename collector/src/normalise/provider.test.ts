import type { ProviderFacts } from './provider.ts';
import { normaliseProvider, withoutOwnPrefix } from './provider.ts';

function provider(facts: Partial<ProviderFacts>): string {
  return normaliseProvider({
    name: '',
    requestModel: '',
    responseModel: '',
    responseId: '',
    serverAddress: '',
    ...facts,
  });
}

describe('normaliseProvider', () => {
  test.each([
    ['openai', 'openai'],
    ['OpenAI', 'openai'],
    ['openai.chat', 'openai'],
    ['openai.responses', 'openai'],
    ['Anthropic', 'anthropic'],
    ['anthropic.messages', 'anthropic'],
    ['az.ai.inference', 'azure.ai.inference'],
    ['az.ai.openai', 'azure.ai.openai'],
    ['azure-openai.chat', 'azure.ai.openai'],
    ['gemini', 'gcp.gemini'],
    ['google.generative-ai', 'gcp.gemini'],
    ['vertex_ai', 'gcp.vertex_ai'],
    ['google.vertex.chat', 'gcp.vertex_ai'],
    ['gcp.gen_ai', 'gcp.gemini'],
    ['google', 'gcp.gemini'],
    ['xai', 'x_ai'],
    ['xai.chat', 'x_ai'],
    ['aws', 'aws.bedrock'],
    ['amazon-bedrock', 'aws.bedrock'],
    ['AWS', 'aws.bedrock'],
    ['mistral.chat', 'mistral_ai'],
    ['watsonx', 'ibm.watsonx.ai'],
    ['groq.chat', 'groq'],
    ['ollama', 'ollama'],
    ['openrouter', 'openrouter'],
    ['Acme LLM', 'acme llm'],
  ])('maps the name %s to %s', (name, expected) => {
    expect(provider({ name })).toBe(expected);
  });

  test.each([
    ['gpt-4o-mini', 'openai'],
    ['o3-mini', 'openai'],
    ['text-embedding-3-small', 'openai'],
    ['ft:gpt-4o:acme::1', 'openai'],
    ['claude-sonnet-4-5', 'anthropic'],
    ['claude-sonnet-4@20250514', 'gcp.vertex_ai'],
    ['gemini-2.5-flash', 'gcp.gemini'],
    ['models/gemini-2.5-flash', 'gcp.gemini'],
    ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'aws.bedrock'],
    ['anthropic.claude-3-haiku-20240307-v1:0', 'aws.bedrock'],
    ['arn:aws:bedrock:us-east-1:123:inference-profile/x', 'aws.bedrock'],
    ['amazon.nova-pro-v1:0', 'aws.bedrock'],
    ['bedrock/us.amazon.nova-pro-v1:0', 'aws.bedrock'],
    ['vertex_ai/gemini-2.5-pro', 'gcp.vertex_ai'],
    ['azure/gpt-4o', 'azure.ai.openai'],
    ['mistral-large-latest', 'mistral_ai'],
    ['command-r-plus', 'cohere'],
    ['deepseek-chat', 'deepseek'],
    ['grok-4', 'x_ai'],
    ['sonar-pro', 'perplexity'],
    ['kimi-k2', 'moonshot_ai'],
    ['openai/gpt-4o', 'openai'],
    ['my-own-model', ''],
    ['gpt-oss-120b', ''],
  ])('derives the provider of model %s when the name is a framework or missing', (requestModel, expected) => {
    expect([
      provider({ requestModel }),
      provider({ name: 'langchain', requestModel }),
      provider({ name: 'strands-agents', requestModel }),
    ]).toEqual([expected, expected, expected]);
  });

  test('knows Bedrock and Vertex by model and response id even when the maker is named', () => {
    expect(provider({ name: 'anthropic', requestModel: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0' })).toBe(
      'aws.bedrock'
    );
    expect(provider({ name: 'anthropic', requestModel: 'claude-sonnet-4-5', responseId: 'msg_bdrk_01abc' })).toBe(
      'aws.bedrock'
    );
    expect(provider({ name: 'anthropic', requestModel: 'claude-sonnet-4-5', responseId: 'msg_vrtx_01abc' })).toBe(
      'gcp.vertex_ai'
    );
    expect(provider({ requestModel: 'own', responseId: 'msg_01abc' })).toBe('anthropic');
  });

  test('follows the address to another vendor, but not to a loopback or a gateway', () => {
    expect(provider({ name: 'openai', requestModel: 'deepseek-chat', serverAddress: 'api.deepseek.com' })).toBe(
      'deepseek'
    );
    expect(provider({ name: 'openai', serverAddress: 'https://acme.openai.azure.com:443/openai' })).toBe(
      'azure.ai.openai'
    );
    expect(provider({ name: 'openai', serverAddress: '127.0.0.1' })).toBe('openai');
    expect(provider({ name: 'openai', serverAddress: 'http://gateway.internal:8080/v1' })).toBe('openai');
    expect(provider({ name: 'google', serverAddress: 'us-central1-aiplatform.googleapis.com' })).toBe('gcp.vertex_ai');
    expect(provider({ name: '', requestModel: 'llama3', serverAddress: 'http://localhost:11434' })).toBe('ollama');
    expect(provider({ requestModel: 'x', serverAddress: 'bedrock-runtime.eu-west-1.amazonaws.com' })).toBe(
      'aws.bedrock'
    );
  });
});

describe('withoutOwnPrefix', () => {
  test('takes off a route that names the provider itself, and nothing else', () => {
    expect(withoutOwnPrefix('openai/gpt-4o', 'openai')).toBe('gpt-4o');
    expect(withoutOwnPrefix('openai/gpt-4o', 'openrouter')).toBe('openai/gpt-4o');
    expect(withoutOwnPrefix('openai/gpt-oss-120b', 'groq')).toBe('openai/gpt-oss-120b');
    expect(withoutOwnPrefix('groq/compound', 'groq')).toBe('groq/compound');
    expect(withoutOwnPrefix('models/gemini-2.5-flash', 'gcp.gemini')).toBe('models/gemini-2.5-flash');
    expect(withoutOwnPrefix('gpt-4o', 'openai')).toBe('gpt-4o');
  });
});
