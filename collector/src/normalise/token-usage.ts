import type { TokenUsage } from '../span.ts';
import type { RawUsage } from './dialect.ts';

/** Usage of a span that says nothing about tokens. */
export const MISSING_USAGE: TokenUsage = {
  state: 'missing',
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  cacheWrite1hTokens: 0,
  reasoningTokens: 0,
  audioInputTokens: 0,
  audioOutputTokens: 0,
};

/** What the span says besides its counts. */
export interface UsageContext {
  /** The model reports reasoning only through the total (Gemini: total = prompt + candidates + thoughts). */
  readonly totalHoldsReasoning: boolean;
  /** The call failed: counts that are all 0 are then an absence, not a measurement. */
  readonly failed: boolean;
}

/**
 * Totals that include cached and reasoning tokens, with parts that never exceed them: cacheRead + cacheWrite ≤ input,
 * audioInput ≤ input, reasoning + audioOutput ≤ output, cacheWrite1h ≤ cacheWrite, all ≤ 2^53−1.
 * Cached audio is part of both cacheRead and audioInput. What the sender declares about inclusiveness is believed only
 * as far as the arithmetic allows: more cached tokens than input means that the input excludes them.
 */
export function toTokenUsage(raw: RawUsage | null | undefined, context: UsageContext): TokenUsage {
  if (raw === null || raw === undefined || isEmpty(raw) || (context.failed && isAllZero(raw))) return MISSING_USAGE;
  const cacheRead = raw.cacheRead ?? 0;
  const cacheWrite = Math.max(raw.cacheWrite ?? 0, raw.cacheWrite1h ?? 0);
  const inputTokens = inputTotal(raw, add(cacheRead, cacheWrite));
  const { outputTokens, reasoning } = outputTotal(raw, inputTokens, context);
  const cacheReadTokens = Math.min(cacheRead, inputTokens);
  const cacheWriteTokens = Math.min(cacheWrite, inputTokens - cacheReadTokens);
  const reasoningTokens = Math.min(reasoning, outputTokens);
  return {
    state: raw.estimated === true ? 'estimated' : 'reported',
    inputTokens,
    outputTokens,
    cacheReadTokens,
    cacheWriteTokens,
    cacheWrite1hTokens: Math.min(raw.cacheWrite1h ?? 0, cacheWriteTokens),
    reasoningTokens,
    audioInputTokens: Math.min(raw.audioInput ?? 0, inputTokens),
    audioOutputTokens: Math.min(raw.audioOutput ?? 0, outputTokens - reasoningTokens),
  };
}

function inputTotal(raw: RawUsage, cached: number): number {
  const { input } = raw;
  if (input === undefined) {
    // Embeddings often give only the total; `cached` is a lower bound when nothing else is known.
    const rest = raw.total === undefined ? 0 : raw.total - (raw.output ?? 0);
    return Math.max(rest, cached, 0);
  }
  if (cached === 0) return input;
  const sumExcludes =
    raw.total !== undefined &&
    raw.inputIncludesCache === undefined &&
    raw.total === add(add(input, raw.output ?? 0), cached);
  const excludes = raw.inputIncludesCache === false || cached > input || sumExcludes;
  return excludes ? add(input, cached) : input;
}

function outputTotal(
  raw: RawUsage,
  inputTokens: number,
  context: UsageContext
): { outputTokens: number; reasoning: number } {
  const total = raw.total;
  if (raw.output === undefined) {
    const rest = total === undefined ? 0 : Math.max(total - inputTokens, 0);
    const known = add(raw.reasoning ?? 0, raw.audioOutput ?? 0);
    return { outputTokens: Math.max(rest, known), reasoning: raw.reasoning ?? 0 };
  }
  const output = raw.output;
  if (raw.reasoning === undefined) {
    const hidden = total === undefined ? 0 : total - inputTokens - output;
    const holdsReasoning =
      raw.outputIncludesReasoning === false ||
      (raw.outputIncludesReasoning === undefined && context.totalHoldsReasoning);
    return hidden > 0 && holdsReasoning
      ? { outputTokens: add(output, hidden), reasoning: hidden }
      : { outputTokens: output, reasoning: 0 };
  }
  const reasoning = raw.reasoning;
  if (reasoning === 0) return { outputTokens: output, reasoning };
  const sumExcludes =
    total !== undefined &&
    raw.outputIncludesReasoning === undefined &&
    total === add(add(inputTokens, output), reasoning);
  const excludes = raw.outputIncludesReasoning === false || reasoning > output || sumExcludes;
  return { outputTokens: excludes ? add(output, reasoning) : output, reasoning };
}

/** Sum of two counts, clamped so that it stays exact. */
function add(left: number, right: number): number {
  return Math.min(left + right, Number.MAX_SAFE_INTEGER);
}

function isEmpty(raw: RawUsage): boolean {
  return (
    raw.input === undefined &&
    raw.output === undefined &&
    raw.total === undefined &&
    raw.cacheRead === undefined &&
    raw.cacheWrite === undefined &&
    raw.cacheWrite1h === undefined &&
    raw.reasoning === undefined &&
    raw.audioInput === undefined &&
    raw.audioOutput === undefined
  );
}

function isAllZero(raw: RawUsage): boolean {
  return (
    (raw.input ?? 0) === 0 &&
    (raw.output ?? 0) === 0 &&
    (raw.total ?? 0) === 0 &&
    (raw.cacheRead ?? 0) === 0 &&
    (raw.cacheWrite ?? 0) === 0
  );
}
