import type { Dialect } from '../dialect.ts';
import { readNumber, readString, readStringList } from '../read-attribute.ts';
import { readSemconvUsage } from '../semconv-usage.ts';

/**
 * Spans that the Anthropic SDKs and the Claude platform write themselves (scope `com.anthropic.…`).
 * Input includes cached tokens (the SDK adds them up); cache writes are split by life, which have different prices.
 */
export const anthropicSdk: Dialect = {
  name: 'anthropic-sdk',
  matches: (span) => span.scope.name.startsWith('com.anthropic.'),
  read: ({ attributes }) => {
    const usage = readSemconvUsage(attributes);
    return {
      provider: readString(attributes, 'gen_ai.provider.name', 'gen_ai.system') ?? 'anthropic',
      usage: usage === undefined ? undefined : { ...usage, inputIncludesCache: true },
      finishReasons: readStringList(attributes, 'gen_ai.response.finish_reasons', 'anthropic.message.stop_reason'),
      error: failedStatus(readNumber(attributes, 'http.response.status_code')),
      consumed: CONSUMED,
    };
  },
};

const CONSUMED: readonly string[] = [
  'anthropic.message.stop_reason',
  'anthropic.response.service_tier',
  'http.request.resend_count',
  'http.request.method',
  'http.route',
  'url.scheme',
  'url.path',
  'url.full',
];

function failedStatus(status: number | undefined): { type: string; message: string } | undefined {
  return status !== undefined && status >= 400 ? { type: String(status), message: '' } : undefined;
}
