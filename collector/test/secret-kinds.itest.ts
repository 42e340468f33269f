import { encodings, sensitiveSamples } from '../src/guard/testing/sensitive-samples.ts';
import type { AttributeValue } from '../src/otlp.ts';
import { OtlpJsonEncoder } from '../src/receive/testing/encode-otlp-json.ts';
import { encodeLogsProtobuf, encodeTracesProtobuf } from '../src/receive/testing/encode-otlp-protobuf.ts';
import { callGrpc, LOGS, TRACES } from '../src/receive/testing/grpc-client.ts';
import { sampleSpan } from '../src/receive/testing/sample-traces.ts';
import { findLeaks } from './support/find-leaks.ts';
import type { RunningCollector } from './support/run-collector.ts';
import { runCollector } from './support/run-collector.ts';
import { selectRows } from './support/select-rows.ts';

const kinds = Object.entries(sensitiveSamples);
const start = BigInt(Date.now() - 60_000) * 1_000_000n;
/** The last word is the secret; of what must be kept (its public prefix, a host) nothing is looked for. */
const needleOf = (value: string): string => value.replace(/@.*/, '').slice(-12);
const resourceWith = (text: string) => ({
  attributes: new Map<string, AttributeValue>([
    ['service.name', 'shop'],
    ['process.command_line', text],
  ]),
});
const scope = { name: 'test', version: '1', attributes: new Map<string, AttributeValue>() };
const message = (text: string) => JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: text }] }]);

/** One call of a model and one of a tool that hold the text in every place that carries text. */
function spansWith(index: number, text: string) {
  const shared = { resource: resourceWith(text), scope, startTimeUnixNano: start, endTimeUnixNano: start + 5_000_000n };
  const event = (name: string, attributes: readonly (readonly [string, string])[]) => ({
    timeUnixNano: start,
    name,
    attributes: new Map(attributes),
  });
  return [
    sampleSpan(2 * index + 1, {
      ...shared,
      // A name is cut to its limit before anything looks at it: half a key is none.
      name: text.length <= 120 ? `chat ${text}` : 'chat',
      statusCode: 2,
      statusMessage: `failed with ${text}`,
      attributes: new Map<string, AttributeValue>([
        ['gen_ai.operation.name', 'chat'],
        ['gen_ai.provider.name', 'openai'],
        ['gen_ai.request.model', 'gpt-4o'],
        ['gen_ai.input.messages', message(text)],
        ['gen_ai.output.messages', message(`answer: ${text}`)],
        ['gen_ai.system_instructions', JSON.stringify([{ type: 'text', content: text }])],
        ['custom.note', text],
        ['custom.list', ['a', text]],
        ['custom.map', new Map([['k', text]])],
        ...(text.length <= 400 ? [[`note of ${text}`, 'a name'] as const] : []),
      ]),
      events: [
        event('exception', [
          ['exception.type', 'Failure'],
          ['exception.message', text],
          ['exception.stacktrace', `at call\n${text}\nat main`],
        ]),
        event('gen_ai.user.message', [['content', text]]),
      ],
    }),
    sampleSpan(2 * index + 2, {
      ...shared,
      name: 'execute_tool search',
      attributes: new Map<string, AttributeValue>([
        ['gen_ai.operation.name', 'execute_tool'],
        ['gen_ai.tool.name', 'search'],
        ['gen_ai.tool.call.arguments', JSON.stringify({ q: text })],
        ['gen_ai.tool.call.result', JSON.stringify({ answer: [text] })],
      ]),
    }),
  ];
}

/** What logs say of the first of the two: content as a body, an evaluation. */
function recordsWith(index: number, text: string) {
  const span = sampleSpan(2 * index + 1, {});
  const record = (
    eventName: string,
    body: AttributeValue,
    attributes: readonly (readonly [string, AttributeValue])[]
  ) => ({
    resource: resourceWith(text),
    scope,
    timeUnixNano: start,
    observedTimeUnixNano: start,
    severityNumber: 9,
    eventName,
    body,
    attributes: new Map(attributes),
    traceId: span.traceId,
    spanId: span.spanId,
  });
  return [
    record('gen_ai.user.message', new Map([['content', text]]), []),
    record('gen_ai.evaluation.result', null, [
      ['gen_ai.evaluation.name', 'tone'],
      ['gen_ai.evaluation.score.value', 0.5],
      ['gen_ai.evaluation.explanation', text],
    ]),
  ];
}

