/**
 * The nouns of the flow: GenAiSpan → PricedSpan → CheckedSpan, and what travels beside spans.
 * Field names are those of `genai.spans` in camelCase; `sql/migrations` documents each column.
 */

/** `gen_ai.operation.name` values (semantic conventions), plus `rerank`, `guardrail`, `evaluation`, `chain`. Free text is allowed. */
export type Operation = string;

/** Operations that are a call to a model. Exactly these may be billable; one call is billed once. */
export const MODEL_OPERATIONS: ReadonlySet<string> = new Set([
  'chat',
  'text_completion',
  'generate_content',
  'embeddings',
  'rerank',
  'image_generation',
  'speech',
  'transcription',
]);

export type UsageState = 'missing' | 'reported' | 'estimated';

/**
 * Tokens of one call, as totals and parts of totals (safe non-negative integers).
 * input = uncached + cacheRead + cacheWrite (+ audio and image input, which are parts of it too); output includes reasoning and audio.
 * cacheWrite1h is a part of cacheWrite.
 */
export interface TokenUsage {
  readonly state: UsageState;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly cacheWrite1hTokens: number;
  readonly reasoningTokens: number;
  readonly audioInputTokens: number;
  readonly audioOutputTokens: number;
}

export type ContentKind = 'input_messages' | 'output_messages' | 'system_instructions' | 'tool_definitions';
export type ContentSource = 'attribute' | 'span_event' | 'log_event';

/**
 * One piece of message content as semconv JSON text (an array; `genai.span_content` joins the pieces of a kind in order of position).
 * Either spanId or responseId is set: fragments without a span id join by response id.
 */
export interface ContentFragment {
  readonly traceId: string;
  readonly spanId: string;
  readonly responseId: string;
  readonly timestampNs: bigint;
  readonly kind: ContentKind;
  readonly source: ContentSource;
  /** Order within (span, kind, source). For log events: derived from time, so that any arrival order gives the same order. */
  readonly position: number;
  readonly body: string;
}

