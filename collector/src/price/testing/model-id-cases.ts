import { GATEWAY_MODEL_IDS } from './gateway-model-ids.ts';
import { MAKER_MODEL_IDS } from './maker-model-ids.ts';

/**
 * Model ids as they occur in telemetry, by the provider named on the span ('' = none), and the price entry that bills them.
 * The expectations were judged by hand: the entry whose price the provider bills for that id, `unpriced` where the price data has none.
 */
const IDS = `
  openai
    gpt-4o → openai/gpt-4o
    gpt-4o-2024-08-06 → openai/gpt-4o
    gpt-4o-2024-11-20 → openai/gpt-4o
    gpt-4o-2024-05-13 → openai/gpt-4o-2024-05-13
    gpt-4o-2025-03-01 → openai/gpt-4o
    gpt-4o-mini-2024-07-18 → openai/gpt-4o-mini
    GPT-4o-Mini → openai/gpt-4o-mini
    openai/gpt-4o-mini → openai/gpt-4o-mini
    chatgpt-4o-latest → openai/chatgpt-4o-latest
    gpt-4 → openai/gpt-4
    gpt-4-0613 → openai/gpt-4
    gpt-4-turbo → openai/gpt-4-turbo
    gpt-4-turbo-2024-04-09 → openai/gpt-4-turbo
    gpt-4-turbo-foo → unpriced
    gpt-4-1106-preview → openai/gpt-4-turbo
    gpt-4-32k → openai/gpt-4-32k
    gpt-3.5-turbo → openai/gpt-3.5-turbo
    gpt-3.5-turbo-0125 → openai/gpt-3.5-turbo
    gpt-3.5-turbo-1106 → openai/gpt-3.5-turbo-1106
    gpt-3.5-turbo-instruct-0914 → openai/gpt-3.5-turbo-instruct
    gpt-4.1-2025-04-14 → openai/gpt-4.1
    gpt-4.1-mini → openai/gpt-4.1-mini
    gpt-4.1-nano-2025-04-14 → openai/gpt-4.1-nano
    gpt-5 → openai/gpt-5
    gpt-5-2025-08-07 → openai/gpt-5
    gpt-5-mini-2025-08-07 → openai/gpt-5-mini
    gpt-5-nano-2025-08-07 → openai/gpt-5-nano
    gpt-5-chat-latest → openai/gpt-5
    gpt-5-codex → openai/gpt-5
    gpt-5.1-2025-11-13 → openai/gpt-5.1
    gpt-5.2-pro-2025-12-11 → openai/gpt-5.2-pro
    gpt-5.4-mini-2026-03-17 → openai/gpt-5.4-mini
    gpt-5.6 → openai/gpt-5.6-sol
    gpt-5.6-sol-2026-07-30 → openai/gpt-5.6-sol
    gpt-6-astra → openai/gpt-6-astra
    gpt-6-astra-mini → unpriced
    o1-2024-12-17 → openai/o1
    o1-mini → openai/o1-mini
    o3-2025-04-16 → openai/o3
    o3-mini-2025-01-31 → openai/o3-mini
    o4-mini-2025-04-16 → openai/o4-mini
    o4-mini-deep-research-2025-06-26 → openai/o4-mini-deep-research
    gpt-4o-audio-preview-2024-12-17 → openai/gpt-4o-audio-preview
    gpt-4o-realtime-preview-2025-06-03 → openai/gpt-4o-realtime-preview
    gpt-4o-search-preview → openai/gpt-4o-search-preview
    text-embedding-3-small → openai/text-embedding-3-small
    text-embedding-ada-002 → openai/text-embedding-ada-002
    omni-moderation-latest → openai/moderation
    ft:gpt-4o-2024-08-06:acme::A1b2C3 → openai/ft:gpt-4o
    ft:gpt-4o-mini-2024-07-18:acme:bot:A1b2 → openai/ft:gpt-4o-mini
    ft:gpt-3.5-turbo-0125:acme::x → openai/ft:gpt-3.5-turbo-
    ft:gpt-4.1-2025-04-14:acme::x → openai/ft:gpt-4.1
    whisper-1 → openai/whisper-1
    dall-e-3 → unpriced
    tts-1 → unpriced
    my-deployment → unpriced
    claude-sonnet-4-5-20250929 → anthropic/claude-sonnet-4-5
    gemini-2.5-flash → google/gemini-2.5-flash
    deepseek-chat → unpriced
    anthropic/claude-3.5-sonnet → anthropic/claude-3-5-sonnet
    meta-llama/llama-3.3-70b-instruct → unpriced
    gpt-oss-120b → unpriced
  anthropic
    claude-sonnet-4-5 → anthropic/claude-sonnet-4-5
    claude-sonnet-4-5-20250929 → anthropic/claude-sonnet-4-5
    claude-haiku-4-5-20251001 → anthropic/claude-haiku-4-5
    claude-opus-4-1-20250805 → anthropic/claude-opus-4-1
    claude-opus-4-20250514 → anthropic/claude-opus-4-0
    claude-sonnet-4-20250514 → anthropic/claude-sonnet-4-0
    claude-sonnet-4-0 → anthropic/claude-sonnet-4-0
    claude-opus-4-5-20251101 → anthropic/claude-opus-4-5
    claude-opus-4-6 → anthropic/claude-opus-4-6
    claude-3-7-sonnet-20250219 → anthropic/claude-3-7-sonnet-latest
    claude-3-7-sonnet-latest → anthropic/claude-3-7-sonnet-latest
    claude-3-5-sonnet-20241022 → anthropic/claude-3-5-sonnet
    claude-3-5-sonnet-latest → anthropic/claude-3-5-sonnet
    claude-3-5-haiku-20241022 → anthropic/claude-3-5-haiku-latest
    claude-3-opus-20240229 → anthropic/claude-3-opus-latest
    claude-3-haiku-20240307 → anthropic/claude-3-haiku
    claude-2.1 → anthropic/claude-2
    claude-instant-1.2 → anthropic/claude-instant-1.2
    claude-opus-5-20260401 → anthropic/claude-opus-5
    claude-opus-5-5 → anthropic/claude-opus-5-5
    claude-sonnet-5 → anthropic/claude-sonnet-5
    claude-sonnet-5-5 → anthropic/claude-sonnet-5-5
    claude-mythos-5 → unpriced
  aws.bedrock
    anthropic.claude-3-sonnet-20240229-v1:0 → aws/regional.anthropic.claude-3-sonnet-20240229-v1:0
    anthropic.claude-3-haiku-20240307-v1:0:200k → aws/regional.anthropic.claude-3-haiku-20240307-v1:0
    anthropic.claude-3-5-sonnet-20241022-v2:0 → aws/regional.anthropic.claude-3-5-sonnet-20241022-v2:0
    us.anthropic.claude-sonnet-4-5-20250929-v1:0 → aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0
    eu.anthropic.claude-sonnet-4-5-20250929-v1:0 → aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0
    global.anthropic.claude-sonnet-4-5-20250929-v1:0 → aws/global.anthropic.claude-sonnet-4-5-20250929-v1:0
    anthropic.claude-sonnet-4-5-20250929-v1:0 → aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0
    claude-sonnet-4-5-20250929-v1:0 → aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0
    apac.anthropic.claude-sonnet-4-20250514-v1:0 → aws/regional.anthropic.claude-sonnet-4-20250514-v1:0
    us.anthropic.claude-opus-4-5-20251101-v1:0 → aws/regional.anthropic.claude-opus-4-5-v1:0
    global.anthropic.claude-opus-4-1-20250805-v1:0 → unpriced
    arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0 → aws/regional.anthropic.claude-haiku-4-5-20251001-v1:0
    arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0 → aws/amazon.nova-pro-v1:0
    arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123 → unpriced
    amazon.nova-lite-v1:0 → aws/amazon.nova-lite-v1:0
    us.amazon.nova-micro-v1:0 → aws/amazon.nova-micro-v1:0
    amazon.nova-lite-v2:0 → unpriced
    us.amazon.nova-2-lite-v1:0 → aws/regional.amazon.nova-2-lite-v1:0
    amazon.titan-embed-text-v1 → aws/amazon.titan-embed-text-v1
    amazon.titan-embed-text-v2:0 → aws/amazon.titan-embed-text-v2:0
    meta.llama3-70b-instruct-v1:0 → aws/meta.llama3-70b-instruct-v1:0
    us.meta.llama3-3-70b-instruct-v1:0 → aws/meta.llama3-3-70b-instruct-v1:0
    us.meta.llama4-maverick-17b-instruct-v1:0 → aws/meta.llama4-maverick-17b-instruct-v1:0
    mistral.mistral-7b-instruct-v0:2 → aws/mistral.mistral-7b-instruct-v0:2
    mistral.mixtral-8x7b-instruct-v0:1 → aws/mistral.mixtral-8x7b-instruct-v0:1
    cohere.command-r-v1:0 → aws/cohere.command-r-v1:0
    us.deepseek.r1-v1:0 → aws/deepseek.r1-v1:0
    openai.gpt-oss-120b-1:0 → aws/openai.gpt-oss-120b-1:0
    bedrock/us.anthropic.claude-haiku-4-5-20251001-v1:0 → aws/regional.anthropic.claude-haiku-4-5-20251001-v1:0
  gcp.gemini
    gemini-2.5-flash → google/gemini-2.5-flash
    models/gemini-2.5-flash → google/gemini-2.5-flash
    gemini-2.5-pro → google/gemini-2.5-pro
    gemini-2.5-pro-preview-05-06 → google/gemini-2.5-pro
    gemini-2.5-pro-preview-tts → google/gemini-2.5-pro-tts
    gemini-2.5-flash-lite → google/gemini-2.5-flash-lite
    gemini-2.5-flash-preview-09-2025 → google/gemini-2.5-flash
    gemini-2.5-flash-preview-05-20 → google/gemini-2.5-flash-preview
    gemini-2.0-flash → google/gemini-2.0-flash
    gemini-2.0-flash-001 → google/gemini-2.0-flash
    gemini-2.0-flash-lite-001 → google/gemini-2.0-flash-lite
    gemini-2.0-flash-exp → google/gemini-2.0-flash
    gemini-2.0-flash-thinking-exp-01-21 → google/gemini-2.0-flash
    gemini-1.5-pro-002 → google/gemini-1.5-pro
    gemini-1.5-flash-8b → google/gemini-flash-1.5-8b
    gemini-1.5-flash-latest → google/gemini-1.5-flash
    gemini-3-pro-preview → google/gemini-3-pro-preview
    gemini-3.5-flash-001 → google/gemini-3.5-flash
    gemini-flash-latest → unpriced
    gemini-embedding-001 → google/gemini-embedding-001
    gemma-3-27b-it → google/gemma-3
    learnlm-2.0-flash-experimental → unpriced
    tunedModels/my-model → unpriced
  gcp.vertex_ai
    publishers/google/models/gemini-2.5-pro → google/gemini-2.5-pro
    projects/p/locations/us-central1/publishers/google/models/gemini-2.5-flash → google/gemini-2.5-flash
    claude-3-5-sonnet@20240620 → google/claude-3-5-sonnet
    claude-3-5-sonnet-v2@20241022 → google/claude-3-5-sonnet
    claude-sonnet-4@20250514 → google/claude-4-sonnet
    claude-sonnet-4-5@20250929 → google/claude-sonnet-4-5
    publishers/anthropic/models/claude-opus-4-1@20250805 → google/claude-4-opus
    claude-haiku-4-5@20251001 → anthropic/claude-haiku-4-5
    claude-opus-4-5@20251101 → anthropic/claude-opus-4-5
    gemma-3-27b-it → unpriced
  azure.ai.openai
    gpt-4o-2024-08-06 → openai/gpt-4o
    gpt-35-turbo → openai/gpt-3.5-turbo
    gpt-4.1-mini-2025-04-14 → openai/gpt-4.1-mini
    o4-mini-2025-04-16 → azure/o4-mini
    o4-mini-deep-research → openai/o4-mini-deep-research
    text-embedding-3-large → azure/text-embedding-3-large
    prod-chat → unpriced
    gpt-5-mini-2025-08-07 → openai/gpt-5-mini
  azure.ai.inference
    phi-4 → azure/phi-4
    claude-sonnet-4-5 → anthropic/claude-sonnet-4-5
  mistral_ai
    mistral-large-latest → mistral/mistral-large-latest
    mistral-large-2411 → mistral/mistral-large
    mistral-large-2512 → mistral/mistral-large-2512
    mistral-large-2402 → unpriced
    mistral-small-latest → mistral/mistral-small-latest
    mistral-medium-2505 → mistral/mistral-medium-3-1
    codestral-latest → mistral/codestral
    magistral-medium-2509 → mistral/magistral-medium
    open-mixtral-8x7b → mistral/mixtral-8x7b
    mistral-embed → mistral/mistral-embed
    pixtral-large-2411 → mistral/pixtral-large
  cohere
    command-r-plus-08-2024 → cohere/command-r-plus
    command-r-03-2024 → cohere/command-r-03-2024
    command-a-03-2025 → cohere/command-a
    embed-v4.0 → cohere/embed-v4.0
  groq
    openai/gpt-oss-safeguard-20b → groq/openai/gpt-oss-safeguard-20b
    llama-3.3-70b-versatile → groq/llama-3.3-70b-versatile
    openai/gpt-oss-120b → groq/openai/gpt-oss-120b
    gpt-4o → unpriced
  deepseek
    deepseek-chat → deepseek/deepseek-chat
    deepseek-reasoner → deepseek/deepseek-reasoner
    deepseek-r1-distill-llama-70b → unpriced
  x_ai
    grok-4 → x-ai/grok-4-0709
    grok-4-0709 → x-ai/grok-4-0709
    grok-3-mini → x-ai/grok-3-mini
    grok-4-fast-reasoning-latest → x-ai/grok-4-fast-reasoning
  perplexity
    sonar-pro → perplexity/sonar-pro
  moonshot_ai
    kimi-k2-0905-preview → moonshotai/kimi-k2-0905-preview
    kimi-k2-turbo-preview → moonshotai/kimi-k2-turbo-preview
  zhipu_ai
    glm-4.7 → zhipuai/GLM-4.7
    glm-5.2 → unpriced
  openrouter
    anthropic/claude-sonnet-4.5 → openrouter/anthropic/claude-sonnet-4.5
    openai/gpt-4o-mini → openrouter/openai/gpt-4o-mini
    meta-llama/llama-3.3-70b-instruct:free → openrouter/meta-llama/llama-3.3-70b-instruct:free
    openrouter/auto → unpriced
  together_ai
    meta-llama/Llama-3.3-70B-Instruct-Turbo → together/meta-llama/Llama-3.3-70B-Instruct-Turbo
  fireworks_ai
    accounts/fireworks/models/deepseek-v3 → unpriced
  voyage_ai
    voyage-3-large → voyageai/voyage-3-large
  ''
    gpt-4o → openai/gpt-4o
    claude-sonnet-4-5 → anthropic/claude-sonnet-4-5
    gemini-2.5-flash → google/gemini-2.5-flash
    openai/gpt-4o → openai/gpt-4o
    anthropic/claude-3.5-sonnet → anthropic/claude-3-5-sonnet
    bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0 → aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0
    us.anthropic.claude-sonnet-4-5-20250929-v1:0 → aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0
    vertex_ai/claude-sonnet-4-5@20250929 → google/claude-sonnet-4-5
    azure/gpt-4o → openai/gpt-4o
    vertex_ai/gemini-2.5-pro → google/gemini-2.5-pro
    gpt-oss-120b → unpriced
    gemma-3-27b-it → unpriced
    llama-3.3-70b → unpriced
    glm-5.2 → unpriced
    kimi-k2 → moonshotai/kimi-k2
    unknown-model → unpriced
  litellm
    gpt-4o-2024-08-06 → openai/gpt-4o
  langchain
    claude-3-5-sonnet-20241022 → anthropic/claude-3-5-sonnet
  some-gateway
    gemini-1.5-pro → google/gemini-1.5-pro
  ollama
    gpt-oss:20b → unpriced
    deepseek-r1 → unpriced
  vllm
    gpt-4o → unpriced
  ibm.watsonx.ai
    mistral-large → unpriced
  hugging_face
    meta-llama/Llama-3.1-8B-Instruct → unpriced
`;

/** [provider, model id, `<provider of the price data>/<entry>` or `unpriced`]. */
export function modelIdCases(): [string, string, string][] {
  const cases: [string, string, string][] = [];
  let provider = '';
  for (const line of [IDS, MAKER_MODEL_IDS, GATEWAY_MODEL_IDS]
    .join('\n')
    .split('\n')
    .filter((each) => each.trim() !== '')) {
    const [model, expected] = line.trim().split(' → ');
    if (expected === undefined) provider = (model ?? '').replace("''", '');
    else cases.push([provider, model ?? '', expected]);
  }
  return cases;
}
