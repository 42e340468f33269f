import type { OtlpSpan } from '../otlp.ts';
import type { Dialect } from './dialect.ts';
import { aiSdk7 } from './dialects/ai-sdk-7.ts';
import { anthropicSdk } from './dialects/anthropic-sdk.ts';
import { autogen } from './dialects/autogen.ts';
import { claudeCode } from './dialects/claude-code.ts';
import { geminiCli } from './dialects/gemini-cli.ts';
import { genkit } from './dialects/genkit.ts';
import { googleAdk } from './dialects/google-adk.ts';
import { haystack } from './dialects/haystack.ts';
import { laminar } from './dialects/laminar.ts';
import { langfuse } from './dialects/langfuse.ts';
import { langsmith } from './dialects/langsmith.ts';
import { litellm } from './dialects/litellm.ts';
import { livekit } from './dialects/livekit.ts';
import { llamaIndex } from './dialects/llama-index.ts';
import { logfire } from './dialects/logfire.ts';
import { mastra } from './dialects/mastra.ts';
import { mlflow } from './dialects/mlflow.ts';
import { msAgentFramework } from './dialects/ms-agent-framework.ts';
import { openInference } from './dialects/openinference.ts';
import { openlit } from './dialects/openlit.ts';
import { openllmetry } from './dialects/openllmetry.ts';
import { openrouter } from './dialects/openrouter.ts';
import { otelBedrock } from './dialects/otel-bedrock.ts';
import { otelGenAiOld } from './dialects/otel-genai-old.ts';
import { otelGenAi } from './dialects/otel-genai.ts';
import { otelGoogleGenAi } from './dialects/otel-google-genai.ts';
import { pipecat } from './dialects/pipecat.ts';
import { pydanticAi } from './dialects/pydantic-ai.ts';
import { semanticKernel } from './dialects/semantic-kernel.ts';
import { springAi } from './dialects/spring-ai.ts';
import { strands } from './dialects/strands.ts';
import { vercelAi } from './dialects/vercel-ai.ts';
import { vllm } from './dialects/vllm.ts';
import { voltAgent } from './dialects/volt-agent.ts';

/**
 * All dialects in the order in which they are asked; the first that matches reads the span. Exact scopes and markers stand before
 * general ones, and the general reading of the conventions is last. What to watch in each is written in CONVENTIONS.md.
 */
export const DIALECTS: readonly Dialect[] = [
  anthropicSdk,
  langfuse,
  vercelAi,
  openInference,
  genkit,
  mlflow,
  langsmith,
  litellm,
  openrouter,
  pydanticAi,
  logfire,
  strands,
  googleAdk,
  autogen,
  semanticKernel,
  msAgentFramework,
  mastra,
  springAi,
  haystack,
  laminar,
  livekit,
  pipecat,
  llamaIndex,
  claudeCode,
  geminiCli,
  voltAgent,
  vllm,
  otelBedrock,
  otelGoogleGenAi,
  openlit,
  openllmetry,
  aiSdk7,
  otelGenAiOld,
  otelGenAi,
];

/** The dialect of a span; `undefined` when the span is not GenAI. */
export function findDialect(span: OtlpSpan): Dialect | undefined {
  for (const dialect of DIALECTS) {
    if (dialect.matches(span)) return dialect;
  }
  return undefined;
}
