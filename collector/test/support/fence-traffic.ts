import type { AttributeValue, OtlpLogRecord, OtlpSpan } from '../../src/otlp.ts';
import { encodeLogsProtobuf, encodeTracesProtobuf } from '../../src/receive/testing/encode-otlp-protobuf.ts';
import type { Random } from './seeded-random.ts';

/** What the store must say about a span once it was acknowledged. */
export interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly table: 'spans' | 'other_spans';
  readonly outputTokens: number;
}

export interface FenceRequest {
  readonly workspace: string;
  readonly path: '/v1/traces' | '/v1/logs';
  readonly body: Buffer;
  readonly spans: readonly SentSpan[];
  /** Texts of the content, each unique. */
  readonly marks: readonly string[];
}

/** Two records of one call, in requests of their own; the better one is to be billed. */
export interface Pair {
  readonly workspace: string;
  readonly better: string;
  readonly worse: string;
}

export interface FenceTraffic {
  readonly requests: readonly FenceRequest[];
  readonly pairs: readonly Pair[];
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const MODELS: readonly (readonly [string, string])[] = [
  ['openai', 'gpt-4o'],
  ['openai', 'gpt-4o-mini'],
  ['anthropic', 'claude-sonnet-4-5'],
  ['openai', 'a-model-without-a-price'],
];
const NO_ATTRIBUTES = new Map<string, AttributeValue>();
const SCOPE = { name: 'opentelemetry.instrumentation.openai_v2', version: '1', attributes: NO_ATTRIBUTES };
const NATIVE_SCOPE = { name: 'com.anthropic.sdk', version: '1', attributes: NO_ATTRIBUTES };

const messages = (role: string, text: string) =>
  JSON.stringify([{ role, parts: [{ type: 'text', content: text }], finish_reason: 'stop' }]);

/** All that will be sent, in an order of its own; `now` is when the newest spans end (Unix milliseconds). */
export function makeTraffic(random: Random, now: number, workspaces: readonly string[], count: number): FenceTraffic {
  const requests: FenceRequest[] = [];
  const pairs: Pair[] = [];
  const open: { workspace: string; traceId: string; parent: string; at: number }[] = [];

  const resourceOf = (service: string) => ({
    attributes: new Map<string, AttributeValue>([
      ['service.name', service],
      ['deployment.environment.name', random.pick(['production', 'staging'])],
      ['department', random.pick(['sales', 'support', ''])],
    ]),
  });
  const startOf = (): number => {
    const age = random.pick([
      random.below(3 * MINUTE_MS),
      random.below(3 * HOUR_MS),
      24 * HOUR_MS + random.below(8 * 24 * HOUR_MS),
    ]);
    return now - age - 10 * SECOND_MS;
  };
  /** Spans that are not GenAI live for seven days only. */
  const recently = () => now - random.below(3 * HOUR_MS) - 10 * SECOND_MS;
  const spanOf = (fields: Partial<OtlpSpan>, startMs: number, attributes: [string, AttributeValue][]): OtlpSpan => {
    const startTimeUnixNano = BigInt(startMs) * 1_000_000n + BigInt(random.below(1_000_000));
    return {
      resource: resourceOf(random.pick(['shop', 'bot'])),
      scope: SCOPE,
      traceId: random.hex(32),
      spanId: random.hex(16),
      parentSpanId: '',
      name: 'chat',
      kind: 3,
      startTimeUnixNano,
      endTimeUnixNano: startTimeUnixNano + BigInt(1 + random.below(2_000_000_000)),
      events: [],
      statusCode: 0,
      statusMessage: '',
      ...fields,
      attributes: new Map(attributes),
    };
  };
  const sent = (span: OtlpSpan): SentSpan => ({
    traceId: span.traceId,
    spanId: span.spanId,
    table: span.attributes.has('gen_ai.operation.name') ? 'spans' : 'other_spans',
    outputTokens: Number(span.attributes.get('gen_ai.usage.output_tokens') ?? 0),
  });
  const traces = (workspace: string, spans: readonly OtlpSpan[], marks: readonly string[]): void => {
    const model = spans.map((span) => ({ resource: span.resource, scopes: [{ scope: span.scope, items: [span] }] }));
    const unique = new Map(spans.map((span) => [span.spanId, sent(span)]));
    requests.push({
      workspace,
      path: '/v1/traces',
      body: encodeTracesProtobuf(model),
      spans: [...unique.values()],
      marks,
    });
  };
  const usage = (): [string, AttributeValue][] => {
    if (random.chance(0.15)) return [];
    const input = 1 + random.below(5000);
    const cached: [string, AttributeValue][] = random.chance(0.4)
      ? [['gen_ai.usage.cache_read.input_tokens', random.below(input)]]
      : [];
    return [['gen_ai.usage.input_tokens', input], ['gen_ai.usage.output_tokens', 1 + random.below(100_000)], ...cached];
  };
  const who = (): [string, AttributeValue][] => [
    ...(random.chance(0.6) ? [['user.id', `user-${random.below(5)}`] as [string, AttributeValue]] : []),
    ...(random.chance(0.3) ? [['gen_ai.agent.name', `agent-${random.below(3)}`] as [string, AttributeValue]] : []),
  ];

  const addCalls = (): void => {
    const within = open.length > 0 && random.chance(0.5) ? random.pick(open) : undefined;
    const workspace = within?.workspace ?? random.pick(workspaces);
    const marks: string[] = [];
    const spans = Array.from({ length: 1 + random.below(10) }, () => {
      const [provider, model] = random.pick(MODELS);
      const failed = random.chance(0.15);
      const mark = `mark-${random.hex(16)}`;
      const hasContent = random.chance(0.5);
      if (hasContent) marks.push(`${mark}-in`, `${mark}-out`);
      const fields: Partial<OtlpSpan> = {
        ...(within === undefined ? {} : { traceId: within.traceId, parentSpanId: within.parent }),
        ...(failed ? { statusCode: 2, statusMessage: 'overloaded' } : {}),
      };
      return spanOf(fields, within?.at ?? startOf(), [
        ['gen_ai.operation.name', 'chat'],
        ['gen_ai.provider.name', provider],
        ['gen_ai.request.model', model],
        ['gen_ai.response.id', `resp-${random.hex(16)}`],
        ...(random.chance(0.3) ? [['gen_ai.response.time_to_first_chunk', 0.25] as [string, AttributeValue]] : []),
        ...(failed ? [['error.type', 'timeout'] as [string, AttributeValue]] : usage()),
        ...who(),
        ...(hasContent ? contentOf(mark) : []),
      ]);
    });
    if (random.chance(0.2)) spans.push(spans[0]!);
    if (random.chance(0.3))
      spans.push(spanOf({ name: 'GET /', kind: 2 }, recently(), [['http.request.method', 'GET']]));
    traces(workspace, spans, marks);
  };
  /** The agent's own span comes in a request of its own, before or after the calls below it. */
  const addAgent = (): void => {
    const workspace = random.pick(workspaces);
    const at = startOf();
    const span = spanOf({ name: 'invoke_agent', kind: 1 }, at, [
      ['gen_ai.operation.name', 'invoke_agent'],
      ['gen_ai.agent.name', `planner-${random.below(3)}`],
      ['gen_ai.conversation.id', `conversation-${random.hex(8)}`],
      ['user.id', `user-${random.below(5)}`],
    ]);
    open.push({ workspace, traceId: span.traceId, parent: span.spanId, at });
    traces(workspace, [span], []);
  };
  /** A wrapper's span and the provider SDK's own of the same call, in two traces and two requests. */
  const addPair = (): void => {
    const workspace = random.pick(workspaces);
    const at = startOf();
    const call: [string, AttributeValue][] = [
      ['gen_ai.operation.name', 'chat'],
      ['gen_ai.provider.name', 'anthropic'],
      ['gen_ai.request.model', 'claude-sonnet-4-5'],
      ['gen_ai.response.id', `msg_${random.hex(20)}`],
      ['gen_ai.usage.input_tokens', 1 + random.below(5000)],
      ['gen_ai.usage.output_tokens', 1 + random.below(100_000)],
    ];
    const worse = spanOf({ name: 'wrapper' }, at, [...call, ...who()]);
    const better = spanOf({ name: 'native', scope: NATIVE_SCOPE }, at, call);
    for (const span of [worse, better]) traces(workspace, [span], []);
    pairs.push({ workspace, better: better.spanId, worse: worse.spanId });
  };
  /** Content of a call that comes as a log event. */
  const addLog = (): void => {
    const workspace = random.pick(workspaces);
    const mark = `mark-${random.hex(16)}`;
    const resource = resourceOf('shop');
    const time = BigInt(startOf()) * 1_000_000n;
    const record: OtlpLogRecord = {
      resource,
      scope: SCOPE,
      timeUnixNano: time,
      observedTimeUnixNano: time,
      severityNumber: 9,
      eventName: 'gen_ai.client.inference.operation.details',
      body: null,
      attributes: new Map(contentOf(mark)),
      traceId: random.hex(32),
      spanId: random.hex(16),
    };
    const body = encodeLogsProtobuf([{ resource, scopes: [{ scope: SCOPE, items: [record] }] }]);
    requests.push({ workspace, path: '/v1/logs', body, spans: [], marks: [`${mark}-in`, `${mark}-out`] });
  };

  while (requests.length < count) random.pick([addCalls, addCalls, addCalls, addAgent, addPair, addLog])();
  return { requests: random.shuffled(requests), pairs };
}

function contentOf(mark: string): [string, AttributeValue][] {
  return [
    ['gen_ai.input.messages', messages('user', `${mark}-in`)],
    ['gen_ai.output.messages', messages('assistant', `${mark}-out`)],
  ];
}