const WAYS = ['protobuf', 'json', 'grpc'] as const;
let collector: RunningCollector;
let sent = 0;

async function post(path: string, type: string, body: string | Buffer): Promise<readonly [number, string]> {
  const answer = await fetch(`${collector.urls.http}${path}`, {
    method: 'POST',
    headers: { 'content-type': type, authorization: `Bearer ${collector.keys.get('acme')!}` },
    body: new Uint8Array(Buffer.from(body)),
  });
  return [answer.status, await answer.text()];
}

async function send(way: (typeof WAYS)[number], texts: readonly string[]): Promise<void> {
  const groups = texts.map((text) => {
    const index = sent++;
    return { resource: resourceWith(text), spans: spansWith(index, text), records: recordsWith(index, text) };
  });
  const traces = groups.map(({ resource, spans }) => ({ resource, scopes: [{ scope, items: spans }] }));
  const logs = groups.map(({ resource, records }) => ({ resource, scopes: [{ scope, items: records }] }));
  if (way === 'grpc') {
    const headers = { authorization: `Bearer ${collector.keys.get('acme')!}` };
    const answers = [
      await callGrpc(collector.urls.grpc, TRACES, encodeTracesProtobuf(traces), { headers }),
      await callGrpc(collector.urls.grpc, LOGS, encodeLogsProtobuf(logs), { headers }),
    ];
    expect(answers.map(({ code }) => code)).toEqual(['OK', 'OK']);
    return;
  }
  const json = new OtlpJsonEncoder({ bareIntegers: false, upperCaseIds: false });
  const type = way === 'json' ? 'application/json' : 'application/x-protobuf';
  const [status] = await post('/v1/traces', type, way === 'json' ? json.traces(traces) : encodeTracesProtobuf(traces));
  const [logStatus] = await post('/v1/logs', type, way === 'json' ? json.logs(logs) : encodeLogsProtobuf(logs));
  expect([status, logStatus]).toEqual([200, 200]);
}

beforeAll(async () => {
  collector = await runCollector(['acme']);
  for (const [index, encode] of Object.values(encodings).entries())
    await send(
      WAYS[index % WAYS.length]!,
      kinds.map(([, value]) => encode(`use ${value} now`))
    );
  for (const [, value] of kinds) {
    // What is asked of the API, and refused by it, is written nowhere either.
    const bodies = [{ text: value }, { text: 5, note: value }, { from: value, to: value, policy: { allow: value } }];
    const answers = [
      await post('/api/v1/guard/check', 'application/json', JSON.stringify(bodies[0])),
      await post('/api/v1/guard/check', 'application/json', JSON.stringify(bodies[1])),
      await post('/api/v1/guard/dry-run', 'application/json', JSON.stringify(bodies[2])),
      await post('/api/v1/guard/check', 'application/json', `{"text": "${value}`),
    ];
    expect(answers.map(([status]) => status)).toEqual([200, 400, 403, 400]);
    for (const [, answer] of answers) expect(answer).not.toContain(needleOf(value));
  }
  await collector.delivered();
  await collector.settle();
  await collector.delivered();
});
afterAll(() => collector.stop());

describe('everything that is redacted by default', () => {
  it('stands nowhere, however it was written and wherever it stood', async () => {
    const needles = new Map(kinds.map(([kind, value]) => [kind, needleOf(value)]));
    const { leaks, places } = await findLeaks(collector, needles);
    expect(leaks).toEqual([]);
    expect(places).toEqual(expect.arrayContaining(['content_fragments.body', 'spans.attributes', 'log', 'metrics']));
    expect(places.some((place) => place.startsWith('/ledger/'))).toBe(true);
  });

  it('was found in every span that held it, and every span is there', async () => {
    const rows = await selectRows<{ action: string; spans: string }>(
      { client: collector.client } as never,
      'SELECT guard_action AS action, count() AS spans FROM genai.spans FINAL GROUP BY action'
    );
    expect(rows).toEqual([{ action: 'redact', spans: String(2 * sent) }]);
  });
});
