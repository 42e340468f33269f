import { toSpanRow } from '../rows/to-span-row.ts';
import { checkedSpan } from '../rows/testing/checked-span.ts';
import { TooManyBytes } from '../store/read-store.ts';
import type { ReadCall } from '../stored-call.ts';
import type { SpanRow } from '../span-row.ts';
import type { RepriceRun } from './reprice-run.ts';
import { createRepriceSpans, type RepriceSpansDeps } from './reprice-spans.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.parse('2026-03-02T00:00:00Z');
const RUN: RepriceRun = {
  workspace: 'shop',
  from: '2026-03-02',
  to: '2026-03-04',
  provider: '',
  model: '',
  id: 'r1',
  state: 'running',
  cursorMs: 0,
  examined: 0,
  amended: 0,
  deltaUsd: '0',
  failure: '',
  collector: 'one',
  startedBy: 'ada',
  startedAtMs: 0,
  updatedAtMs: 0,
};

/** With the id by which the tests tell them apart. */
type Call = ReadCall & Pick<SpanRow, 'spanId'>;

const NO_BYTES = { bytes: Buffer.alloc(0), identityAt: 0, identityEnd: 0, dimensionsAt: 0, costAt: 0, costEnd: 0 };

function callAt(atMs: number, changes: Partial<Call> = {}): Call {
  return { ...toSpanRow(checkedSpan(), START_MS), ...NO_BYTES, timestampNs: BigInt(atMs) * 1_000_000n, ...changes };
}

const msOf = ({ timestampNs }: Call) => Number(timestampNs / 1_000_000n);

function within(calls: readonly Call[], { fromMs, toMs }: Readonly<Record<string, unknown>>) {
  return calls.filter((call) => msOf(call) >= Number(fromMs) && msOf(call) < Number(toMs));
}

/** A store of calls, and a ledger that delivers when it is told to. */
function stand(calls: readonly Call[], changes: Partial<RepriceSpansDeps> = {}) {
  const course: string[] = [];
  const appended: Call[] = [];
  let encoded: Call[] = [];
  const deps: RepriceSpansDeps = {
    query: (sql, parameters) => {
      const grain = sql.includes('toStartOfHour') ? 3_600_000 : 1_000;
      const counts = new Map<number, number>();
      for (const call of within(calls, parameters)) {
        const start = Math.floor(msOf(call) / grain) * grain;
        counts.set(start, (counts.get(start) ?? 0) + 1);
      }
      return Promise.resolve([...counts].map(([ms, spans]) => ({ second: String(ms / 1_000), spans: String(spans) })));
    },
    readCalls: (_, parameters) => {
      const found = within(calls, parameters);
      course.push(`read ${found.length}`);
      return Promise.resolve(found);
    },
    attributes: [],
    price: (call) => ({ ...call, costPico: 7n }),
    delivered: () => Promise.resolve(void course.push('delivered')),
    encode: (amendments) => {
      encoded = [...encoded, ...amendments.map(({ call }) => call as Call)];
      return [{ table: 'price_amendments', rows: amendments.length, bytes: new Uint8Array(), partitions: [] }];
    },
    append: ([rows]) => {
      appended.push(...encoded.splice(0, rows!.rows));
      return Promise.resolve(void course.push(`append ${rows!.rows}`));
    },
    inTurn: (run) => run({ isAwaited: () => true }),
    now: () => 0,
    ...changes,
  };
  const turns: (readonly [atHours: number, examined: number])[] = [];
  const reprice = (run: Partial<RepriceRun> = {}) =>
    createRepriceSpans(deps)({ ...RUN, ...run }, (cursorMs, examined) =>
      Promise.resolve(void turns.push([(cursorMs - START_MS) / 3_600_000, examined]))
    );
  return { course, appended, turns, reprice };
}

const costs = (pico: bigint) => ({ costPico: pico });

it('amends what changes and nothing else, in records of some thousand rows', async () => {
  const calls = Array.from({ length: 9_000 }, (_, n) =>
    callAt(START_MS + n * 1_000, { spanId: String(n), ...costs(n < 6_000 ? 1n : 7n) })
  );
  const { course, appended, turns, reprice } = stand(calls);
  await reprice();
  expect(course).toEqual(['delivered', 'read 9000', 'append 4000', 'append 2000', 'delivered', 'delivered']);
  expect(appended.map(({ spanId }) => Number(spanId))).toEqual(Array.from({ length: 6_000 }, (_, n) => n));
  expect(turns).toEqual([[48, 9_000]]);
});

