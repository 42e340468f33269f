import type { Attributes, OtlpSpan } from '../../otlp.ts';
import type { Dialect, RawUsage } from '../dialect.ts';
import { readBoolean, readNumber, readString } from '../read-attribute.ts';
import { readSemconvUsage } from '../semconv-usage.ts';

/** The one scope name that all instrumentations had before 1.35. */
const OLD_SCOPE = 'openlit.otel.tracing';

/**
 * OpenLIT. Input of Anthropic and Bedrock calls leaves out cached tokens (the provider's own numbers); of all others it includes them.
 * Before 1.35 the tokens of streams were always counted with a local tokenizer, even when the provider sent them.
 * Its time to first token counts from the response (or is the whole latency when nothing is streamed), so it is not taken.
 */
export const openlit: Dialect = {
  name: 'openlit',
  matches: (span) => span.scope.name.startsWith('openlit') || span.attributes.get('telemetry.sdk.name') === 'openlit',
  read: (span) => {
    const { attributes } = span;
    const streaming = readBoolean(attributes, 'gen_ai.request.stream', 'gen_ai.request.is_stream');
    return {
      usage: usageOf(span, streaming === true),
      streaming,
      timeToFirstTokenNs: 0,
      userId: readString(attributes, 'gen_ai.request.user', 'user.id', 'enduser.id'),
      consumed: hasDefaults(attributes) ? CONSUMED_WITH_DEFAULTS : CONSUMED,
    };
  },
};

function usageOf(span: OtlpSpan, streaming: boolean): RawUsage | undefined {
  const usage = readSemconvUsage(span.attributes);
  if (usage === undefined) return undefined;
  const provider = (readString(span.attributes, 'gen_ai.provider.name', 'gen_ai.system') ?? '').toLowerCase();
  const isExclusive = provider.includes('anthropic') || provider.includes('bedrock');
  return {
    ...usage,
    inputIncludesCache: isExclusive ? false : undefined,
    estimated: streaming && span.scope.name === OLD_SCOPE,
  };
}

const CONSUMED: readonly string[] = [
  'gen_ai.request.seed',
  'gen_ai.request.frequency_penalty',
  'gen_ai.request.presence_penalty',
  'gen_ai.request.user',
  'gen_ai.client.token.usage',
  'gen_ai.usage.cost',
  'gen_ai.server.time_to_first_token',
  'gen_ai.server.time_per_output_token',
  'deployment.environment',
  'gen_ai.response.service_tier',
];
const CONSUMED_WITH_DEFAULTS: readonly string[] = [
  ...CONSUMED,
  'gen_ai.request.temperature',
  'gen_ai.request.top_p',
  'gen_ai.request.max_tokens',
];

/** OpenLIT writes parameters that the program never set; these values together are its defaults. */
function hasDefaults(attributes: Attributes): boolean {
  const limit = readNumber(attributes, 'gen_ai.request.max_tokens');
  return (
    readNumber(attributes, 'gen_ai.request.temperature') === 1 &&
    readNumber(attributes, 'gen_ai.request.top_p') === 1 &&
    (limit === undefined || limit === -1)
  );
}
