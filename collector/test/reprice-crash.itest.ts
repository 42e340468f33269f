import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@clickhouse/client';
import { chatSpans, spanIds } from './support/chat-spans.ts';
import { startCollectorProcess, type CollectorProcess } from './support/collector-process.ts';
import { compareRollups } from './support/rollup-agreement.ts';
import { createRandom } from './support/seeded-random.ts';
import { selectRows } from './support/select-rows.ts';

const SPANS = 2_400;
const PER_REQUEST = 1_200;
/** Over five days. */
const STEP_MS = 175_000;
const SEED = 41;
const RANDOM_KILLS = 4;
/** A run of so few spans takes about as long from the start of its process. */
const LONGEST_LIFE_MS = 1_500;
const DAY_MS = 86_400_000;
/** Some are in reach of the minutes, some are not. */
const START_MS = Math.floor(Date.now() / DAY_MS) * DAY_MS - 5 * DAY_MS;

let directory: string;
let collector: CollectorProcess | undefined;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spanledger-'));
});
afterAll(async () => {
  await collector?.end();
  await rm(directory, { recursive: true, force: true });
});

const start = async (): Promise<CollectorProcess> => {
  collector = await startCollectorProcess({
    SPANLEDGER_DATA_DIR: join(directory, 'data'),
    SPANLEDGER_HTTP_LISTEN: '127.0.0.1:0',
    SPANLEDGER_GRPC_LISTEN: '127.0.0.1:0',
    SPANLEDGER_SQL_LISTEN: '127.0.0.1:0',
  });
  return collector;
};

interface Run {
  readonly id: string;
  readonly state: string;
  readonly amended: number;
  readonly difference_usd: string;
}

async function api<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${collector!.urls.http}/api/v1${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as T;
  if (!response.ok) throw new Error(`${response.status}: ${JSON.stringify(answer)}`);
  return answer;
}

async function finished(id: string): Promise<Run> {
  for (;;) {
    const run = (await api<{ items: Run[] }>('GET', '/prices/reprice')).items.find((each) => each.id === id);
    if (run !== undefined && run.state !== 'running') return run;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function read<T>(run: (client: ReturnType<typeof createClient>) => Promise<T>): Promise<T> {
  const client = createClient({ url: collector!.urls.sql });
  try {
    return await run(client);
  } finally {
    await client.close();
  }
}

test('re-pricing that is killed again and again ends by itself with the same totals as if it had not been, and a second run changes nothing', async () => {
  await start();
  let outputs = 0;
  for (let at = 0; at < SPANS; at += PER_REQUEST) {
    const spans = Array.from({ length: PER_REQUEST }, (_, i) => {
      const n = at + i;
      outputs += n % 97;
      return { ...spanIds(n), startMs: START_MS + n * STEP_MS, model: 'acme', inputTokens: 3, outputTokens: n % 97 };
    });
    const response = await fetch(`${collector!.urls.http}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: chatSpans(spans),
    });
    expect([response.status, await response.text()]).toEqual([200, '{}']);
  }
  await collector!.delivered();

  const scope = {
    from: new Date(START_MS).toISOString().slice(0, 10),
    to: new Date(START_MS + 6 * DAY_MS).toISOString().slice(0, 10),
  };
  const { reprice } = await api<{ reprice: Run }>('PUT', '/prices/overrides/acme', {
    model: 'acme',
    price: { input: '1', output: '0.000003' },
    reprice: scope,
  });
  const amended = () =>
    read(async (client) => {
      const [row] = await selectRows<{ amended: string }>(
        { client } as never,
        `SELECT count() AS amended FROM genai.price_amendments WHERE reason = 'reprice: ${reprice.id}'`
      );
      return Number(row!.amended);
    });
  // Killed at its very beginning; at random moments; then, with its store, when the sums know and the spans hardly can.
  const { items } = await api<{ items: Run[] }>('GET', '/prices/reprice');
  // Listed at once; whether it is running still is a matter of who is quicker.
  expect([reprice.state, items]).toMatchObject(['running', [{ id: reprice.id }]]);
  await collector!.kill();
  await start();
  const random = createRandom(SEED);
  for (let kills = 0; kills < RANDOM_KILLS; kills++) {
    await new Promise((resolve) => setTimeout(resolve, random.below(LONGEST_LIFE_MS)));
    if (random.below(2) === 0) collector!.killStore();
    await collector!.kill();
    await start();
  }
  while ((await amended()) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  collector!.killStore();
  await collector!.kill();
  await start();
  const run = await finished(reprice.id);
  // 3 input tokens at 1 USD a million, output at 3 pico-dollars a token: exact to the last digit.
  const pico = BigInt(SPANS) * 3_000_000n + BigInt(outputs) * 3n;
  const expected = `0.${pico.toString().padStart(12, '0')}`.replace(/0+$/, '');
  expect(run).toMatchObject({ state: 'done', amended: SPANS, difference_usd: expected });

  const again = await api<Run>('POST', '/prices/reprice', scope);
  expect(await finished(again.id)).toMatchObject({ state: 'done', amended: 0, difference_usd: '0' });
  await collector!.delivered();
  const rows = await read((client) =>
    selectRows(
      { client } as never,
      'SELECT count() AS spans, toString(sum(cost_usd)) AS usd, max(revision) AS revision FROM genai.spans FINAL'
    )
  );
  expect(rows).toEqual([{ spans: String(SPANS), usd: expected, revision: 1 }]);
  const { disagreements, groups } = await read((client) => compareRollups(client as never));
  expect([disagreements, groups.get('cost')! > 20]).toEqual([[], true]);
}, 600_000);