it('of one provider and one model amends only those, by the model that answered or the one asked for', async () => {
  const calls = [
    callAt(START_MS, { spanId: 'a', provider: 'acme', responseModel: 'm' }),
    callAt(START_MS, { spanId: 'b', provider: 'acme', responseModel: '', requestModel: 'm' }),
    callAt(START_MS, { spanId: 'c', provider: 'acme', responseModel: 'n', requestModel: 'm' }),
    callAt(START_MS, { spanId: 'd', provider: 'other', responseModel: 'm' }),
  ];
  const { appended, reprice } = stand(calls);
  await reprice({ provider: 'acme', model: 'm' });
  expect(appended.map(({ spanId }) => spanId)).toEqual(['a', 'b']);
});

it('asks for half the time when the store will not give so much, down to a second', async () => {
  const calls = Array.from({ length: 40 }, (_, n) => callAt(START_MS + n * 7_000, { spanId: String(n) }));
  const reads: number[] = [];
  const limited = stand(calls, {
    readCalls: (_, parameters) => {
      const found = within(calls, parameters);
      reads.push(found.length);
      return found.length > 10 ? Promise.reject(new TooManyBytes()) : Promise.resolve(found);
    },
  });
  await limited.reprice();
  expect(limited.appended.map(({ spanId }) => Number(spanId))).toEqual(calls.map((_, n) => n));
  expect(limited.turns).toEqual([[48, 40]]);
  expect(Math.max(...reads)).toBe(40);
  const never = stand(calls, { readCalls: () => Promise.reject(new TooManyBytes()) });
  await expect(never.reprice()).rejects.toThrow(TooManyBytes);
});

describe('after some seconds', () => {
  const calls = [0, 1, 2].flatMap((hour) =>
    Array.from({ length: 30_000 }, (_, n) => callAt(START_MS + hour * 3_600_000, { spanId: `${hour}-${n}` }))
  );
  const run = async (isAwaited: boolean) => {
    let now = 0;
    const stood = stand(calls, {
      now: () => (now += 3_000),
      inTurn: (work) => (stood.course.push('turn'), work({ isAwaited: () => isAwaited })),
    });
    await stood.reprice();
    expect(new Set(stood.appended.map(({ spanId }) => spanId)).size).toBe(90_000);
    return { turns: stood.turns, course: stood.course.filter((step) => !step.startsWith('append')) };
  };

  it('ends its turn where it stands when another job waits, and goes on from there', async () => {
    const { turns, course } = await run(true);
    expect(turns).toEqual([
      [2, 60_000],
      [48, 30_000],
    ]);
    expect(course.join(', ')).toBe(
      'turn, delivered, read 30000, delivered, read 30000, delivered, turn, delivered, read 30000, delivered, delivered'
    );
  });

  it('says how far it came and goes on at once when no other job waits', async () => {
    const { turns, course } = await run(false);
    expect(turns).toEqual([
      [2, 60_000],
      [48, 30_000],
    ]);
    expect(course.join(', ')).toBe(
      'turn, delivered, read 30000, delivered, read 30000, delivered, read 30000, delivered, delivered'
    );
  });
});

it('leaves no more than some windows on their way to the store before it reads the next', async () => {
  const calls = Array.from({ length: 8 }, (_, hour) =>
    Array.from({ length: 30_000 }, (_, n) => callAt(START_MS + hour * 3_600_000, { spanId: `${hour}-${n}` }))
  ).flat();
  const waiting: (() => void)[] = [];
  let asked = 0;
  const { course, reprice } = stand(calls, {
    // The first is that of the turn's start.
    delivered: () => (asked++ === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  });
  const done = reprice();
  const reads = () => course.filter((step) => step.startsWith('read')).length;
  while (waiting.length < 5) await new Promise((resolve) => setImmediate(resolve));
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
  expect([reads(), waiting.length]).toEqual([5, 5]);
  const pump = setInterval(() => waiting.shift()?.(), 1);
  await done;
  clearInterval(pump);
  expect(reads()).toBe(8);
});

it('cuts quiet time, so that one record never touches too many weeks', async () => {
  const calls = Array.from({ length: 60 }, (_, week) => callAt(START_MS + week * 7 * DAY_MS, { spanId: String(week) }));
  const { course, turns, reprice } = stand(calls);
  await reprice({ to: '2027-06-01' });
  expect(course.filter((step) => step.startsWith('read')).every((step) => Number(step.slice(5)) <= 5)).toBe(true);
  expect(turns.reduce((sum, [, examined]) => sum + examined, 0)).toBe(60);
});