/** A GenAI operation after normalisation. All strings are as sent (models) or semconv values (provider, operation). */
export interface GenAiSpan {
  readonly workspace: string;
  /** Span start, Unix nanoseconds, already clamped to the accepted range. */
  readonly timestampNs: bigint;
  readonly durationNs: number;
  /** 0 = unknown. */
  readonly timeToFirstTokenNs: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly spanName: string;
  readonly serviceName: string;
  readonly serviceVersion: string;
  readonly environment: string;
  readonly department: string;
  readonly operation: Operation;
  readonly provider: string;
  readonly requestModel: string;
  readonly responseModel: string;
  readonly usage: TokenUsage;
  /** What the instrumentation claimed, as a decimal string such as `0.0123`; empty = nothing claimed. */
  readonly reportedCostUsd: string;
  /** As sent: `default`, `flex`, `priority`, `batch`, `standard`, `scale`, …; empty = not said. */
  readonly serviceTier: string;
  /** Cloud region when the span says so (Bedrock, Vertex, Azure), else empty. */
  readonly region: string;
  readonly billable: boolean;
  readonly streaming: boolean;
  readonly finishReasons: readonly string[];
  readonly status: 'unset' | 'ok' | 'error';
  readonly errorType: string;
  readonly errorMessage: string;
  readonly retries: number;
  readonly agentName: string;
  readonly agentId: string;
  readonly agentVersion: string;
  readonly workflowName: string;
  readonly promptName: string;
  readonly promptVersion: string;
  readonly toolName: string;
  readonly conversationId: string;
  readonly userId: string;
  readonly responseId: string;
  /** Name of the file in normalise/dialects that recognised the span. */
  readonly dialect: string;
  readonly scopeName: string;
  readonly sdkLanguage: string;
  /** What no column holds; values as text (JSON for structures). Never message content. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly fragments: readonly ContentFragment[];
  readonly retentionDays: number;
}

/** A span that is not GenAI, in lean form (`genai.other_spans`). */
export interface OtherSpan {
  readonly workspace: string;
  readonly timestampNs: bigint;
  readonly durationNs: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly spanName: string;
  readonly serviceName: string;
  readonly kind: number;
  readonly status: 'unset' | 'ok' | 'error';
}

/** A row of `genai.scores`, e.g. from a `gen_ai.evaluation.result` event. */
export interface Score {
  readonly workspace: string;
  readonly timestampNs: bigint;
  readonly traceId: string;
  readonly spanId: string;
  readonly responseId: string;
  readonly conversationId: string;
  readonly name: string;
  readonly source: 'llm_judge' | 'human' | 'feedback' | 'code' | 'otel';
  readonly value: number;
  readonly label: string;
  readonly comment: string;
  readonly experiment: string;
  readonly variant: string;
  /** Stable: the same event sent twice has the same id. */
  readonly id: string;
}

export type CostState = 'unpriced' | 'computed' | 'reported' | 'free' | 'no_usage' | 'not_charged' | 'not_billable';

/** Money in pico-dollars (10^-12 USD, the scale of Decimal(18,12)): exact. The total is the sum of the five parts. */
export interface Cost {
  readonly state: CostState;
  /** Entry, validity and tier that were applied, e.g. `openai/gpt-4o@2024-10-01`; empty when none. */
  readonly priceId: string;
  readonly totalPico: bigint;
  readonly inputPico: bigint;
  readonly outputPico: bigint;
  readonly cacheReadPico: bigint;
  readonly cacheWritePico: bigint;
  readonly requestPico: bigint;
  /** What the cached tokens would have cost more without the cache (negative when cache writes cost more than they saved). */
  readonly cacheSavingsPico: bigint;
  readonly reportedPico: bigint;
  /** True when an amount was cut to ±999,999 USD. */
  readonly clamped: boolean;
}

export interface PricedSpan {
  readonly span: GenAiSpan;
  readonly cost: Cost;
}

export type GuardAction = 'none' | 'flag' | 'redact' | 'drop';
export type FindingCategory = 'pii' | 'secret' | 'toxicity' | 'prompt_injection' | 'jailbreak' | 'custom';
export type Severity = 'low' | 'medium' | 'high' | 'critical';
export type FindingLocation = 'input' | 'output' | 'system' | 'tool' | 'attribute' | 'error';

/** A row of `genai.findings`. */
export interface Finding {
  readonly workspace: string;
  readonly timestampNs: bigint;
  readonly traceId: string;
  readonly spanId: string;
  readonly rule: string;
  readonly category: FindingCategory;
  readonly severity: Severity;
  readonly action: GuardAction;
  /** 0…1. */
  readonly score: number;
  readonly location: FindingLocation;
  /** Never the value itself: enough to recognise it by, e.g. `sk-p…(51)`. */
  readonly maskedSample: string;
  readonly policyVersion: string;
}

/** After the guard: everything in it may touch a disk. */
export interface CheckedSpan {
  readonly span: GenAiSpan;
  readonly cost: Cost;
  readonly guardAction: GuardAction;
  readonly guardRules: readonly string[];
  readonly findings: readonly Finding[];
}

/** What normalise makes of one request, before price and guard. */
export interface Normalised {
  readonly spans: readonly GenAiSpan[];
  readonly others: readonly OtherSpan[];
  /** From log events; those of spans are inside the spans. */
  readonly fragments: readonly (ContentFragment & { readonly workspace: string; readonly retentionDays: number })[];
  readonly scores: readonly Score[];
}

/** What the guard hands on: the only shape rows are made from. */
export interface Checked {
  readonly spans: readonly CheckedSpan[];
  readonly others: readonly OtherSpan[];
  readonly fragments: Normalised['fragments'];
  readonly scores: readonly Score[];
  /** From fragments, scores and other spans; those of GenAI spans are inside the spans. */
  readonly findings: readonly Finding[];
}
