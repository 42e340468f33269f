import { checkedSpan } from '../../../../collector/src/rows/testing/checked-span.ts';
import type { CheckedSpan, Cost, GenAiSpan, TokenUsage } from '../../../../collector/src/span.ts';

export interface Seed {
  readonly at: string;
  readonly seconds: number;
  readonly span?: Partial<Omit<GenAiSpan, 'usage'>>;
  readonly usage?: Partial<TokenUsage>;
  /** US dollars with at most six digits after the point. */
  readonly parts?: {
    readonly input?: number;
    readonly output?: number;
    readonly cacheRead?: number;
    readonly cacheWrite?: number;
    readonly request?: number;
  };
  readonly savings?: number;
  readonly state?: Cost['state'];
}

const NO_USAGE: TokenUsage = {
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

const pico = (dollars = 0) => BigInt(Math.round(dollars * 1e6)) * 1_000_000n;

/** A span of workspace `default`; the seed's place in the list gives the ids. */
export function seedSpan(seed: Seed, index: number): CheckedSpan {
  const { input, output, cacheRead, cacheWrite, request } = seed.parts ?? {};
  const parts = [input, output, cacheRead, cacheWrite, request].map(pico);
  const id = (index + 1).toString(16);
  return checkedSpan({
    guardAction: 'none',
    guardRules: [],
    span: {
      workspace: 'default',
      traceId: id.padStart(32, '0'),
      spanId: id.padStart(16, '0'),
      timestampNs: BigInt(Date.parse(seed.at)) * 1_000_000n,
      durationNs: Math.round(seed.seconds * 1e9),
      environment: 'production',
      department: '',
      status: 'ok',
      errorType: '',
      retries: 0,
      agentName: '',
      agentVersion: '',
      conversationId: '',
      userId: '',
      usage: { ...NO_USAGE, ...seed.usage, state: seed.usage ? 'reported' : 'missing' },
      ...seed.span,
    },
    cost: {
      state: seed.state ?? 'computed',
      priceId: '',
      totalPico: parts.reduce((sum, part) => sum + part, 0n),
      inputPico: pico(input),
      outputPico: pico(output),
      cacheReadPico: pico(cacheRead),
      cacheWritePico: pico(cacheWrite),
      requestPico: pico(request),
      cacheSavingsPico: pico(seed.savings),
      reportedPico: 0n,
      clamped: false,
    },
  });
}
