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
    { environment: settings }
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
  const result = await runCommand(['prices', 'diff', '--from', '2026-03-01', '--to', '2026-04-01'], {
    environment: settings,
  });
  expect(result.answers).toEqual([
    'day         provider  model      department  calls  cost_usd  new_cost_usd  difference_usd',
    '2026-03-01  acme      acme.[31m  sales       2      0         3             3               ≈',
    '2 of 9 calls change: 0 → 3 USD (3)',
    '≈ is an estimate: rounding, fees, long contexts, regions or machine time are known per call only.',
  ]);
  expect(asked).toEqual(['POST /api/v1/prices/diff {"from":"2026-03-01","to":"2026-04-01"}']);
});

test.each([
  ['prices', 'say what to do'],
  ['prices explain abc', 'say which span'],
  ['prices diff', '--from says from which UTC day on'],
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
