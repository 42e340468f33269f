import { chatSpans, spanIds, type ChatSpan } from './support/chat-spans.ts';
import { runCollector, type RunningCollector } from './support/run-collector.ts';
import { selectRows } from './support/select-rows.ts';

const KEY = ['bootstrap', 'key', 'of', 'this', 'test'].join('-');
const DAY_MS = 86_400_000;
const MIDNIGHT = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

let collector: RunningCollector;
beforeAll(async () => {
  collector = await runCollector([], { SPANLEDGER_BOOTSTRAP_KEY: KEY, SPANLEDGER_KEYS: '', SPANLEDGER_KEY_PEPPER: '' });
});
afterAll(() => collector.stop());

interface Asked<T> {
  readonly status: number;
  readonly type: string;
  readonly etag: string;
  readonly body: T;
}

async function ask<T = Record<string, unknown>>(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {}
): Promise<Asked<T>> {
  const response = await fetch(`${collector.urls.http}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${KEY}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    etag: response.headers.get('etag') ?? '',
    body: (await response.json()) as T,
  };
}

interface Page {
  readonly items: readonly Record<string, unknown>[];
  readonly next_cursor: string | null;
}

/** All pages, or the first: a key may ask for no more than 1,200 a minute. */
async function pagesOf(path: string, limit: number, most = Infinity): Promise<Page[]> {
  const pages: Page[] = [];
  let cursor: string | null = '';
  while (cursor !== null && pages.length < most) {
    const { status, body }: Asked<Page> = await ask('GET', `${path}?limit=${limit}${cursor && `&cursor=${cursor}`}`);
    expect(status).toBe(200);
    pages.push(body);
    cursor = body.next_cursor;
  }
  return pages;
}

const price = { model: 'acme', price: { input: '1', output: '2' } };

test.each([
  ['GET', '/%E0%A4%A', 400, 'The URL cannot be read'],
  ['GET', '/nope', 404, 'There is no such path'],
  ['POST', '/prices/nope/%2F', 404, 'There is no such path'],
  ['GET', '', 404, 'There is no such path'],
  ['GET', '?a=b', 404, 'There is no such path'],
  ['PATCH', '/prices/diff', 405, 'The path does not take PATCH'],
  ['GET', `/prices/overrides/${'x'.repeat(300)}`, 400, 'The URL cannot be read'],
  ['GET', '/prices/overrides/none', 404, 'There is no such price'],
])('%s %s is a problem', async (method, path, status, title) => {
  const answer = await ask(method, path);
  expect([answer.status, answer.type, answer.body]).toEqual([
    status,
    'application/problem+json',
    expect.objectContaining({ title, status }),
  ]);
});

test('every fault of a proposed price is told at once', async () => {
  const override = { id: 'a', model: 1, price: { input: '-1', output: '1' }, valid_from: '2026-02-30', foo: 1 };
  const scope = { from: '2026-03-01', to: '2026-03-02' };
  const { status, body } = await ask('POST', '/prices/diff', { ...scope, override });
  const { errors } = body as { readonly errors: readonly { readonly field: string }[] };
  expect([status, errors.map(({ field }) => field)]).toEqual([
    400,
    ['override.foo', 'override.model', 'override.valid_from', 'override.price.input', 'override.model'],
  ]);
  expect(await ask('POST', '/prices/diff', { ...scope, override: 'a' })).toMatchObject({ status: 400 });
  expect(await ask('POST', '/prices/diff', { from: 'x', to: 'y' })).toMatchObject({ status: 400 });
});

test.each(['/prices', '/prices/overrides', '/prices/reprice', '/guard/policy/versions', '/guard/rescans'])(
  '%s refuses a cursor that is none and a limit that is none',
  async (path) => {
    for (const query of ['cursor=abc', 'cursor=', 'limit=0', 'limit=1001', 'limit=x']) {
      const { status, type, body } = await ask('GET', `${path}?${query}`);
      expect([query, status, type, (body['errors'] as { field: string }[]).map(({ field }) => field)]).toEqual([
        query,
        400,
        'application/problem+json',
        [query.split('=')[0]],
      ]);
    }
  }
);

test('own prices, runs and the price list come in pages, each item once, in an order that changes do not move', async () => {
  for (const id of ['e', 'b', 'd', 'a', 'c'])
    expect((await ask('PUT', `/prices/overrides/${id}`, price)).status).toBe(200);
  const [first] = await pagesOf('/prices/overrides', 2);
  await ask('PUT', '/prices/overrides/a', price);
  const ids = (pages: readonly Page[]): unknown[] => pages.map(({ items }) => items.map(({ id }) => id));
  expect([ids([first!]), ids(await pagesOf('/prices/overrides', 2))]).toEqual([
    [['a', 'b']],
    [['a', 'b'], ['c', 'd'], ['e']],
  ]);

  const scope = { from: day(MIDNIGHT), to: day(MIDNIGHT + DAY_MS) };
  const runs: string[] = [];
  for (let n = 0; n < 3; n++) {
    const { body } = await ask('POST', '/prices/reprice', scope);
    runs.unshift(String(body['id']));
    while ((await ask<Page>('GET', '/prices/reprice')).body.items.some(({ state }) => state === 'running'))
      await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(ids(await pagesOf('/prices/reprice', 2))).toEqual([[runs[0], runs[1]], [runs[2]]]);

  const all = (await pagesOf('/prices', 1_000)).flatMap(({ items }) => items);
  const own = (await pagesOf('/prices', 3, 4)).flatMap(({ items }) => items);
  expect(new Set(all.map((row) => JSON.stringify(row))).size).toBe(all.length);
  expect(own).toEqual(all.slice(0, 12));
  for (const id of ['a', 'b', 'c', 'd', 'e']) await ask('DELETE', `/prices/overrides/${id}`);
});

test('a change that names the version it was made from is refused when another came first', async () => {
  const put = (input: string, headers: Record<string, string>) =>
    ask('PUT', '/prices/overrides/shared', { ...price, price: { input, output: '2' } }, headers);
  const both = await Promise.all([put('1', { 'if-none-match': '*' }), put('2', { 'if-none-match': '*' })]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 412]);
  const { etag, body } = await ask('GET', '/prices/overrides/shared');
  expect(etag).toBe(`"${String(body['price_id']).split('@')[1]}"`);
  const changes = await Promise.all(['3', '4'].map((input) => put(input, { 'if-match': etag })));
  expect(changes.map(({ status }) => status).toSorted()).toEqual([200, 412]);
  const won = changes.find(({ status }) => status === 200)!;
  expect((await ask('GET', '/prices/overrides/shared')).etag).toBe(won.etag);
  expect(await put('5', { 'if-match': '3' })).toMatchObject({
    status: 400,
    body: { title: 'If-Match is not an ETag of ours' },
  });
  const withdraw = (tag: string) => ask('DELETE', '/prices/overrides/shared', undefined, { 'if-match': tag });
  expect([(await withdraw(etag)).status, (await withdraw(won.etag)).status]).toEqual([412, 200]);
});

test('an own price with long requests: priced, stored, shown before, explained', async () => {
  const spans: ChatSpan[] = [200_000, 200_001].map((inputTokens, n) => ({
    ...spanIds(n),
    startMs: MIDNIGHT - DAY_MS / 2 + n,
    model: 'acme-long',
    inputTokens,
    outputTokens: 1_000,
  }));
  const send = async (batch: readonly ChatSpan[]): Promise<void> => {
    const response = await fetch(`${collector.urls.http}/v1/traces`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: chatSpans(batch),
    });
    expect(response.status).toBe(200);
    await collector.delivered();
  };
  const long = {
    model: 'acme-long',
    price: { input: '3', output: '15' },
    tiers: [{ above_input_tokens: 200_000, price: { input: '6', output: '22.5' } }],
  };
  const { status, body } = await ask('PUT', '/prices/overrides/long', long);
  expect([status, body]).toEqual([
    200,
    expect.objectContaining({
      amounts: { input: '3', output: '15' },
      tiers: [{ above_input_tokens: 200_000, amounts: { input: '6', output: '22.5' } }],
      hours: [],
    }),
  ]);
  const priceId = String(body['price_id']);
  await send(spans);
  const select = (sql: string) => selectRows({ client: collector.client } as never, sql);
  // 200,000 × 3 + 1,000 × 15, and 200,001 × 6 + 1,000 × 22.5.
  expect(
    await select(
      "SELECT price_id, toString(cost_usd) AS usd FROM genai.spans FINAL WHERE request_model = 'acme-long' ORDER BY timestamp"
    )
  ).toEqual([
    { price_id: priceId, usd: '0.615' },
    { price_id: `${priceId}#over-200000`, usd: '1.222506' },
  ]);
  expect(
    await select(`SELECT unit, toString(tier_start_tokens) AS above, toString(usd_per_million) AS usd FROM genai.prices FINAL
      WHERE price_id = '${priceId}' AND deleted = 0 ORDER BY tier_start_tokens, unit`)
  ).toEqual([
    { unit: 'input', above: '0', usd: '3' },
    { unit: 'output', above: '0', usd: '15' },
    { unit: 'input', above: '200000', usd: '6' },
    { unit: 'output', above: '200000', usd: '22.5' },
  ]);
  const { traceId, spanId } = spanIds(1);
  expect((await ask('GET', `/prices/explain?trace_id=${traceId}&span_id=${spanId}`)).body).toMatchObject({
    same: true,
    by_prices_now: {
      override: `${priceId}#over-200000`,
      lines: [
        { unit: 'input', quantity: 200_001, usd_per_million: '6', cost_usd: '1.200006' },
        { unit: 'output', quantity: 1_000, usd_per_million: '22.5', cost_usd: '0.0225' },
      ],
    },
  });
  const scope = { from: day(MIDNIGHT - DAY_MS), to: day(MIDNIGHT) };
  // The tier costs half of what it did: 200,001 × 3 + 1,000 × 11.25 instead of 1.222506.
  const cheaper = { ...long, tiers: [{ above_input_tokens: 200_000, price: { input: '3', output: '11.25' } }] };
  expect((await ask('POST', '/prices/diff', scope)).body).toMatchObject({ changed_calls: 0, difference_usd: '0' });
  expect((await ask('POST', '/prices/diff', { ...scope, override: { id: 'long', ...cheaper } })).body).toMatchObject({
    cost_usd: '1.837506',
    new_cost_usd: '1.226253',
    changed_calls: 2,
    estimate: true,
  });
});
