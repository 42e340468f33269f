import type { JsonStyle } from '../src/receive/testing/encode-otlp-json.ts';
import { callGrpc, LOGS, TRACES } from '../src/receive/testing/grpc-client.ts';
import { sampleSpan } from '../src/receive/testing/sample-traces.ts';
import type { CapturedRequest } from './captures/load-captures.ts';
import { loadCaptures } from './captures/load-captures.ts';
import { encodeCapturedJson, encodeCapturedProtobuf } from './support/encode-captured.ts';
import type { RunningCollector } from './support/run-collector.ts';
import { runCollector } from './support/run-collector.ts';
import { selectRows } from './support/select-rows.ts';

/** Python and JavaScript, spans alone and with log events, attributes of every kind. */
const INSTRUMENTATIONS = [
  'ai-sdk-7-js',
  'anthropic-sdk-native-content-py',
  'langfuse-js',
  'openinference-langchain-py',
  'openlit-openai-py',
  'otel-botocore-bedrock-py',
  'otel-google-genai-py',
  'otel-openai-v2-py',
  'pydantic-ai-py',
];
const captures = loadCaptures().filter(({ name }) => INSTRUMENTATIONS.includes(name.split('/')[0]!));

/** The captures hold nothing that the guard finds … */
const findable: CapturedRequest = {
  signal: 'traces',
  spans: [
    sampleSpan(1, {
      startTimeUnixNano: BigInt(Date.now()) * 1_000_000n + 123_456n,
      endTimeUnixNano: BigInt(Date.now()) * 1_000_000n + 987_654_321n,
      attributes: new Map<string, string | number | bigint>([
        ['gen_ai.operation.name', 'chat'],
        ['gen_ai.request.model', 'gpt-4o'],
        ['gen_ai.input.messages', '[{"role":"user","parts":[{"type":"text","content":"I am ada@example.org"}]}]'],
        ['largest', 9_223_372_036_854_775_807n],
        ['ratio', 0.1],
      ]),
    }),
    sampleSpan(2, {
      name: 'GET /',
      startTimeUnixNano: BigInt(Date.now()) * 1_000_000n + 1n,
      endTimeUnixNano: BigInt(Date.now()) * 1_000_000n + 500n,
      attributes: new Map([['http.request.method', 'GET']]),
    }),
  ],
};
/** … and no score. */
const evaluation: CapturedRequest = {
  signal: 'logs',
  records: [
    {
      ...sampleSpan(1),
      timeUnixNano: BigInt(Date.now()) * 1_000_000n + 1n,
      observedTimeUnixNano: 0n,
      severityNumber: 9,
      eventName: 'gen_ai.evaluation.result',
      body: null,
      attributes: new Map<string, string | number>([
        ['gen_ai.evaluation.name', 'relevance'],
        ['gen_ai.evaluation.score.value', 0.1],
      ]),
    },
  ],
};
const requests = [findable, evaluation, ...captures.flatMap((capture) => capture.requests)];

const WAYS = ['protobuf', 'json-strings', 'json-numbers', 'grpc'] as const;
let collector: RunningCollector;

async function send(way: (typeof WAYS)[number], request: CapturedRequest): Promise<void> {
  const authorization = `Bearer ${collector.keys.get(way)!}`;
  if (way === 'grpc') {
    const path = request.signal === 'traces' ? TRACES : LOGS;
    const headers = { authorization };
    const answer = await callGrpc(collector.urls.grpc, path, encodeCapturedProtobuf(request), { headers });
    expect([answer.code, answer.body.length]).toEqual(['OK', 0]);
    return;
  }
  const style: JsonStyle = { bareIntegers: way === 'json-numbers', upperCaseIds: way === 'json-numbers' };
  const isJson = way !== 'protobuf';
  const answer = await fetch(`${collector.urls.http}/v1/${request.signal}`, {
    method: 'POST',
    headers: { 'content-type': `application/${isJson ? 'json' : 'x-protobuf'}`, authorization },
    body: new Uint8Array(isJson ? encodeCapturedJson(request, style) : encodeCapturedProtobuf(request)),
  });
  expect([answer.status, await answer.text()]).toEqual([200, isJson ? '{}' : '']);
}

beforeAll(async () => {
  collector = await runCollector(WAYS);
  for (const way of WAYS) for (const request of requests) await send(way, request);
  await collector.delivered();
  await collector.settle();
  await collector.delivered();
});
afterAll(() => collector.stop());

const TABLES = ['spans', 'content_fragments', 'findings', 'scores', 'other_spans'];

/** The id of a score is made from its workspace too. */
it.each(TABLES)('%s: protobuf, both styles of JSON and gRPC give the same rows', async (table) => {
  const rowsOf = (workspace: string) =>
    selectRows(
      { client: collector.client } as never,
      `SELECT * EXCEPT (workspace, ingested_at)${table === 'scores' ? ' EXCEPT id' : ''} FROM genai.${table} FINAL WHERE workspace = {workspace:String} ORDER BY ALL`,
      { workspace }
    );
  const [first, ...others] = await Promise.all(WAYS.map(rowsOf));
  for (const rows of others) expect(rows).toEqual(first);
  expect(first!.length).toBeGreaterThan(0);
});

it('keeps nanoseconds and 64-bit integers whole', async () => {
  const [span] = findable.signal === 'traces' ? findable.spans : [];
  const rows = await selectRows(
    { client: collector.client } as never,
    `SELECT workspace, toUnixTimestamp64Nano(timestamp) AS start, duration_ns, attributes['largest'] AS largest, attributes['ratio'] AS ratio
     FROM genai.spans FINAL WHERE span_id = {id:String} ORDER BY workspace`,
    { id: span!.spanId }
  );
  expect(rows).toEqual(
    [...WAYS].sort().map((workspace) => ({
      workspace,
      start: String(span!.startTimeUnixNano),
      duration_ns: String(span!.endTimeUnixNano - span!.startTimeUnixNano),
      largest: '9223372036854775807',
      ratio: '0.1',
    }))
  );
});
