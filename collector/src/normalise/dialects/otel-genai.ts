import type { OtlpSpan } from '../../otlp.ts';
import type { Dialect } from '../dialect.ts';

/**
 * Any span that follows the semantic conventions for generative AI, and any unknown instrumentation that writes a `gen_ai.*`
 * or `llm.*` attribute. Last in the order: the general reading of every field is made for it.
 */
export const otelGenAi: Dialect = {
  name: 'otel-genai',
  matches: (span) => hasGenAiAttribute(span),
  read: () => NOTHING,
};

const NOTHING = {};

function hasGenAiAttribute(span: OtlpSpan): boolean {
  const { attributes } = span;
  if (attributes.has('gen_ai.operation.name') || attributes.has('gen_ai.provider.name')) return true;
  for (const key of attributes.keys()) {
    if (key.startsWith('gen_ai.') || key.startsWith('llm.')) return true;
  }
  return span.events.some((event) => event.name.startsWith('gen_ai.'));
}
