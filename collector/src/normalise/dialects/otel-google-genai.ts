import type { Dialect } from '../dialect.ts';
import { readSemconvUsage } from '../semconv-usage.ts';

/**
 * OpenTelemetry's instrumentation of the Google GenAI SDK (scope `opentelemetry.instrumentation.google_genai`).
 * Output includes thoughts where the reasoning count is written (1.x); versions before it write candidates only and no total,
 * so there is nothing to correct them by. The modality counters (`gen_ai.usage.text.…`) are parts of the totals, never added.
 */
export const otelGoogleGenAi: Dialect = {
  name: 'otel-google-genai',
  matches: (span) => span.scope.name === 'opentelemetry.instrumentation.google_genai',
  read: ({ attributes }) => {
    const usage = readSemconvUsage(attributes);
    return {
      usage:
        usage === undefined
          ? undefined
          : {
              ...usage,
              inputIncludesCache: true,
              outputIncludesReasoning: usage.reasoning === undefined ? undefined : true,
            },
      consumed: CONSUMED,
    };
  },
};

const CONSUMED: readonly string[] = [
  // Images, video and cached audio stay attributes: they have prices of their own and no column.
  'gen_ai.usage.text.',
];
