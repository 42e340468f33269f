import type { OtlpLogRecord, OtlpResource, OtlpSpan } from '../otlp.ts';
import type { DemoAgent } from './demo-agents.ts';
import { answerFor } from './demo-texts.ts';
import { callSpan, millis, plainSpan } from './demo-spans.ts';
import type { CallPlan, TraceFrame } from './demo-spans.ts';
import type { Random } from './random.ts';

const EMBEDDING_MODEL = 'text-embedding-3-small';
const EVALUATOR_DELAY_MS = 4_000;
const PASS_MARK = 0.6;
const OK = 1;
const ERROR = 2;

/** What shall happen in one run of an agent. */
export interface TracePlan {
  readonly agent: DemoAgent;
  readonly version: string;
  readonly resource: OtlpResource;
  readonly traceId: string;
  readonly startNs: bigint;
  readonly userId: string;
  readonly conversationId: string;
  readonly question: string;
  readonly rounds: number;
  /** What the calls to the model have in common. */
  readonly call: CallPlan;
  /** The call of this number fails and the run with it; -1 = none does. */
  readonly failingRound: number;
  readonly failure: { readonly type: string; readonly message: string };
  /** Shift of what the evaluator says; undefined = nobody evaluates. */
  readonly scoreShift: number | undefined;
}

export interface DemoTrace {
  readonly spans: readonly OtlpSpan[];
  readonly records: readonly OtlpLogRecord[];
}

/** One run of an agent: its root, what it looks up, its calls to the model and its tools, one after the other. */
export function buildTrace(plan: TracePlan, random: Random): DemoTrace {
  const { agent } = plan;
  const rootId = random.hex(16);
  const frame: TraceFrame = { ...plan, parentSpanId: rootId };
  const inner: OtlpSpan[] = [];
  let now = plan.startNs + millis(random.integer(2, 12));
  const append = (span: OtlpSpan): void => {
    inner.push(span);
    now = span.endTimeUnixNano + millis(random.integer(1, 9));
  };

  if (agent.retrieves) {
    append(embeddingSpan(frame, now, random));
    append(
      plainSpan(frame, now, random.around(35, 0.5), random, {
        name: 'retrieval knowledge-base',
        attributes: [
          ['gen_ai.operation.name', 'retrieval'],
          ['gen_ai.data_source.id', 'knowledge-base'],
        ],
      })
    );
  }
  const history: object[] = [{ role: 'user', parts: [{ type: 'text', content: plan.question }] }];
  let isFailed = false;
  for (let round = 0; round < plan.rounds && !isFailed; round++) {
    isFailed = round === plan.failingRound;
    const isLast = round === plan.rounds - 1;
    const tool = random.pick(agent.tools);
    const toolCallId = `call_${random.base62(16)}`;
    const request = { type: 'tool_call', id: toolCallId, name: tool, arguments: { id: random.integer(1000, 9999) } };
    const answer = isLast
      ? { role: 'assistant', parts: [{ type: 'text', content: answerFor(agent.name, random) }], finish_reason: 'stop' }
      : { role: 'assistant', parts: [request], finish_reason: 'tool_call' };
    append(
      callSpan(frame, now, random, {
        ...plan.call,
        // Every round sends again what was said before.
        inputTokens: Math.round(plan.call.inputTokens * (1 + 0.18 * round)),
        messages: JSON.stringify(history),
        answer: JSON.stringify([answer]),
        finishReason: isLast ? 'stop' : 'tool_calls',
        failure: isFailed ? plan.failure : undefined,
      })
    );
    if (isLast || isFailed) continue;
    const result = { found: random.integer(0, 12), state: random.pick(['open', 'shipped', 'closed', 'passed']) };
    append(toolSpan(frame, now, random, tool, toolCallId, result));
    history.push(
      { role: 'assistant', parts: [request] },
      { role: 'tool', parts: [{ type: 'tool_call_response', id: toolCallId, response: result }] }
    );
  }
  const answered = inner.at(-1)!;
  const root: OtlpSpan = {
    ...plainSpan({ ...frame, parentSpanId: '' }, plan.startNs, 0, random, {
      name: `invoke_agent ${agent.name}`,
      attributes: [
        ['gen_ai.operation.name', 'invoke_agent'],
        ['gen_ai.provider.name', agent.provider],
        ['gen_ai.agent.id', `agent_${agent.service}`],
      ],
    }),
    spanId: rootId,
    endTimeUnixNano: now,
    statusCode: isFailed ? ERROR : OK,
    statusMessage: isFailed ? plan.failure.message : '',
  };
  if (isFailed) (root.attributes as Map<string, string>).set('error.type', plan.failure.type);
  const records = isFailed || plan.scoreShift === undefined ? [] : evaluation(plan, answered, random, plan.scoreShift);
  return { spans: [root, ...inner], records };
}

