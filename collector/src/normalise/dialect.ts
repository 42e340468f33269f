import type { OtlpSpan } from '../otlp.ts';
import type { ContentFragment, Operation } from '../span.ts';

/** A fragment before the span's ids are put on it. */
export type SpanFragment = Pick<ContentFragment, 'kind' | 'source' | 'position' | 'body'>;

/**
 * Token counts as the instrumentation wrote them; `undefined` = not given (which is not 0).
 * `token-usage.ts` turns them into disjoint buckets whose sum is the reported total.
 */
export interface RawUsage {
  readonly input?: number | undefined;
  readonly output?: number | undefined;
  readonly total?: number | undefined;
  readonly cacheRead?: number | undefined;
  readonly cacheWrite?: number | undefined;
  /** Part of cacheWrite that was written with a life of one hour. */
  readonly cacheWrite1h?: number | undefined;
  readonly reasoning?: number | undefined;
  readonly audioInput?: number | undefined;
  readonly audioOutput?: number | undefined;
  /** Does `input` hold the cached tokens? `undefined` = decide by arithmetic (cached > input means no). */
  readonly inputIncludesCache?: boolean | undefined;
  /** Does `output` hold the reasoning tokens? `undefined` = decide by arithmetic against `total`, else yes. */
  readonly outputIncludesReasoning?: boolean | undefined;
  /** The instrumentation counted itself instead of passing on the provider's numbers. */
  readonly estimated?: boolean | undefined;
}

/** What a dialect read from one span; `undefined` = this dialect does not say, the generic reading fills it. */
export interface DialectFields {
  readonly operation?: Operation | undefined;
  /** Semconv provider name, or a raw name that `provider.ts` maps (case, old names, `openai.chat`). */
  readonly provider?: string | undefined;
  readonly requestModel?: string | undefined;
  readonly responseModel?: string | undefined;
  readonly responseId?: string | undefined;
  /** All of it or nothing: families are never mixed on one span. `null` = this span's numbers must not be used (wrapper, root). */
  readonly usage?: RawUsage | null | undefined;
  readonly reportedCostUsd?: string | undefined;
  readonly serviceTier?: string | undefined;
  readonly region?: string | undefined;
  /** False = a second record of a call that another span bills, although the operation is a model operation. */
  readonly billable?: boolean | undefined;
  readonly streaming?: boolean | undefined;
  readonly timeToFirstTokenNs?: number | undefined;
  readonly finishReasons?: readonly string[] | undefined;
  /** Set only when the dialect marks an error outside of the span status. */
  readonly error?: { readonly type: string; readonly message: string } | undefined;
  readonly retries?: number | undefined;
  readonly agentName?: string | undefined;
  readonly agentId?: string | undefined;
  readonly agentVersion?: string | undefined;
  readonly workflowName?: string | undefined;
  readonly promptName?: string | undefined;
  readonly promptVersion?: string | undefined;
  readonly toolName?: string | undefined;
  readonly conversationId?: string | undefined;
  readonly userId?: string | undefined;
  readonly environment?: string | undefined;
  readonly serviceVersion?: string | undefined;
  readonly fragments?: readonly SpanFragment[] | undefined;
  /** Attribute keys that were turned into fields or content and so must not be kept in `attributes` (prefix match when it ends with `.`). */
  readonly consumed?: readonly string[] | undefined;
}

/** How one instrumentation writes GenAI spans. One file each in `dialects/`; they never import each other. */
export interface Dialect {
  /** The value of the column `dialect`; equals the file name. */
  readonly name: string;
  /** True when this instrumentation wrote the span. Cheap: runs on every span. */
  readonly matches: (span: OtlpSpan) => boolean;
  /** Reads what it knows; never throws on any attribute value. */
  readonly read: (span: OtlpSpan) => DialectFields;
}
