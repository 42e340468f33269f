import type { Dialect } from '../dialect.ts';
import { readString } from '../read-attribute.ts';
import { readSemconvUsage } from '../semconv-usage.ts';

const SCOPES = [
  'opentelemetry.instrumentation.botocore',
  '@opentelemetry/instrumentation-aws-sdk',
  'io.opentelemetry.aws-sdk',
] as const;

/**
 * The AWS SDK instrumentations (botocore, JavaScript, Java) on Bedrock. They pass on the numbers of the Converse API,
 * whose `inputTokens` leave out what was read from or written to the cache.
 */
export const otelBedrock: Dialect = {
  name: 'otel-bedrock',
  matches: (span) =>
    SCOPES.some((scope) => span.scope.name.startsWith(scope)) &&
    (span.attributes.has('gen_ai.system') || span.attributes.has('gen_ai.provider.name')),
  read: ({ attributes }) => {
    const usage = readSemconvUsage(attributes);
    return {
      provider: readString(attributes, 'gen_ai.provider.name', 'gen_ai.system') ?? 'aws.bedrock',
      usage: usage === undefined ? undefined : { ...usage, inputIncludesCache: false },
      consumed: CONSUMED,
    };
  },
};

const CONSUMED: readonly string[] = ['cloud.region', 'retry_attempts', 'rpc.system', 'rpc.service', 'http.status_code'];
