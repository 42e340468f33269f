import type { Attributes } from '../otlp.ts';
import type { RawUsage } from './dialect.ts';
import { readCount } from './read-attribute.ts';
import { readSemconvUsage } from './semconv-usage.ts';

/**
 * Token counts of an OpenInference LLM or EMBEDDING span. `answer` is the usage in the provider's own answer: it stands in when the span
 * has no counts (JavaScript streams), it shows that a prompt count leaves out cached tokens when it is the provider's raw number
 * (Anthropic instrumentation 0.1 on streams), and it alone splits cache writes by life. `undefined` when nothing is given.
 */
export function openInferenceUsage(attributes: Attributes, answer: RawUsage | undefined): RawUsage | undefined {
  const input = readCount(attributes, 'llm.token_count.prompt');
  const output = readCount(attributes, 'llm.token_count.completion');
  const total = readCount(attributes, 'llm.token_count.total');
  const semconv = readSemconvUsage(attributes);
  if (input === undefined && output === undefined && total === undefined) return answer ?? semconv;
  const cacheRead = readCount(
    attributes,
    'llm.token_count.prompt_details.cache_read',
    'llm.token_count.prompt_details.cache_input',
    'llm.token_count.prompt_details.cached_tokens'
  );
  const cacheWrite = readCount(
    attributes,
    'llm.token_count.prompt_details.cache_write',
    'llm.token_count.prompt_details.cache_creation'
  );
  const reasoning = readCount(attributes, 'llm.token_count.completion_details.reasoning');
  // A converter that kept the conventions' counts beside its own may have lost the details: the richer family is taken whole.
  const hasDetails = cacheRead !== undefined || cacheWrite !== undefined || reasoning !== undefined;
  if (
    !hasDetails &&
    semconv?.input === input &&
    semconv?.output === output &&
    (semconv?.cacheRead ?? semconv?.cacheWrite ?? semconv?.reasoning) !== undefined
  ) {
    return semconv;
  }
  return {
    input,
    output,
    total,
    cacheRead: cacheRead ?? answer?.cacheRead,
    cacheWrite: cacheWrite ?? answer?.cacheWrite,
    cacheWrite1h: answer?.cacheWrite1h,
    reasoning: reasoning ?? answer?.reasoning,
    audioInput: readCount(attributes, 'llm.token_count.prompt_details.audio'),
    audioOutput: readCount(attributes, 'llm.token_count.completion_details.audio'),
    inputIncludesCache: answer?.inputIncludesCache === false && answer.input === input ? false : undefined,
    outputIncludesReasoning: answer?.outputIncludesReasoning === false && answer.output === output ? false : undefined,
  };
}
