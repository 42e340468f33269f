import { chatSpans, spanIds, type ChatSpan } from './support/chat-spans.ts';
import { compareRollups } from './support/rollup-agreement.ts';
import { runCollector, type RunningCollector } from './support/run-collector.ts';
import { selectRows } from './support/select-rows.ts';

const KEY = ['bootstrap', 'key', 'of', 'this', 'test'].join('-');
const DAY_MS = 86_400_000;
/** Of one day, also when midnight comes between. */
const TODAY = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const noon = (daysAgo: number): number => TODAY - daysAgo * DAY_MS + DAY_MS / 2;
const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

let collector: RunningCollector;
beforeAll(async () => {
  collector = await runCollector([], { SPANLEDGER_BOOTSTRAP_KEY: KEY, SPANLEDGER_KEYS: '', SPANLEDGER_KEY_PEPPER: '' });
});
afterAll(() => collector.stop());

interface Asked<T> {
  readonly status: number;
  readonly body: T;
}

async function ask<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<Asked<T>> {
  const response = await fetch(`${collector.urls.http}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${KEY}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as T };
}

async function send(spans: readonly ChatSpan[]): Promise<void> {
  const response = await fetch(`${collector.urls.http}/v1/traces`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: chatSpans(spans),
  });
  expect([response.status, await response.text()]).toEqual([200, '{}']);
  await collector.delivered();
}

const select = (sql: string) => selectRows({ client: collector.client } as never, sql);

interface Run {
  readonly id: string;
  readonly state: string;
  readonly examined: number;
  readonly amended: number;
  readonly difference_usd: string;
}

async function finished(id: string): Promise<Run> {
  for (;;) {
    const { body } = await ask<{ items: Run[] }>('GET', '/prices/reprice');
    const run = body.items.find((each) => each.id === id);
    if (run !== undefined && run.state !== 'running') return run;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const costOf = (model: string) =>
  select(`SELECT cost_state, price_id != '' AS priced, count() AS calls, toString(sum(cost_usd)) AS usd FROM genai.spans FINAL
    WHERE request_model = '${model}' GROUP BY cost_state, priced`);

describe('own prices', () => {
  test('a model that nobody knows: unpriced, shown before, then priced in one step, and each call once', async () => {
    const spans = Array.from({ length: 30 }, (_, i) => ({
      ...spanIds(i),
      startMs: noon(i % 3) + i,
      model: 'acme-large',
      inputTokens: 1000 + i,
      outputTokens: 10,
      team: i % 2 === 0 ? 'sales' : 'support',
    }));
    await send(spans);
    expect(await costOf('acme-large')).toEqual([{ cost_state: 'unpriced', priced: 0, calls: '30', usd: '0' }]);

    // input 2.5 EUR a million at 1.1 USD, output 10 EUR: 0.00000275 and 0.000011 USD a token.
    const price = {
      model: 'ACME-large',
      price: { input: 2.5, output: '10' },
      currency: 'EUR',
      usd_rate: '1.1',
      rate_date: '2026-01-02',
    };
    const inputs = spans.reduce((sum, { inputTokens }) => sum + inputTokens, 0);
    const expected = ((inputs * 275 + 300 * 1100) / 1e8).toFixed(8).replace(/0+$/, '');
    const scope = { from: day(noon(2)), to: day(noon(-1)) };
    const diff = await ask('POST', '/prices/diff', { ...scope, override: { id: 'acme', ...price } });
    expect(diff.body).toMatchObject({
      cost_usd: '0',
      new_cost_usd: expected,
      difference_usd: expected,
      calls: 30,
      changed_calls: 30,
      estimate: false,
    });
    expect((diff.body['lines'] as { department: string }[]).map(({ department }) => department).sort()).toEqual([
      'sales',
      'sales',
      'sales',
      'support',
      'support',
      'support',
    ]);
    expect((await ask('GET', '/prices/overrides')).body).toEqual({ items: [], next_cursor: null });

    const set = await ask<{ price_id: string; reprice: Run }>('PUT', '/prices/overrides/acme', {
      ...price,
      reprice: scope,
    });
    expect(set.status).toBe(200);
    const run = await finished(set.body.reprice.id);
    expect(run).toMatchObject({ state: 'done', examined: 30, amended: 30, difference_usd: expected });
    expect(await costOf('acme-large')).toEqual([{ cost_state: 'computed', priced: 1, calls: '30', usd: expected }]);
    expect(
      await select(
        "SELECT price_id, toString(usd_per_million) AS usd, amount, currency FROM genai.prices FINAL WHERE source = 'override' AND deleted = 0 ORDER BY unit"
      )
    ).toEqual([
      { price_id: set.body.price_id, usd: '2.75', amount: '2.5', currency: 'EUR' },
      { price_id: set.body.price_id, usd: '11', amount: '10', currency: 'EUR' },
    ]);

    const again = await ask<Run>('POST', '/prices/reprice', scope);
    expect(await finished(again.body.id)).toMatchObject({ state: 'done', amended: 0, difference_usd: '0' });
    expect((await compareRollups(collector.client)).disagreements).toEqual([]);
  });

  test('explains a stored span: quantity × price of the entry and version it was made with', async () => {
    const { traceId, spanId } = spanIds(0);
    const { body } = await ask('GET', `/prices/explain?trace_id=${traceId}&span_id=${spanId}`);
    expect(body).toMatchObject({
      cost_usd: '0.00286',
      cost_state: 'computed',
      price_id: expect.stringMatching(/^override\/acme@\d{8}T\d{9}$/) as unknown,
      revision: 1,
      same: true,
      by_prices_now: {
        service_tier: 'standard',
        lines: [
          { unit: 'input', quantity: 1000, usd_per_million: '2.75', cost_usd: '0.00275' },
          { unit: 'output', quantity: 10, usd_per_million: '11', cost_usd: '0.00011' },
        ],
      },
    });
    const missing = await ask('GET', `/prices/explain?trace_id=${'f'.repeat(32)}&span_id=${spanId}`);
    expect([missing.status, missing.body['title']]).toEqual([404, 'There is no such span']);
  });

  test('a change makes a new version; withdrawn, calls are unpriced again, and nothing of the table is left in force', async () => {
    const scope = { from: day(noon(2)), to: day(noon(-1)) };
    const set = await ask<{ price_id: string }>('PUT', '/prices/overrides/acme', {
      model: 'acme-large',
      price: { input: '1', output: '1', cache_read: '0.5' },
    });
    const { body: diff } = await ask('POST', '/prices/diff', scope);
    expect(diff).toMatchObject({ changed_calls: 30, estimate: false });
    const run = await finished((await ask<Run>('POST', '/prices/reprice', scope)).body.id);
    expect(run).toMatchObject({ amended: 30, difference_usd: diff['difference_usd'] });
    const inForce = "SELECT DISTINCT price_id FROM genai.prices FINAL WHERE source = 'override' AND deleted = 0";
    expect(await select(inForce)).toEqual([{ price_id: set.body.price_id }]);

    expect((await ask('DELETE', '/prices/overrides/acme')).status).toBe(200);
    expect((await ask('DELETE', '/prices/overrides/acme')).status).toBe(404);
    expect(await select(inForce)).toEqual([]);
    await finished((await ask<Run>('POST', '/prices/reprice', scope)).body.id);
    expect(await costOf('acme-large')).toEqual([{ cost_state: 'unpriced', priced: 0, calls: '30', usd: '0' }]);
    expect((await compareRollups(collector.client)).disagreements).toEqual([]);
  });

  test('machines by the hour and discounts price what comes in, without token counts too', async () => {
    // 2 GPUs at 3.6 USD an hour shared by 4 calls: a second costs 0.0005 USD.
    await ask('PUT', '/prices/overrides/own-gpus', {
      model: 'llama-local',
      gpu_hour: { price: '3.6', gpus: 2, parallel_calls: 4 },
    });
    await ask('PUT', '/prices/overrides/contract', { provider: 'openai', percent_off: 20 });
    const at = (n: number, model: string, more: Partial<ChatSpan>): ChatSpan => ({
      ...spanIds(n),
      startMs: noon(1) + n,
      model,
      ...more,
    });
    await send([
      at(100, 'llama-local', {}),
      at(101, 'gpt-4o', { provider: 'openai', inputTokens: 1_000_000, outputTokens: 0 }),
    ]);
    expect(await costOf('llama-local')).toMatchObject([{ cost_state: 'computed', usd: '0.0005' }]);
    expect(await costOf('gpt-4o')).toMatchObject([{ cost_state: 'computed', usd: '2' }]);
    const [{ price_id: priceId } = {}] = await select(
      "SELECT price_id FROM genai.spans WHERE request_model = 'gpt-4o'"
    );
    expect(priceId).toMatch(/^override\/contract@\w+\+openai\/gpt-4o@/);
    const { traceId, spanId } = spanIds(101);
    const { body } = await ask('GET', `/prices/explain?trace_id=${traceId}&span_id=${spanId}`);
    expect(body).toMatchObject({ same: true, by_prices_now: { lines: [{ unit: 'input', usd_per_million: '2' }] } });
  });

  test('what instrumentations claim stands beside what we compute', async () => {
    await send([
      {
        ...spanIds(200),
        startMs: noon(1),
        model: 'gpt-4o-mini',
        provider: 'openai',
        inputTokens: 1_000_000,
        outputTokens: 0,
        claimedUsd: 0.5,
      },
    ]);
    expect(
      await select(`SELECT calls, toString(cost_usd) AS ours, toString(reported_cost_usd) AS claimed, toString(difference_usd) AS difference, differing_calls
        FROM genai.reported_cost WHERE model = 'gpt-4o-mini'`)
    ).toEqual([{ calls: '1', ours: '0.12', claimed: '0.5', difference: '0.38', differing_calls: '1' }]);
  });

  test('a price that makes no sense is refused with every fault', async () => {
    const { status, body } = await ask('PUT', '/prices/overrides/-bad', {
      price: { input: -1, tokens: 2 },
      percent_off: 5,
      currency: 'EUR',
      valid_from: '2026-02-30',
      secret: 'x',
    });
    expect([status, (body['errors'] as { field: string }[]).map(({ field }) => field).sort()]).toEqual([
      400,
      [
        '',
        'id',
        'model',
        'price.input',
        'price.output',
        'price.tokens',
        'rate_date',
        'secret',
        'usd_rate',
        'valid_from',
      ],
    ]);
  });
});
