import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { runCommand } from './testing/run-command.ts';

type Answer = readonly [status: number, body: unknown];

let server: Server;
let asked: string[];
let answers: Record<string, Answer>;
let settings: Record<string, string>;
beforeEach(async () => {
  asked = [];
  answers = {};
  server = createServer((request, response) => {
    void text(request).then((body) => {
      const what = `${request.method} ${request.url}`;
      asked.push(
        `${what}${body === '' ? '' : ` ${body}`}${request.headers.authorization === undefined ? '' : ' with a key'}`
      );
      const [status, answer] = answers[what] ?? [404, { title: 'There is no such path' }];
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  settings = { SPANLEDGER_HTTP_LISTEN: `127.0.0.1:${(server.address() as AddressInfo).port}` };
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const RUN = { id: 'r1', state: 'running', examined: 0, amended: 0, difference_usd: '0', failure: '' };
const DONE = { ...RUN, state: 'done', examined: 12, amended: 5, difference_usd: '1.25' };

test('set prices a model and re-prices what is stored, in one step', async () => {
  answers = {
    'PUT /api/v1/prices/overrides/acme': [200, { price_id: 'override/acme@v2', reprice: RUN }],
    'GET /api/v1/prices/reprice': [200, { items: [DONE] }],
  };
  const result = await runCommand(
    'prices set acme --model acme-1 --input 2.5 --output 10 --currency EUR --usd-rate 1.1 --rate-date 2026-03-01 --reprice-from 2026-02-01'.split(
      ' '
    ),
    { environment: settings, now: () => Date.parse('2026-03-01T12:00:00Z') }
  );
  const [put = ''] = asked;
  const body = JSON.parse(put.slice(put.indexOf('{'))) as { reprice: { from: string } };
  expect(body).toMatchObject({
    model: 'acme-1',
    price: { input: '2.5', output: '10' },
    currency: 'EUR',
    usd_rate: '1.1',
    rate_date: '2026-03-01',
    reprice: { from: '2026-02-01' },
  });
  expect([result.code, result.answers]).toEqual([
    0,
    [
      'override/acme@v2 is in force; other collectors follow within 10 seconds',
      '12 spans examined, 5 changed, 1.25 USD',
    ],
  ]);
});

test('a refusal is shown with every fault and what to do', async () => {
  answers = {
    'PUT /api/v1/prices/overrides/acme': [
      400,
      { title: 'The price cannot be set as it is written', errors: [{ field: 'price.output', message: 'is missing' }] },
    ],
  };
  const result = await runCommand(['prices', 'set', 'acme', '--model', 'm', '--input', '1', '--key', 'k'], {
    environment: settings,
  });
  expect(result).toMatchObject({ code: 1, answers: [] });
  expect(result.remarks.join('\n')).toContain('The price cannot be set as it is written\n  price.output: is missing');
  expect(asked[0]).toMatch(/ with a key$/);
});

test('diff shows the change by day, model and team and says what is an estimate', async () => {
  answers = {
    'POST /api/v1/prices/diff': [
      200,
      {
        cost_usd: '0',
        new_cost_usd: '3',
        difference_usd: '3',
        calls: 9,
        changed_calls: 2,
        estimate: true,
        lines: [
          {
            day: '2026-03-01',
            provider: 'acme',
            model: 'acme\u001b[31m',
            department: 'sales',
            calls: 2,
            cost_usd: '0',
            new_cost_usd: '3',
            difference_usd: '3',
            estimate: true,
          },
        ],
      },
    ],
  };
  const result = await runCommand(['prices', 'diff', '--from', '2026-03-01', '--to', '2026-03-31'], {
    environment: settings,
  });
  expect(result.answers).toEqual([
    'day         provider  model      department  calls  cost_usd  new_cost_usd  difference_usd',
    '2026-03-01  acme      acme.[31m  sales       2      0         3             3               ≈',
    '2 of 9 calls change: 0 → 3 USD (3)',
    '≈ is an estimate: rounding, fees, long contexts, regions or machine time are known per call only.',
  ]);
  expect(result.remarks).toEqual(['UTC days 2026-03-01 to 2026-03-31, both included']);
  expect(asked).toEqual(['POST /api/v1/prices/diff {"from":"2026-03-01","to":"2026-04-01"}']);
});

test('re-pricing goes until today unless a last day is named, which is included', async () => {
  answers = { 'POST /api/v1/prices/reprice': [200, DONE] };
  const now = (): number => Date.parse('2026-03-04T23:59:59Z');
  const lines: (readonly string[])[] = [];
  for (const line of ['prices reprice --from 2026-02-27', 'prices reprice --from 2026-02-27 --to 2026-02-28'])
    lines.push((await runCommand(line.split(' '), { environment: settings, now })).remarks);
  expect(lines).toEqual([
    ['UTC days 2026-02-27 to 2026-03-04, both included', 'run r1 has begun'],
    ['UTC days 2026-02-27 to 2026-02-28, both included', 'run r1 has begun'],
  ]);
  expect(asked).toEqual([
    'POST /api/v1/prices/reprice {"from":"2026-02-27","to":"2026-03-05"}',
    'POST /api/v1/prices/reprice {"from":"2026-02-27","to":"2026-03-01"}',
  ]);
});

test('set takes prices of every unit, of long requests and of hours', async () => {
  answers = { 'PUT /api/v1/prices/overrides/acme': [200, { price_id: 'override/acme@v2', reprice: null }] };
  const set = async (line: string): Promise<unknown> => {
    await runCommand(`prices set acme --model m --input 1 --output 2 ${line}`.split(' '), { environment: settings });
    const put = asked.at(-1)!;
    return JSON.parse(put.slice(put.indexOf('{')));
  };
  const price = { input: '1', output: '2' };
  expect(await set('--web-search 10000 --above 200000:input=2,cache-write-1h=4.5 --above 1000000:output=9')).toEqual({
    model: 'm',
    price: { ...price, web_search: '10000' },
    tiers: [
      { above_input_tokens: 200_000, price: { input: '2', cache_write_1h: '4.5' } },
      { above_input_tokens: 1_000_000, price: { output: '9' } },
    ],
  });
  expect(await set('--hours 16:30-00:30:input=0.5')).toEqual({
    model: 'm',
    price,
    hours: [{ from: '16:30', to: '00:30', price: { input: '0.5' } }],
  });
});

test('list --own shows every page', async () => {
  const calls = { id: 'a', provider: '', model: 'm', region: 'eu', service_tier: '', valid_from: '', valid_to: '' };
  const item = { ...calls, kind: 'price', amounts: { input: '1' }, tiers: [], hours: [], gpus: 1, parallel_calls: 1 };
  const rest = { currency: 'EUR', usd_rate: '1.08', rate_date: '2026-01-02', source: 'override', note: '' };
  const tiers = [{ above_input_tokens: 7, amounts: { input: '2' } }];
  answers = {
    'GET /api/v1/prices/overrides?limit=1000': [200, { items: [{ ...item, ...rest }], next_cursor: 'x' }],
    'GET /api/v1/prices/overrides?limit=1000&cursor=x': [
      200,
      { items: [{ ...item, ...rest, id: 'b', tiers }], next_cursor: null },
    ],
  };
  const { answers: lines } = await runCommand(['prices', 'list', '--own'], { environment: settings });
  expect(lines.map((line) => line.split(/  +/).join(' | '))).toEqual([
    'id | provider | model | region | service_tier | valid_from | valid_to | kind | amounts | tiers | hours | gpus | parallel_calls | currency | usd_rate | rate_date | source | note',
    'a | m | eu | price | {"input":"1"} | 1 | 1 | EUR | 1.08 | 2026-01-02 | override',
    'b | m | eu | price | {"input":"1"} | [{"above_input_tokens":7,"amounts":{"input":"2"}}] | 1 | 1 | EUR | 1.08 | 2026-01-02 | override',
  ]);
});

test.each([
  ['prices', 'say what to do'],
  ['prices explain abc', 'say which span'],
  ['prices diff', '--from must be a UTC day, YYYY-MM-DD'],
  ['prices diff --from 2026-03-01', '--from must not be later than 2026-01-31'],
  ['prices diff --from 2026-02-30', '--from must be a UTC day, YYYY-MM-DD'],
  ['prices diff --from 2026-03-02 --to 2026-03-01', '--to must not be earlier than --from'],
  ['prices reprice --from 2020-01-01 --to 2026-03-01', 'at most 800 days'],
  ['prices set a --model m --above 200k:input=1', '--above must be written as'],
  ['prices set a --model m --hours 1-2', '--hours must be written as'],
  ['prices set', 'say which price'],
  ['prices set a --model m --gpu-hour 2 --gpus many', '--gpus must be a whole number'],
])('%s is a wrong command line', async (line, message) => {
  const result = await runCommand(line.split(' '), { environment: settings });
  expect([result.code, result.remarks[0]]).toEqual([2, expect.stringContaining(message)]);
  expect(asked).toEqual([]);
});

test('says so when no collector answers', async () => {
  const url = `http://${settings['SPANLEDGER_HTTP_LISTEN']!}`;
  await new Promise((resolve) => server.close(resolve));
  const result = await runCommand(['prices', 'list'], { environment: settings });
  expect([result.code, result.remarks]).toEqual([
    1,
    [`spanledger: nothing answers at ${url} (ECONNREFUSED): is the collector running?`],
  ]);
});
