import { join } from 'node:path';
import type { AttributeValue } from '../src/otlp.ts';
import { encodeLogsProtobuf, encodeTracesProtobuf } from '../src/receive/testing/encode-otlp-protobuf.ts';
import { sampleSpan } from '../src/receive/testing/sample-traces.ts';
import { filesBelow } from './support/files-below.ts';
import type { RunningCollector } from './support/run-collector.ts';
import { runCollector } from './support/run-collector.ts';
import { createRandom } from './support/seeded-random.ts';
import { selectRows } from './support/select-rows.ts';

const EMAIL = 'grace.hopper@navy.example';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** Prefixes of keys with the number of characters behind them; put together here, so that no file holds a whole one. */
const SHAPES: readonly (readonly [string, number])[] = [
  ['sk-proj-', 120],
  ['sk-ant-api03-', 93],
  ['gsk_', 52],
  ['xai-', 80],
  ['pplx-', 48],
  ['nvapi-', 64],
  ['AIza', 35],
  ['glpat-', 20],
];
/** Each place gets a key of its own, so that a leak says where it came from. */
const planted = new Map<string, string>();
const random = createRandom(1);
function plant(place: string): string {
  const [prefix, length] = SHAPES[planted.size % SHAPES.length]!;
  const secret = prefix + Array.from({ length }, () => LETTERS[random.below(LETTERS.length)]).join('');
  planted.set(place, secret);
  return `please use ${secret} or write to ${EMAIL} now`;
}

const startTimeUnixNano = BigInt(Date.now()) * 1_000_000n;
const resource = {
  attributes: new Map<string, AttributeValue>([
    ['service.name', `shop ${plant('resource')}`],
    ['service.version', plant('service version')],
    ['deployment.environment.name', plant('environment')],
    ['department', plant('department')],
  ]),
};
const scope = { name: plant('scope'), version: '1', attributes: new Map([['scope.note', plant('scope attribute')]]) };
const text = (place: string) => [{ role: 'user', parts: [{ type: 'text', content: plant(place) }] }];

const call = sampleSpan(1, {
  resource,
  scope,
  name: `chat ${plant('span name')}`,
  startTimeUnixNano,
  endTimeUnixNano: startTimeUnixNano + 5_000_000n,
  statusCode: 2,
  statusMessage: plant('status message'),
  attributes: new Map<string, AttributeValue>([
    ['gen_ai.operation.name', 'chat'],
    ['gen_ai.provider.name', 'openai'],
    ['gen_ai.request.model', `gpt-4o ${plant('model')}`],
    ['gen_ai.response.id', plant('response id')],
    ['gen_ai.agent.name', plant('agent')],
    ['gen_ai.conversation.id', plant('conversation')],
    ['user.id', plant('user')],
    ['error.type', plant('error type')],
    ['gen_ai.prompt.name', plant('prompt name')],
    ['gen_ai.input.messages', JSON.stringify(text('input'))],
    ['gen_ai.output.messages', JSON.stringify(text('output'))],
    ['gen_ai.system_instructions', JSON.stringify([{ type: 'text', content: plant('system') }])],
    [
      'gen_ai.tool.definitions',
      JSON.stringify([{ type: 'function', name: 'f', description: plant('tool definition') }]),
    ],
    ['custom.header', plant('attribute')],
    [plant('attribute key'), 'x'],
    ['custom.list', ['a', plant('list attribute')]],
    ['custom.map', new Map([['k', plant('map attribute')]])],
  ]),
  events: [
    {
      timeUnixNano: startTimeUnixNano,
      name: 'exception',
      attributes: new Map([
        ['exception.type', plant('exception type')],
        ['exception.message', plant('exception message')],
        ['exception.stacktrace', plant('stack trace')],
      ]),
    },
    {
      timeUnixNano: startTimeUnixNano,
      name: 'gen_ai.user.message',
      attributes: new Map([['content', plant('span event')]]),
    },
  ],
});
const tool = sampleSpan(2, {
  resource,
  scope,
  name: 'execute_tool',
  startTimeUnixNano,
  endTimeUnixNano: startTimeUnixNano + 5_000_000n,
  attributes: new Map<string, AttributeValue>([
    ['gen_ai.operation.name', 'execute_tool'],
    ['gen_ai.tool.name', plant('tool name')],
    ['gen_ai.tool.call.arguments', JSON.stringify({ header: plant('tool arguments') })],
    ['gen_ai.tool.call.result', JSON.stringify({ answer: plant('tool result') })],
  ]),
});
const other = sampleSpan(3, {
  resource,
  scope,
  name: `GET ${plant('name of another span')}`,
  startTimeUnixNano,
  endTimeUnixNano: startTimeUnixNano + 5_000_000n,
  attributes: new Map([['url.full', plant('attribute of another span')]]),
});
const log = (
  eventName: string,
  attributes: [string, AttributeValue][],
  body: AttributeValue,
  spanId = call.spanId
) => ({
  resource,
  scope,
  timeUnixNano: startTimeUnixNano,
  observedTimeUnixNano: startTimeUnixNano,
  severityNumber: 9,
  eventName,
  body,
  attributes: new Map(attributes),
  traceId: call.traceId,
  spanId,
});
const records = [
  log('gen_ai.user.message', [], new Map([['content', plant('log body')]])),
  log(
    'gen_ai.choice',
    [['gen_ai.response.id', plant('response id of a log')]],
    new Map([['message', plant('log choice')]]),
    ''
  ),
  log(
    'gen_ai.evaluation.result',
    [
      ['gen_ai.evaluation.name', plant('score name')],
      ['gen_ai.evaluation.score.value', 0.5],
      ['gen_ai.evaluation.score.label', plant('score label')],
      ['gen_ai.evaluation.explanation', plant('score comment')],
    ],
    null
  ),
  log('something.else', [['note', plant('attribute of another log')]], plant('body of another log')),
];