function embeddingSpan(frame: TraceFrame, startNs: bigint, random: Random): OtlpSpan {
  return plainSpan(
    { ...frame, scope: 'opentelemetry.instrumentation.openai_v2' },
    startNs,
    random.around(90, 0.4),
    random,
    {
      name: `embeddings ${EMBEDDING_MODEL}`,
      kind: 'client',
      attributes: [
        ['gen_ai.operation.name', 'embeddings'],
        ['gen_ai.provider.name', 'openai'],
        ['gen_ai.request.model', EMBEDDING_MODEL],
        ['gen_ai.response.model', EMBEDDING_MODEL],
        ['gen_ai.usage.input_tokens', Math.round(random.around(24, 0.4)) + 1],
        ['server.address', 'api.openai.com'],
      ],
    }
  );
}

function toolSpan(
  frame: TraceFrame,
  startNs: bigint,
  random: Random,
  tool: string,
  callId: string,
  result: object
): OtlpSpan {
  const span = plainSpan(frame, startNs, random.around(tool === 'run_tests' ? 9_000 : 140, 0.6), random, {
    name: `execute_tool ${tool}`,
    attributes: [
      ['gen_ai.operation.name', 'execute_tool'],
      ['gen_ai.tool.name', tool],
      ['gen_ai.tool.type', 'function'],
      ['gen_ai.tool.call.id', callId],
      ['gen_ai.tool.call.result', JSON.stringify(result)],
    ],
  });
  if (!random.chance(0.015)) return span;
  (span.attributes as Map<string, string>).set('error.type', 'TimeoutError');
  return { ...span, statusCode: ERROR, statusMessage: `${tool} did not answer in time` };
}

function evaluation(plan: TracePlan, span: OtlpSpan, random: Random, shift: number): OtlpLogRecord[] {
  const { score } = plan.agent;
  if (score === undefined) return [];
  const raw = score.mean + shift + (random.next() + random.next() + random.next() - 1.5) * 0.22;
  const value = Math.round(Math.min(1, Math.max(0, raw)) * 100) / 100;
  const timeUnixNano = span.endTimeUnixNano + millis(EVALUATOR_DELAY_MS);
  return [
    {
      resource: plan.resource,
      scope: { name: 'demo.evaluator', version: '1.0.0', attributes: new Map() },
      timeUnixNano,
      observedTimeUnixNano: timeUnixNano,
      severityNumber: 9,
      eventName: 'gen_ai.evaluation.result',
      body: null,
      attributes: new Map<string, string | number>([
        ['gen_ai.evaluation.name', score.name],
        ['gen_ai.evaluation.score.value', value],
        ['gen_ai.evaluation.score.label', value >= PASS_MARK ? 'pass' : 'fail'],
        ['gen_ai.conversation.id', plan.conversationId],
        ['experiment', `${plan.agent.name} versions`],
        ['variant', plan.version],
      ]),
      traceId: span.traceId,
      spanId: span.spanId,
    },
  ];
}
