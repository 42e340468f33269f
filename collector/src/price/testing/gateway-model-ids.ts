/** More ids at clouds, other makers, hosts and gateways, with look-alikes that must not match; in the form of `model-id-cases.ts`. */
export const GATEWAY_MODEL_IDS = `
  gcp.vertex_ai
    claude-opus-4-6 → google/claude-opus-4-6
    claude-opus-4-6@default → google/claude-opus-4-6
    claude-sonnet-5@20260501 → anthropic/claude-sonnet-5
    claude-3-opus@20240229 → google/claude-3-opus
    claude-3-haiku@20240307 → google/claude-3-haiku
    gemini-2.5-flash@default → google/gemini-2.5-flash
    google/gemini-2.5-flash → google/gemini-2.5-flash
    anthropic/claude-sonnet-4-5@20250929 → google/claude-sonnet-4-5
    projects/p/locations/eu/publishers/anthropic/models/claude-haiku-4-5@20251001 → anthropic/claude-haiku-4-5
    meta/llama-3.3-70b-instruct-maas → unpriced
    projects/123/locations/us-central1/endpoints/456 → unpriced
    gemma-4-26b-a4b-it-maas → google/gemma-4-26b-a4b-it-maas
    mistral-large-2411@001 → unpriced
  azure.ai.openai
    gpt-4o → openai/gpt-4o
    gpt-4o-mini → openai/gpt-4o-mini
    gpt-35-turbo-16k → openai/gpt-3.5-turbo-16k
    gpt-5-chat → openai/gpt-5
    gpt-5.4 → openai/gpt-5.4
    gpt-4o-mini-2024-07-18.ft-0e208cf33a6a466994aff31a08aba678 → openai/gpt-4o-mini-2024-07-18.ft-
    text-embedding-ada-002 → azure/ada
    o1 → azure/o1
    azure/gpt-4o-2024-11-20 → openai/gpt-4o
    grok-4 → unpriced
    grok-3-mini → unpriced
    DeepSeek-V3.2 → unpriced
    DeepSeek-R1 → unpriced
    Kimi-K2-Thinking → unpriced
    gpt4o-prod → unpriced
  azure.ai.inference
    Phi-4 → azure/phi-4
    Phi-4-mini-instruct → azure/phi-4-mini-instruct
    gpt-4o-mini → openai/gpt-4o-mini
    mistral-small-2503 → unpriced
    Llama-3.3-70B-Instruct → unpriced
  mistral_ai
    mistral-medium-latest → mistral/mistral-medium-latest
    mistral-medium-2508 → mistral/mistral-medium-3-1
    mistral-small-2506 → mistral/mistral-small-2506
    mistral-small-2603 → mistral/mistral-small-2603
    ministral-8b-latest → mistral/ministral-8b-latest
    ministral-3b-2410 → mistral/ministral-3b-2410
    ministral-8b-2512 → mistral/ministral-8b-2512
    codestral-2508 → mistral/codestral-2508
    devstral-2512 → mistral/devstral-2512
    devstral-small-2507 → mistral/devstral-small
    magistral-small-2509 → mistral/magistral-small
    open-mistral-nemo → mistral/mistral-nemo
    open-mixtral-8x22b → mistral/open-mixtral-8x22b
    open-mistral-7b → mistral/mistral-7b
    mistral-tiny → mistral/mistral-tiny
    mistral/mistral-large-2411 → mistral/mistral-large
    pixtral-12b-2409 → mistral/pixtral-12b-2409
    voxtral-small-2507 → mistral/voxtral-small-24b-2507
    mistral-ocr-latest → mistral/mistral-ocr-latest
    mistral-moderation-latest → unpriced
    ft:mistral-small-latest:acme:x → unpriced
    mistral-larger → unpriced
  cohere
    command-r-08-2024 → cohere/command-r
    command-r-plus → cohere/command-r-plus
    command-r7b-12-2024 → cohere/command-r7b
    command-a-reasoning-08-2025 → unpriced
    c4ai-aya-expanse-32b → cohere/c4ai-aya-expanse-32b
    embed-english-v3.0 → cohere/embed-english-v3.0
    rerank-v3.5 → cohere/rerank-v3.5
    rerank-v4.0-pro → cohere/rerank-v4.0-pro
    rerank-english-v3.0 → cohere/rerank-v3.5
    command-nightly → unpriced
  groq
    llama-3.1-8b-instant → groq/llama-3.1-8b-instant
    meta-llama/llama-4-scout-17b-16e-instruct → groq/meta-llama/llama-4-scout-17b-16e-instruct
    moonshotai/kimi-k2-instruct-0905 → groq/moonshotai/kimi-k2-instruct
    qwen/qwen3-32b → groq/qwen/qwen3-32b
    groq/llama-3.3-70b-versatile → groq/llama-3.3-70b-versatile
    whisper-large-v3-turbo → groq/whisper-large-v3-turbo
    gemma2-9b-it → groq/gemma2-9b-it
    llama-3.3-70b-specdec → groq/llama-3.3-70b-specdec
    playai-tts → unpriced
    llama-3.3-70b → unpriced
  deepseek
    deepseek-v4-flash → deepseek/deepseek-v4-flash
    deepseek-v4-pro → deepseek/deepseek-v4-pro
    deepseek-flash → deepseek/deepseek-flash
    deepseek/deepseek-chat → deepseek/deepseek-chat
    deepseek-v3.2-exp → unpriced
    deepseek-r1 → unpriced
    deepseek-coder → unpriced
    deepseek-chat-v3-0324 → deepseek/deepseek-chat
  x_ai
    grok-4-latest → x-ai/grok-4-0709
    grok-3 → x-ai/grok-3
    grok-3-latest → x-ai/grok-3
    grok-3-fast-beta → x-ai/grok-3-fast
    grok-4-1-fast-reasoning → x-ai/grok-4-1-fast-reasoning
    grok-4-fast-non-reasoning → x-ai/grok-4-fast-non-reasoning
    grok-code-fast-1 → x-ai/grok-code-fast-1
    grok-code-fast-1-0825 → x-ai/grok-code-fast-1
    grok-2-1212 → x-ai/grok-2-1212
    grok-4.20-0309-reasoning → x-ai/grok-4.20
    grok-4.6 → x-ai/grok-4.6
    grok-4.7 → x-ai/grok-4.7
    xai/grok-4 → x-ai/grok-4-0709
    grok-beta → unpriced
    grok-5 → unpriced
  perplexity
    sonar → perplexity/sonar
    sonar-reasoning-pro → perplexity/sonar-reasoning-pro
    sonar-deep-research → perplexity/sonar-deep-research
    perplexity/sonar → perplexity/sonar
    sonar-medium-online → unpriced
  moonshot_ai
    kimi-k2.5 → moonshotai/kimi-k2.5
    kimi-k3 → moonshotai/kimi-k3
    kimi-k2-thinking → moonshotai/kimi-k2-thinking
    moonshot-v1-8k → moonshotai/moonshot-v1-8k
    moonshot/kimi-k2.6 → moonshotai/kimi-k2.6
  zhipu_ai
    glm-4.5-air → zhipuai/GLM-4.5-Air
    glm-5 → zhipuai/GLM-5
    GLM-5.3 → unpriced
  zai
    glm-5.2 → zai/GLM-5.2
    GLM-5.3 → zai/GLM-5.3
    zai/glm-5.3-flash → zai/GLM-5.3-Flash
    glm-4.6 → unpriced
  zhipuai
    glm-5.2 → zhipuai/GLM-5.2
    glm-4.7-flashx → zhipuai/GLM-4.7-FlashX
  openrouter
    anthropic/claude-opus-4.6 → openrouter/anthropic/claude-opus-4.6
    anthropic/claude-opus-4.6-fast → openrouter/anthropic/claude-opus-4.6-fast
    google/gemini-2.5-pro → openrouter/google/gemini-2.5-pro
    openai/gpt-5.4 → openrouter/openai/gpt-5.4
    deepseek/deepseek-chat-v3-0324:free → openrouter/deepseek/deepseek-chat-v3-0324:free
    openrouter/anthropic/claude-sonnet-4.5 → openrouter/anthropic/claude-sonnet-4.5
    qwen/qwen3-coder → openrouter/qwen/qwen3-coder
    x-ai/grok-4 → unpriced
    z-ai/glm-4.6 → openrouter/z-ai/glm-4.6
    mistralai/mistral-large-2411 → unpriced
    no-such/model → unpriced
  together_ai
    together_ai/meta-llama/Llama-3.3-70B-Instruct-Turbo → together/meta-llama/Llama-3.3-70B-Instruct-Turbo
    meta-llama/Meta-Llama-3.1-8B-Instruct-Turbo → together/meta-llama/Meta-Llama-3.1-8B-Instruct-Turbo
  fireworks_ai
    accounts/fireworks/models/llama-v3p3-70b-instruct → unpriced
    accounts/fireworks/models/kimi-k2p6 → fireworks/kimi-k2p6
    accounts/acme/models/mine → unpriced
  voyage_ai
    voyage-4-large → voyageai/voyage-4-large
    voyage-code-3 → voyageai/voyage-code-3
    voyage/voyage-3.5 → voyageai/voyage-3.5
    rerank-2.5 → unpriced
  cerebras
    llama-3.3-70b → cerebras/llama-3.3-70b
    gpt-oss-120b → cerebras/gpt-oss-120b
  litellm
    azure/gpt-4o-mini → openai/gpt-4o-mini
    bedrock/anthropic.claude-3-haiku-20240307-v1:0 → aws/regional.anthropic.claude-3-haiku-20240307-v1:0
    vertex_ai/gemini-2.5-flash → google/gemini-2.5-flash
    gemini/gemini-2.5-flash → google/gemini-2.5-flash
    groq/llama-3.3-70b-versatile → groq/llama-3.3-70b-versatile
    mistral/mistral-large-2411 → mistral/mistral-large
    xai/grok-3 → x-ai/grok-3
    deepseek/deepseek-reasoner → deepseek/deepseek-reasoner
    cohere/command-r-plus → cohere/command-r-plus
    cohere_chat/command-a-03-2025 → cohere/command-a
    perplexity/sonar-pro → perplexity/sonar-pro
    openrouter/anthropic/claude-sonnet-4.5 → openrouter/anthropic/claude-sonnet-4.5
    together_ai/meta-llama/Llama-3.3-70B-Instruct-Turbo → together/meta-llama/Llama-3.3-70B-Instruct-Turbo
    fireworks_ai/accounts/fireworks/models/kimi-k2p6 → fireworks/kimi-k2p6
    anthropic/claude-sonnet-4-5-20250929 → anthropic/claude-sonnet-4-5
    moonshot/kimi-k2.5 → moonshotai/kimi-k2.5
    zai/glm-5.2 → zai/GLM-5.2
    zhipuai/glm-5 → zhipuai/GLM-5
    ollama/llama3 → unpriced
    hosted_vllm/gpt-4o → unpriced
    github/gpt-4o → unpriced
    voyage/voyage-3-large → voyageai/voyage-3-large
    azure_ai/phi-4 → azure/phi-4
    azure_ai/deepseek-r1 → unpriced
    azure/eu/gpt-4o → unpriced
    deepinfra/deepseek-ai/DeepSeek-V3 → unpriced
    replicate/anthropic/claude-3.7-sonnet → unpriced
    sagemaker/claude-3-5-sonnet → unpriced
    nvidia_nim/meta/llama3-70b-instruct → unpriced
    ollama_chat/llama3 → unpriced
    bedrock/invoke/us.anthropic.claude-opus-4-1-20250805-v1:0 → aws/regional.anthropic.claude-opus-4-1-20250805-v1:0
    bedrock/converse/us.amazon.nova-pro-v1:0 → aws/amazon.nova-pro-v1:0
    bedrock/us-east-1/anthropic.claude-3-haiku-20240307-v1:0 → aws/regional.anthropic.claude-3-haiku-20240307-v1:0
    vertex_ai/meta/llama-3.3-70b-instruct-maas → unpriced
    databricks/databricks-claude-sonnet-4 → unpriced
    openai/my-own → unpriced
  ''
    models/gemini-2.5-pro → google/gemini-2.5-pro
    us.amazon.nova-lite-v1:0 → aws/amazon.nova-lite-v1:0
    accounts/fireworks/models/kimi-k2p6 → fireworks/kimi-k2p6
    claude-sonnet-4-5@20250929 → anthropic/claude-sonnet-4-5
    grok-4 → x-ai/grok-4-0709
    command-r-plus → cohere/command-r-plus
    mistral-large-2411 → mistral/mistral-large
    deepseek-chat → deepseek/deepseek-chat
    sonar-pro → perplexity/sonar-pro
    kimi-k2.5 → moonshotai/kimi-k2.5
    z-ai/glm-5.2 → zai/GLM-5.2
    zhipu/glm-4.7 → zhipuai/GLM-4.7
    text-embedding-3-small → openai/text-embedding-3-small
    voyage-3-large → voyageai/voyage-3-large
    MiniMax-M2 → minimax/MiniMax-M2
    gpt-4 → openai/gpt-4
    ft:gpt-4o-2024-08-06:acme::A1 → openai/ft:gpt-4o
    claude-3.5-sonnet → anthropic/claude-3-5-sonnet
    gpt 4o → unpriced
    openai:gpt-4o → unpriced
    eu/gpt-4o → unpriced
    claude-sonnet-4-5-20250929-thinking → unpriced
    claude-3-5-sonnet-20241022:beta → unpriced
    gpt-4o-2024-13-45 → unpriced
    deepseek-v3.2 → unpriced
    deepseek-r1 → unpriced
    ../gpt-4o → unpriced
    gpt-4o? → unpriced
    * → unpriced
    latest → unpriced
`;
