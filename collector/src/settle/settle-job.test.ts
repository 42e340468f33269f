import fc from 'fast-check';
import type { SpanRow } from '../span-row.ts';
import { createSettle } from './settle-job.ts';
import type { Amendment } from './settle-job.ts';
import { AMBIGUOUS_TRACES, OTHER_PARENTS } from './settle-queries.ts';
import { makeRow, priceRow } from './testing/make-row.ts';

const TRACE = { workspace: 'default', trace_id: '1'.repeat(32) };

/** A store that holds rows and takes amendments; every trace is looked at. */
function store(initial: readonly SpanRow[], links: readonly Record<string, string>[] = []) {
  let rows = [...initial];
  const amendments: Amendment[] = [];
  const settle = createSettle({
    now: () => 1_795_254_000_000,
    query: (sql) => Promise.resolve(sql === AMBIGUOUS_TRACES ? [TRACE] : sql === OTHER_PARENTS ? links : []),
    readSpans: () => Promise.resolve(rows),
    price: priceRow,
    delivered: () => Promise.resolve(),
    amend: (list) => {
      amendments.push(...list);
      rows = rows.map((row) => list.find((each) => each.before === row)?.after ?? row);
      return Promise.resolve();
    },
  });
  return { settle, amendments, rows: () => rows };
}

const native = makeRow({ spanId: 'b'.repeat(16), dialect: 'anthropic-sdk', responseId: 'msg_0123456789' });
const wrapper = makeRow({
  spanId: 'a'.repeat(16),
  dialect: 'openinference',
  responseId: 'msg_0123456789',
  userId: 'ada',
});

describe('createSettle', () => {
  it('moves the bill to the better record, prices both anew and raises their revisions', async () => {
    const stored = store([wrapper, priceRow({ ...native, billable: false })]);
    expect(await stored.settle()).toEqual({ examined: 2, amended: 2 });
    expect(stored.rows()).toEqual([
      { ...priceRow({ ...wrapper, billable: false }), revision: 1 },
      { ...native, userId: 'ada', revision: 1 },
    ]);
  });

  it('changes nothing the second time', async () => {
    const stored = store([wrapper, native]);
    await stored.settle();
    const after = stored.rows();
    expect(await stored.settle()).toEqual({ examined: 2, amended: 0 });
    expect(stored.rows()).toEqual(after);
  });

  it('gives a call the agent of an ancestor it reaches through a span that is not GenAI', async () => {
    const agent = makeRow({
      spanId: 'c'.repeat(16),
      operation: 'invoke_agent',
      billable: false,
      agentName: 'planner',
      agentVersion: '2',
      responseId: '',
    });
    const call = makeRow({ spanId: 'd'.repeat(16), parentSpanId: 'e'.repeat(16), responseId: 'resp-0001' });
    const link = { ...TRACE, span_id: 'e'.repeat(16), parent_span_id: agent.spanId };
    const stored = store([call, agent], [link]);
    await stored.settle();
    expect(stored.rows()).toEqual([{ ...call, agentName: 'planner', agentVersion: '2', revision: 1 }, agent]);
    expect(stored.amendments.map((each) => each.reason)).toEqual(['settle: context']);
  });

  it('ends on parents that form a circle', async () => {
    const one = makeRow({
      spanId: 'c'.repeat(16),
      parentSpanId: 'd'.repeat(16),
      responseId: 'resp-0001',
      operation: 'embeddings',
    });
    const two = makeRow({ spanId: 'd'.repeat(16), parentSpanId: 'c'.repeat(16), responseId: 'resp-0002' });
    expect(await store([one, two]).settle()).toEqual({ examined: 2, amended: 0 });
  });

  it('leaves the same rows whatever was billed before and in whatever order they are read', async () => {
    const flags = fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()).filter((each) => each.includes(true));
    const third = makeRow({
      spanId: 'c'.repeat(16),
      traceId: '2'.repeat(32),
      dialect: 'openllmetry',
      responseId: 'msg_0123456789',
    });
    await fc.assert(
      fc.asyncProperty(flags, fc.shuffledSubarray([0, 1, 2], { minLength: 3 }), async (billed, order) => {
        const rows = [wrapper, native, third].map((row, i) => priceRow({ ...row, billable: billed[i]! }));
        const stored = store(order.map((i) => rows[i]!));
        await stored.settle();
        const billing = stored.rows().filter((row) => row.billable);
        expect(billing.map((row) => [row.spanId, row.userId, row.costPico])).toEqual([
          [native.spanId, 'ada', 1_000_000n],
        ]);
      })
    );
  });

  it('looks at the same rows again after a run that failed', async () => {
    const windows: unknown[] = [];
    let fail = true;
    const settle = createSettle({
      now: () => 10_000_000,
      query: (_, parameters) => {
        windows.push(parameters);
        return fail ? Promise.reject(new Error('down')) : Promise.resolve([]);
      },
      readSpans: () => Promise.resolve([]),
      price: priceRow,
      delivered: () => Promise.resolve(),
      amend: () => Promise.resolve(),
    });
    await expect(settle()).rejects.toThrow('down');
    fail = false;
    await settle();
    expect(windows[1]).toEqual(windows[0]);
  });
});
