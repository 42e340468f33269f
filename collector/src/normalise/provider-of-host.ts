/** Ends of host names → semconv provider; the first that fits wins, so longer ends stand before shorter ones. */
const HOSTS: readonly (readonly [string, string])[] = [
  ['.openai.azure.com', 'azure.ai.openai'],
  ['.cognitiveservices.azure.com', 'azure.ai.openai'],
  ['.services.ai.azure.com', 'azure.ai.inference'],
  ['.inference.ai.azure.com', 'azure.ai.inference'],
  ['models.github.ai', 'github'],
  ['api.openai.com', 'openai'],
  ['api.anthropic.com', 'anthropic'],
  ['generativelanguage.googleapis.com', 'gcp.gemini'],
  ['aiplatform.googleapis.com', 'gcp.vertex_ai'],
  ['api.mistral.ai', 'mistral_ai'],
  ['api.cohere.com', 'cohere'],
  ['api.cohere.ai', 'cohere'],
  ['api.groq.com', 'groq'],
  ['api.deepseek.com', 'deepseek'],
  ['api.x.ai', 'x_ai'],
  ['api.perplexity.ai', 'perplexity'],
  ['.ml.cloud.ibm.com', 'ibm.watsonx.ai'],
  ['api.moonshot.ai', 'moonshot_ai'],
  ['api.moonshot.cn', 'moonshot_ai'],
  ['openrouter.ai', 'openrouter'],
  ['api.together.xyz', 'together_ai'],
  ['api.fireworks.ai', 'fireworks_ai'],
  ['api.cerebras.ai', 'cerebras'],
  ['api.deepinfra.com', 'deepinfra'],
  ['integrate.api.nvidia.com', 'nvidia'],
  ['router.huggingface.co', 'hugging_face'],
  ['.aliyuncs.com', 'alibaba_cloud'],
  ['api.z.ai', 'zhipu_ai'],
];
const MAX_ADDRESS_CHARS = 512;

/** The provider that owns the host of an address or URL; `undefined` for loopback, gateways and unknown hosts. */
export function providerOfHost(address: string): string | undefined {
  if (address === '' || address.length > MAX_ADDRESS_CHARS) return undefined;
  const host = hostOf(address);
  if (host.startsWith('bedrock') && host.includes('.amazonaws.com')) return 'aws.bedrock';
  for (const [end, provider] of HOSTS) {
    if (host.endsWith(end)) return provider;
  }
  return address.includes(':11434') ? 'ollama' : undefined;
}

/** Ends of hosts that name the place before them, where the place changes the price: `eu.api.openai.com`. */
const PLACES = ['.api.openai.com', '.api.x.ai', '-api.together.ai'];

/** The region in the host of an endpoint that is in one place; empty when there is none. */
export function regionOfHost(address: string): string {
  if (address === '' || address.length > MAX_ADDRESS_CHARS) return '';
  const host = hostOf(address);
  for (const end of PLACES) if (host.endsWith(end)) return host.slice(0, -end.length);
  if (host.endsWith('.rep.googleapis.com')) return host.split('.')[1] ?? '';
  if (host.endsWith('.amazonaws.com') && host.startsWith('bedrock')) return host.split('.')[1] ?? '';
  const vertex = host.indexOf('-aiplatform.googleapis.com');
  return vertex > 0 ? host.slice(0, vertex) : '';
}

function hostOf(address: string): string {
  const scheme = address.indexOf('://');
  let start = scheme < 0 ? 0 : scheme + 3;
  let end = start;
  for (; end < address.length; end++) {
    const char = address[end];
    if (char === '@') start = end + 1;
    if (char === '/' || char === '?' || (char === ':' && address[start] !== '[' && !address.slice(end).includes('@')))
      break;
  }
  return address.slice(start, end).toLowerCase();
}