let collector: RunningCollector;

async function post(path: string, type: string, body: string | Buffer): Promise<readonly [number, string]> {
  const answer = await fetch(`${collector.urls.http}/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': type, authorization: `Bearer ${collector.keys.get('acme')!}` },
    body: new Uint8Array(Buffer.from(body)),
  });
  return [answer.status, await answer.text()];
}
const send = async (path: string, body: Buffer): Promise<void> =>
  expect(await post(path, 'application/x-protobuf', body)).toEqual([200, '']);

beforeAll(async () => {
  collector = await runCollector(['acme']);
  await send('traces', encodeTracesProtobuf([{ resource, scopes: [{ scope, items: [call, tool, other] }] }]));
  await send('logs', encodeLogsProtobuf([{ resource, scopes: [{ scope, items: records }] }]));
  // A request that cannot be read may be echoed by no error and no log.
  for (const type of ['application/json', 'application/x-protobuf', 'text/plain']) {
    const [status, answer] = await post('traces', type, `{"resourceSpans": ${plant(`broken ${type}`)}`);
    expect([status >= 400, leaksIn(answer)]).toEqual([true, []]);
  }
  await collector.delivered();
  await collector.settle();
  await collector.delivered();
});
afterAll(() => collector.stop());

/** Places whose secret stands in the text: any twelve characters of its middle, or its base64 at any alignment. */
function leaksIn(found: string): readonly string[] {
  return [...planted]
    .filter(([, secret]) => {
      const middle = secret.slice(-14, -2);
      const encoded = [0, 1, 2].map((shift) =>
        Buffer.from(' '.repeat(shift) + secret)
          .toString('base64')
          .slice(4, -4)
      );
      return [middle, ...encoded].some((part) => found.includes(part));
    })
    .map(([place]) => place);
}

describe('a key that somebody sends', () => {
  it('is in no column of any table', async () => {
    const store = { client: collector.client } as never;
    const columns = await selectRows<{ table: string; name: string }>(
      store,
      "SELECT table, name FROM system.columns WHERE database = 'genai' AND match(type, 'String|Map|Array')"
    );
    const tables = new Set(columns.map(({ table }) => table));
    expect([...tables]).toEqual(
      expect.arrayContaining(['spans', 'content_fragments', 'findings', 'scores', 'other_spans', 'dead_letters'])
    );
    const leaks: string[] = [];
    let rowsRead = 0;
    for (const table of tables) {
      const rows = await selectRows(store, `SELECT * FROM genai.${table}`);
      rowsRead += rows.length;
      if (leaksIn(JSON.stringify(rows)).length === 0) continue;
      for (const row of rows)
        for (const [column, value] of Object.entries(row))
          leaks.push(...leaksIn(JSON.stringify(value)).map((place) => `${table}.${column}: ${place}`));
    }
    expect(leaks).toEqual([]);
    expect(rowsRead).toBeGreaterThan(10);
  });

  it('is in no file of the data directory', async () => {
    const files: string[] = [];
    const leaks: string[] = [];
    for await (const [path, content] of filesBelow(join(collector.directory, 'data'))) {
      files.push(path);
      leaks.push(...leaksIn(content).map((place) => `${path}: ${place}`));
    }
    expect(files.some((path) => path.includes('/ledger/'))).toBe(true);
    expect(leaks).toEqual([]);
  });

  it('is in no log line and in no metric', async () => {
    const metrics = await (await fetch(`${collector.urls.http}/metrics`)).text();
    expect(metrics).toContain('spanledger_');
    expect({ logged: leaksIn(collector.logged()), metrics: leaksIn(metrics) }).toEqual({ logged: [], metrics: [] });
    expect(collector.logged()).not.toContain(EMAIL);
    expect(metrics).not.toContain(EMAIL);
  });

  it('was found, wherever it stood', async () => {
    const findings = await selectRows<{ rule: string; location: string; masked_sample: string }>(
      { client: collector.client } as never,
      'SELECT DISTINCT rule, location FROM genai.findings'
    );
    expect(new Set(findings.map(({ location }) => location))).toEqual(
      new Set(['input', 'output', 'system', 'tool', 'attribute', 'error'])
    );
    const rules = new Set(findings.map(({ rule }) => rule));
    expect(rules.size).toBe(SHAPES.length + 1);
    expect(rules).toContain('email');
  });

  it('is in no attribute of bytes', async () => {
    const span = sampleSpan(4, {
      startTimeUnixNano,
      endTimeUnixNano: startTimeUnixNano,
      attributes: new Map<string, AttributeValue>([
        ['gen_ai.operation.name', 'chat'],
        ['custom.bytes', Buffer.from(plant('bytes'))],
      ]),
    });
    await send('traces', encodeTracesProtobuf([{ resource, scopes: [{ scope, items: [span] }] }]));
    await collector.delivered();
    const rows = await selectRows(
      { client: collector.client } as never,
      'SELECT attributes FROM genai.spans WHERE span_id = {id:String}',
      { id: span.spanId }
    );
    expect(leaksIn(JSON.stringify(rows))).toEqual([]);
  });
});
