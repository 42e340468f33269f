/** Golden costs of tiers, regions, dates, images, time and searches, in the form of `golden-costs.ts`. */
export const TERM_COSTS = `
# https://platform.openai.com/docs/pricing (2025-10-31: fine-tuned models, web searches of deep research, base models)
openai ft:gpt-4.1-2025-04-14:acme:support:abc123: in 1000, read 400, out 100 = 600×3 + 400×0.75 + 100×12
  → 0.0033 saved 0.0009 by openai/ft:gpt-4.1@initial
openai ft:gpt-4.1-mini-2025-04-14:acme::x tier batch: in 1000, out 100 = (1000×0.8 + 100×3.2) / 2
  → 0.00056 by openai/ft:gpt-4.1-mini@initial#batch
openai ft:gpt-4.1-nano-2025-04-14:acme::x: in 1000, out 100 = 1000×0.2 + 100×0.8
  → 0.00028 by openai/ft:gpt-4.1-nano@initial
openai ft:o4-mini-2025-04-16:acme::x: in 1000, read 400, out 100 = 600×4 + 400×1 + 100×16
  → 0.0044 saved 0.0012 by openai/ft:o4-mini@initial
openai o4-mini-deep-research-2025-06-26: in 1000, out 100, search 3 = 1000×2 + 100×8 + 3×10,000
  → 0.0328 by openai/o4-mini-deep-research@initial
openai davinci-002: in 1000, out 100 = 1000×2 + 100×2
  → 0.0022 by openai/davinci-002@initial

# https://ai.google.dev/gemini-api/docs/pricing (2025-10-31)
gcp.gemini gemini-2.5-computer-use-preview-10-2025: in 200001, out 100 = 200,001×2.5 + 100×15
  → 0.5015025 by google/gemini-2.5-computer-use-preview-10-2025@initial#over-200000

# https://aws.amazon.com/bedrock/pricing/ (2025-06-30)
aws.bedrock cohere.rerank-v3-5:0: units 2 = 2×2000
  → 0.004 by aws/cohere.rerank-v3-5:0@initial
aws.bedrock cohere.embed-v4:0: in 1000, imageIn 400 = 600×0.12 + 400×0.47
  → 0.00026 by aws/cohere.embed-v4:0@initial
aws.bedrock anthropic.claude-v2:1: in 1000, out 100 = 1000×8 + 100×24
  → 0.0104 by aws/anthropic.claude-v2@initial

# https://mistral.ai/pricing (2025-12-02)
mistral_ai mistral-small-2506: in 1000, out 100 = 1000×0.1 + 100×0.3
  → 0.00013 by mistral/mistral-small-2506@initial
mistral_ai open-mixtral-8x22b: in 1000, out 100 = 1000×2 + 100×6
  → 0.0026 by mistral/open-mixtral-8x22b@initial
mistral_ai codestral-embed: in 1000 = 1000×0.15
  → 0.00015 by mistral/codestral-embed@initial

# https://cohere.com/pricing (2025-06-30)
cohere c4ai-aya-vision-32b: in 1000, out 100 = 1000×0.5 + 100×1.5
  → 0.00065 by cohere/c4ai-aya-vision-8b@initial

# https://platform.openai.com/docs/pricing (read 2026-09-23)
openai gpt-5.2-2025-12-11: in 12000, read 8000, out 1500, reasoning 900 = 4000×1.75 + 8000×0.175 + 1500×14 = 7000 + 1400 + 21,000
  → 0.0294 saved 0.0126 by openai/gpt-5.2@initial
openai gpt-5-mini tier flex: in 10000, out 2000 = (10,000×0.25 + 2000×2) / 2
  → 0.00325 by openai/gpt-5-mini@initial#flex
openai gpt-image-1.5: in 1050, imageIn 1000, out 4160, imageOut 4160 = 50×5 + 1000×8 + 4160×32 = 250 + 8000 + 133,120
  → 0.14137 by openai/gpt-image-1.5@initial
openai whisper-1: seconds 90.6 = 91 s × 0.36 / 3600, to the nearest second
  → 0.0091 by openai/whisper-1@initial
openai gpt-4.1: in 1000, out 100, search 2, files 4 = 1000×2 + 100×8 + 2×10,000 + 4×2,500
  → 0.0328 by openai/gpt-4.1@initial
openai text-embedding-3-large tier batch: in 1000000 = 10⁶×0.13 / 2
  → 0.065 by openai/text-embedding-3-large@initial#batch
openai gpt-5.6-luna at 2026-07-29T23:59:59Z: in 2000, write 1000, out 100 = 1000×1 + 1000×1.25 + 100×6, until the cut of 2026-07-30
  → 0.00285 saved -0.00025 by openai/gpt-5.6-luna@initial
openai gpt-5.6-luna at 2026-07-30T00:00:00Z: in 2000, write 1000, out 100 = 1000×0.2 + 1000×0.25 + 100×1.2
  → 0.00057 saved -0.00005 by openai/gpt-5.6-luna@2026-07-30

# https://openai.com/api-priority-processing/ (read 2026-10-24; long context excluded)
openai gpt-5.5 tier priority: in 1000, read 400, out 100 = 600×12.5 + 400×1.25 + 100×75
  → 0.0155 saved 0.0045 by openai/gpt-5.5@initial#priority
openai gpt-5.5 tier priority: in 300000, out 100 = 300,000×10 + 100×45: long, so standard
  → 3.0045 by openai/gpt-5.5@initial#over-271999

# https://developers.openai.com/api/docs/guides/data-residency (read 2026-10-24: 10 % more since GPT-5.4)
openai gpt-5.4 region eu: in 1000, out 1000 = (1000×2.5 + 1000×15) × 1.1
  → 0.01925 by openai/gpt-5.4@initial#eu

# https://platform.claude.com/docs/en/build-with-claude/fast-mode (read 2026-10-24)
anthropic claude-opus-4-6 tier fast: in 1000, out 100 = 1000×30 + 100×150
  → 0.045 by anthropic/claude-opus-4-6@2026-03-13#fast
anthropic claude-opus-5-5 tier fast region us: in 1000, out 1000 = (1000×8 + 1000×40) × 1.1
  → 0.0528 by anthropic/claude-opus-5-5@initial#fast-us

# https://platform.claude.com/docs/en/about-claude/pricing (read 2026-10-24)
anthropic claude-sonnet-4-6 tier batch region us: in 10000, read 9000, out 1000 = (1000×3 + 9000×0.3 + 1000×15) / 2 × 1.1
  → 0.011385 saved 0.013365 by anthropic/claude-sonnet-4-6@2026-03-13#batch-us
anthropic claude-haiku-5-5 at 2026-10-20T00:00:00Z: in 100000, out 1000 = 100,000×0.1 + 1000×0.5: not yet long
  → 0.0105 by anthropic/claude-haiku-5-5@initial
anthropic claude-haiku-5-5 at 2026-10-20T00:00:00Z: in 100001, out 1000 = 100,001×0.5 + 1000×2.5
  → 0.0525005 by anthropic/claude-haiku-5-5@initial#over-100000
anthropic claude-sonnet-5-5 at 2026-10-06T23:59:59Z: in 10000, read 10000 = 10,000×0.2
  → 0.002 saved 0.018 by anthropic/claude-sonnet-5-5@initial
anthropic claude-sonnet-5-5 at 2026-10-07T00:00:00Z: in 10000, read 10000 = 10,000×0.1 since 2026-10-07
  → 0.001 saved 0.019 by anthropic/claude-sonnet-5-5@2026-10-07

# https://docs.claude.com/en/docs/build-with-claude/claude-on-vertex-ai (read 2026-10-24: regional endpoints 10 % more)
gcp.vertex_ai claude-sonnet-4-5@20250929 region europe-west1: in 1000, out 1000 = (1000×3 + 1000×15) × 1.1
  → 0.0198 by google/claude-sonnet-4-5@initial#regional

# https://ai.google.dev/gemini-api/docs/pricing (read 2026-09-23)
gcp.gemini gemini-2.5-flash-image: in 1010, out 1290, imageOut 1290 = 1010×0.3 + 1290×30
  → 0.039003 by google/gemini-2.5-flash-image@initial
gcp.gemini gemini-3.8-flash tier priority: in 1000, out 1000 = (1000×0.75 + 1000×3.75) × 1.8
  → 0.0081 by google/gemini-3.8-flash@initial#priority
gcp.gemini gemini-embedding-2: in 1000, imageIn 600 = 400×0.2 + 600×0.45
  → 0.00035 by google/gemini-embedding-2@initial

# https://azure.microsoft.com/pricing/details/cognitive-services/openai-service/ (global deployments, read 2026-09-23)
azure.ai.openai gpt-4o-2024-11-20 tier batch: in 1000, out 1000 = (1000×2.5 + 1000×10) / 2
  → 0.00625 by openai/gpt-4o@initial#batch
azure.ai.openai o4-mini-2025-04-16: in 1000, read 500, out 100 = 500×1.1 + 500×0.28 + 100×4.4
  → 0.00113 saved 0.00041 by azure/o4-mini@initial

# https://aws.amazon.com/bedrock/pricing/ (read 2026-09-23)
aws.bedrock global.anthropic.claude-haiku-4-5-20251001-v1:0: in 1000, out 1000 = 1000×1 + 1000×5
  → 0.006 by aws/global.anthropic.claude-haiku-4-5-20251001-v1:0@initial
aws.bedrock us.amazon.nova-pro-v1:0 tier flex: in 1000, out 1000 = (1000×0.8 + 1000×3.2) / 2
  → 0.002 by aws/amazon.nova-pro-v1:0@initial#flex
aws.bedrock meta.llama3-3-70b-instruct-v1:0 tier batch: in 1000, out 1000 = (1000×0.72 + 1000×0.72) / 2
  → 0.00072 by aws/meta.llama3-3-70b-instruct-v1:0@initial#batch

# https://platform.openai.com/docs/pricing (as of 2025-06-30; the price data has no cached price for tuned models)
openai ft:gpt-4o-2024-08-06:acme::x: in 10000, read 4000, out 1000 = 6000×3.75 + 4000×1.875 + 1000×15
  → 0.045 saved 0.0075 by openai/ft:gpt-4o@initial
openai ft:gpt-4o-mini-2024-07-18:acme::x: in 10000, read 4000, out 1000 = 6000×0.3 + 4000×0.15 + 1000×1.2
  → 0.0036 saved 0.0006 by openai/ft:gpt-4o-mini@initial

# https://www.anthropic.com/news/1m-context (as of 2025-08-12: more than 200,000 tokens of input; the price data has one price)
anthropic claude-sonnet-4-20250514 at 2025-11-20T00:00:00Z: in 200000, out 1000 = 200,000×3 + 1000×15: not yet long
  → 0.615 by anthropic/claude-sonnet-4-0@initial
anthropic claude-sonnet-4-20250514 at 2025-11-20T00:00:00Z: in 200001, read 100000, write 50000, write1h 10000, out 1000 = 50,001×6 + 100,000×0.6 + 40,000×7.5 + 10,000×12 + 1000×22.5
  → 0.802506 saved 0.42 by anthropic/claude-sonnet-4-0@initial#over-200000
gcp.vertex_ai claude-sonnet-4@20250514 at 2025-11-20T00:00:00Z: in 300000, out 1000 = 300,000×6 + 1000×22.5
  → 1.8225 by google/claude-4-sonnet@initial#over-200000

# https://aws.amazon.com/bedrock/pricing/ (as of 2025-09-30: long context)
aws.bedrock us.anthropic.claude-sonnet-4-20250514-v1:0 at 2025-11-20T00:00:00Z: in 300000, out 1000 = 300,000×6 + 1000×22.5
  → 1.8225 by aws/regional.anthropic.claude-sonnet-4-20250514-v1:0@initial#over-200000
aws.bedrock eu.anthropic.claude-sonnet-4-5-20250929-v1:0 at 2025-11-20T00:00:00Z: in 300000, read 100000, out 1000 = 200,000×6.6 + 100,000×0.66 + 1000×24.75
  → 1.41075 saved 0.594 by aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0@initial#over-200000
aws.bedrock global.anthropic.claude-sonnet-4-5-20250929-v1:0 at 2025-11-20T00:00:00Z: in 300000, out 1000 = 300,000×6 + 1000×22.5
  → 1.8225 by aws/global.anthropic.claude-sonnet-4-5-20250929-v1:0@initial#over-200000

# https://groq.com/pricing (as of 2025-11-15; the price data takes it for gpt-oss-120b)
groq openai/gpt-oss-safeguard-20b: in 10000, read 4000, out 1000 = 6000×0.075 + 4000×0.0375 + 1000×0.3
  → 0.0009 saved 0.00015 by groq/openai/gpt-oss-safeguard-20b@initial

# https://groq.com/pricing, https://console.groq.com/docs/speech-to-text (read 2026-08-21)
groq llama-3.3-70b-versatile: in 1000, out 1000 = 1000×0.59 + 1000×0.79
  → 0.00138 by groq/llama-3.3-70b-versatile@initial
groq openai/gpt-oss-120b: in 1000, read 600, out 100 = 400×0.15 + 600×0.075 + 100×0.6
  → 0.000165 saved 0.000045 by groq/openai/gpt-oss-120b@initial
groq whisper-large-v3-turbo: seconds 3 = 10 s at least × 0.04 / 3600
  → 0.000111111111 by groq/whisper-large-v3-turbo@initial

# https://api-docs.deepseek.com/news/news250929, https://api-docs.deepseek.com/quick_start/pricing (read 2026-10-27)
deepseek deepseek-chat at 2025-10-01T12:00:00Z: in 1000000, read 400000, out 100000 = 600,000×0.28 + 400,000×0.028 + 100,000×0.42
  → 0.2212 saved 0.1008 by deepseek/deepseek-chat@2025-09-29
deepseek deepseek-v4-pro at 2026-08-25T02:00:00Z: in 1000, out 1000 = 1000×1.32 + 1000×3.96, a Tuesday at peak
  → 0.00528 by deepseek/deepseek-v4-pro@2026-08-23~01:00-04:00
deepseek deepseek-v4-pro at 2026-08-29T02:00:00Z: in 1000, out 1000 = 1000×0.66 + 1000×1.98, a Saturday
  → 0.00264 by deepseek/deepseek-v4-pro@2026-08-23

# https://mistral.ai/pricing (read 2026-09-23)
mistral_ai mistral-medium-2508 tier batch: in 1000, out 1000 = (1000×0.4 + 1000×2) / 2
  → 0.0012 by mistral/mistral-medium-3-1@initial#batch

# https://docs.x.ai/developers/pricing (read 2026-10-24; long from 200,000 on; 10 % more at the US endpoint)
x_ai grok-4.6: in 199999, read 100000, out 1000 = 99,999×2 + 100,000×0.5 + 1000×6
  → 0.255998 saved 0.15 by x-ai/grok-4.6@initial
x_ai grok-4.6 region us: in 200000, out 1000 = (200,000×4 + 1000×12) × 1.1
  → 0.8932 by x-ai/grok-4.6@initial#over-199999-us

# https://cohere.com/pricing (read 2026-06-30)
cohere rerank-v3.5: units 3 = 3×2,000
  → 0.006 by cohere/rerank-v3.5@initial
cohere embed-v4.0: in 1000 = 1000×0.12
  → 0.00012 by cohere/embed-v4.0@initial
cohere command-a-03-2025: in 1000, out 1000 = 1000×2.5 + 1000×10
  → 0.0125 by cohere/command-a@initial

# https://docs.voyageai.com/docs/pricing (read 2026-09-23: batches 33 % off)
voyage_ai voyage-3.5 tier batch: in 1000000 = 10⁶×0.06 × 0.67
  → 0.0402 by voyageai/voyage-3.5@initial#batch

# https://platform.kimi.ai/docs/pricing/batch (read 2026-10-24: 60 % of the price)
moonshot_ai kimi-k2.5 tier batch: in 1000, out 1000 = (1000×0.6 + 1000×3) × 0.6
  → 0.00216 by moonshotai/kimi-k2.5@initial#batch
`;
