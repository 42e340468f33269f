/** Who may have billed a call, in the terms of the price data. */
export interface PriceProvider {
  /** Providers of the price data; several when one name covers several price lists, and then only one may list the model. Empty: none. */
  readonly sellers: readonly string[];
  /** Makers whose models the seller also serves, at the makers' prices, where it lists none of its own. */
  readonly resold: readonly string[];
  /**
   * Makers whose own price list applies when nobody above lists the model:
   * `any` for gateways, frameworks and unknown names, some for clients that are often pointed elsewhere, none for hosts with prices of their own.
   */
  readonly makers: 'any' | readonly string[];
}

/**
 * Makers that alone sell their models. Clients made for OpenAI are pointed at gateways that serve these;
 * open weights are left out, because the same client also speaks to servers that bill nothing.
 */
const CLOSED_MAKERS = ['anthropic', 'google', 'x-ai', 'perplexity'];

const GATEWAY: PriceProvider = { sellers: [], resold: [], makers: 'any' };
/** Runs models itself, and the price data has no prices for it: whatever the model is called, the maker's price does not apply. */
const OTHER_HOST: PriceProvider = { sellers: [], resold: [], makers: [] };

/** Provider of the price data → its names: semconv `gen_ai.provider.name` and other spellings, with `-`, `.` and spaces written as `_`. */
const SELLER_NAMES: Readonly<Record<string, string>> = {
  openai: 'openai open_ai',
  anthropic: 'anthropic claude claude_platform',
  google:
    'gcp_gemini gcp_vertex_ai gcp_gen_ai google gemini vertex_ai vertexai vertex vertex_ai_beta google_vertex google_vertexai ' +
    'google_genai google_gla google_generative_ai googleai',
  aws: 'aws_bedrock bedrock amazon_bedrock bedrock_converse bedrock_runtime amazon aws',
  azure:
    'azure_ai_openai azure_ai_inference az_ai_openai az_ai_inference azure azure_openai azureopenai azure_ai azure_ai_foundry',
  cohere: 'cohere cohere_chat',
  deepseek: 'deepseek',
  groq: 'groq',
  mistral: 'mistral_ai mistral mistralai',
  perplexity: 'perplexity perplexity_ai',
  'x-ai': 'x_ai xai grok',
  moonshotai: 'moonshot_ai moonshot moonshotai',
  openrouter: 'openrouter open_router',
  together: 'together_ai together togetherai',
  fireworks: 'fireworks_ai fireworks fireworksai',
  cerebras: 'cerebras',
  cloudflare: 'cloudflare workers_ai cloudflare_workers_ai',
  voyageai: 'voyage_ai voyage voyageai',
  minimax: 'minimax',
  zai: 'zai z_ai',
  zhipuai: 'zhipuai',
  novita: 'novita novita_ai',
  'github-copilot': 'github_copilot',
  baseten: 'baseten',
  arcee: 'arcee arcee_ai',
  avian: 'avian',
  cursor: 'cursor',
  ovhcloud: 'ovhcloud ovh',
  doubleword: 'doubleword',
  modal: 'modal',
  quicksilverpro: 'quicksilverpro',
  typesafe: 'typesafe',
};

const OTHER_HOST_NAMES =
  'ollama vllm hosted_vllm lm_studio lmstudio llama_cpp llamacpp llamafile localai sglang tgi triton transformers mlx gpt4all xinference ' +
  'hugging_face huggingface ibm_watsonx_ai watsonx aws_sagemaker sagemaker databricks snowflake replicate nvidia nvidia_nim deepinfra ' +
  'sambanova nebius ai21 alibaba_cloud dashscope github anyscale hyperbolic lambda';

const RESOLD: Readonly<Record<string, readonly string[]>> = {
  google: ['anthropic'],
  // Azure sells the models of DeepSeek, xAI and Moonshot too, at prices of its own (the data falls back to the makers' all the same):
  // https://azure.microsoft.com/pricing/details/phi-3/, …/ai-foundry-models/
  azure: ['openai', 'anthropic'],
};

const PROVIDERS: ReadonlyMap<string, PriceProvider> = new Map<string, PriceProvider>([
  ...Object.entries(SELLER_NAMES).flatMap(([seller, names]) => named(names, sellerOf(seller))),
  ...named(OTHER_HOST_NAMES, OTHER_HOST),
  // This name covers two houses with prices of their own, bigmodel.cn and z.ai.
  ...named('zhipu_ai zhipu', { sellers: ['zhipuai', 'zai'], resold: [], makers: [] }),
]);

/**
 * Who may have billed a call of the provider with this name (semconv or another spelling, any case).
 * Empty, framework, gateway and unknown names say nothing: the model's own maker decides then.
 */
export function priceProvider(name: string): PriceProvider {
  return PROVIDERS.get(name) ?? PROVIDERS.get(name.trim().toLowerCase().replace(/[-. ]/g, '_')) ?? GATEWAY;
}

function sellerOf(seller: string): PriceProvider {
  return { sellers: [seller], resold: RESOLD[seller] ?? [], makers: seller === 'openai' ? CLOSED_MAKERS : [] };
}

function named(names: string, provider: PriceProvider): [string, PriceProvider][] {
  return names.split(' ').map((name) => [name, provider]);
}
