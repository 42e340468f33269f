import type { AttributeValue, OtlpResource, OtlpScope, OtlpSpan } from '../otlp.ts';
import type { DemoAgent } from './demo-agents.ts';
import { systemTextOf } from './demo-texts.ts';
import type { Random } from './random.ts';

const INTERNAL = 1;
const CLIENT = 3;
const UNSET = 0;
const ERROR = 2;
const NS_PER_MS = 1_000_000;
/** Scope of what an agent framework writes around the calls. */
const AGENT_SCOPE = 'opentelemetry.util.genai.handler';
const SCOPE_VERSION = '2.3b0';

/** Who runs, and below which span. */
export interface TraceFrame {
  readonly agent: DemoAgent;
  readonly version: string;
  readonly resource: OtlpResource;
  readonly traceId: string;
  readonly parentSpanId: string;
  readonly userId: string;
  readonly conversationId: string;
  readonly scope?: string;
}

/** What the calls of one run have in common. */
export interface CallPlan {
  readonly model: string;
  readonly answeringModel: string;
  readonly provider: string;
  readonly host: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Tokens are exact, not around the given numbers. */
  readonly isExact: boolean;
  readonly cachedShare: number;
  /** How much slower than usual. */
  readonly slowdown: number;
  readonly retries: number;
  readonly hasUsage: boolean;
}

interface Call extends CallPlan {
  readonly messages: string;
  readonly answer: string;
  readonly finishReason: string;
  readonly failure: { readonly type: string; readonly message: string } | undefined;
}

export function millis(count: number): bigint {
  return BigInt(Math.round(count * NS_PER_MS));
}

const scopes = new Map<string, OtlpScope>();

function scopeOf(name: string): OtlpScope {
  let scope = scopes.get(name);
  if (scope === undefined) {
    scope = { name, version: SCOPE_VERSION, attributes: new Map() };
    scopes.set(name, scope);
  }
  return scope;
}

/** A span that is no chat: agent, tool, retrieval, embeddings. */
export function plainSpan(
  frame: TraceFrame,
  startNs: bigint,
  durationMs: number,
  random: Random,
  span: {
    readonly name: string;
    readonly kind?: 'client';
    readonly attributes: readonly (readonly [string, AttributeValue])[];
  }
): OtlpSpan {
  return {
    resource: frame.resource,
    scope: scopeOf(frame.scope ?? AGENT_SCOPE),
    traceId: frame.traceId,
    spanId: random.hex(16),
    parentSpanId: frame.parentSpanId,
    name: span.name,
    kind: span.kind === 'client' ? CLIENT : INTERNAL,
    startTimeUnixNano: startNs,
    endTimeUnixNano: startNs + millis(durationMs),
    attributes: new Map<string, AttributeValue>([
      ...span.attributes,
      ['gen_ai.agent.name', frame.agent.name],
      ['gen_ai.agent.version', frame.version],
      ['gen_ai.conversation.id', frame.conversationId],
      ['user.id', frame.userId],
    ]),
    events: [],
    statusCode: UNSET,
    statusMessage: '',
  };
}

/** A call to a model as the instrumentation of its provider writes it (semantic conventions for generative AI). */
export function callSpan(frame: TraceFrame, startNs: bigint, random: Random, call: Call): OtlpSpan {
  const { agent } = frame;
  const around = (median: number, spread: number) =>
    call.isExact ? median : Math.max(1, Math.round(random.around(median, spread)));
  const inputTokens = around(call.inputTokens, 0.35);
  const outputTokens = around(call.outputTokens, 0.45);
  const firstTokenMs = random.around(agent.firstTokenMs, 0.35) * call.slowdown;
  const answerMs = outputTokens * random.around(agent.msPerOutputToken, 0.2) * call.slowdown;
  const durationMs = call.failure === undefined ? firstTokenMs + answerMs : random.around(2_400, 0.4);
  const attributes: [string, AttributeValue][] = [
    ['gen_ai.operation.name', agent.operation],
    ['gen_ai.provider.name', call.provider],
    ['gen_ai.request.model', call.model],
    ['gen_ai.request.max_tokens', 4096],
    ['gen_ai.prompt.name', agent.promptName],
    ['gen_ai.prompt.version', frame.version.split('.')[1]!],
    ['server.address', call.host],
    ['server.port', 443],
    ['gen_ai.system_instructions', JSON.stringify([{ type: 'text', content: systemTextOf(agent.name) }])],
    ['gen_ai.input.messages', call.messages],
  ];
  if (call.retries > 0) attributes.push(['http.request.resend_count', call.retries]);
  if (agent.isStreaming) attributes.push(['gen_ai.request.stream', true]);
  if (call.failure === undefined) {
    if (agent.isStreaming)
      attributes.push(['gen_ai.response.time_to_first_chunk', Math.round(firstTokenMs * 1000) / 1_000_000]);
    if (call.answeringModel !== '') attributes.push(['gen_ai.response.model', call.answeringModel]);
    attributes.push(
      ['gen_ai.response.id', responseId(call.provider, random)],
      ['gen_ai.response.finish_reasons', [call.finishReason]],
      ['gen_ai.output.messages', call.answer]
    );
    if (call.hasUsage) attributes.push(...usage(call, agent, inputTokens, outputTokens, random));
  } else attributes.push(['error.type', call.failure.type]);
  const span = plainSpan({ ...frame, scope: agent.scope }, startNs, durationMs, random, {
    name: `${agent.operation} ${call.model}`,
    kind: 'client',
    attributes,
  });
  return call.failure === undefined ? span : { ...span, statusCode: ERROR, statusMessage: call.failure.message };
}

function usage(
  call: CallPlan,
  agent: DemoAgent,
  inputTokens: number,
  outputTokens: number,
  random: Random
): [string, AttributeValue][] {
  const counts: [string, AttributeValue][] = [
    ['gen_ai.usage.input_tokens', inputTokens],
    ['gen_ai.usage.output_tokens', outputTokens],
  ];
  if (agent.reasoningShare > 0 && call.model === agent.model)
    counts.push(['gen_ai.usage.reasoning.output_tokens', Math.floor(outputTokens * agent.reasoningShare)]);
  if (call.cachedShare === 0) return counts;
  const cached = Math.floor(inputTokens * call.cachedShare);
  // One call in twelve finds the cache gone; where the provider charges for filling it, that is what it does.
  if (!random.chance(1 / 12)) counts.push(['gen_ai.usage.cache_read.input_tokens', cached]);
  else if (call.provider === 'anthropic') counts.push(['gen_ai.usage.cache_creation.input_tokens', cached]);
  return counts;
}

function responseId(provider: string, random: Random): string {
  if (provider === 'anthropic') return `msg_01${random.base62(22)}`;
  if (provider === 'openai') return `chatcmpl-${random.base62(29)}`;
  return random.base62(24);
}
