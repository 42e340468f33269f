/** One call to a model, as an SDK of the semantic conventions would send it. */
export interface ChatSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly startMs: number;
  readonly model: string;
  readonly provider?: string;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly team?: string;
  /** What the instrumentation claims, US dollars. */
  readonly claimedUsd?: number;
}

/** An OTLP/JSON request with these calls, each of a second. */
export function chatSpans(spans: readonly ChatSpan[]): string {
  const attribute = (key: string, value: string | number | undefined): object[] =>
    value === undefined
      ? []
      : [
          {
            key,
            value:
              typeof value === 'string'
                ? { stringValue: value }
                : Number.isInteger(value)
                  ? { intValue: String(value) }
                  : { doubleValue: value },
          },
        ];
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: attribute('service.name', 'shop') },
        scopeSpans: [
          {
            scope: { name: 'test' },
            spans: spans.map((span) => ({
              traceId: span.traceId,
              spanId: span.spanId,
              name: `chat ${span.model}`,
              kind: 3,
              startTimeUnixNano: `${span.startMs}000000`,
              endTimeUnixNano: `${span.startMs + 1_000}000000`,
              attributes: [
                ...attribute('gen_ai.operation.name', 'chat'),
                ...attribute('gen_ai.provider.name', span.provider ?? 'acme'),
                ...attribute('gen_ai.request.model', span.model),
                ...attribute('gen_ai.response.model', span.model),
                ...attribute('gen_ai.usage.input_tokens', span.inputTokens),
                ...attribute('gen_ai.usage.output_tokens', span.outputTokens),
                ...attribute('gen_ai.usage.cost', span.claimedUsd),
                ...attribute('team', span.team),
              ],
              status: { code: 1 },
            })),
          },
        ],
      },
    ],
  });
}

/** Ids that tell spans apart. */
export function spanIds(n: number): { readonly traceId: string; readonly spanId: string } {
  return { traceId: (n + 1).toString(16).padStart(32, '0'), spanId: (n + 1).toString(16).padStart(16, '0') };
}
