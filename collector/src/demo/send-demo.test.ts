import type { DecodedLogs, DecodedTraces } from '../otlp.ts';
import type { IntakeOutcome } from '../receive/intake.ts';
import { createDemoHour } from './demo-hour.ts';
import { firstHourOf, hourOfText, textOfHour, tracePrefixOf } from './demo-month.ts';
import { createSendDemo } from './send-demo.ts';

const ACCEPTED: IntakeOutcome = { kind: 'accepted', rejected: 0, message: '' };
const OVERLOADED: IntakeOutcome = { kind: 'overloaded', retryAfterSeconds: 0.001, message: 'later' };
const NOW = Date.UTC(2026, 10, 21, 13, 40);
const VOLUME = 0.02;
const endHour = hourOfText('2026-11-21T13:00:00Z')!;
const month = { endHour, days: 30, volume: VOLUME };

/** What the store says when the hours before `until` are in it. */
function storedUntil(until: number, monthEnd = endHour) {
  const trafficOf = createDemoHour({ ...month, endHour: monthEnd });
  const rows: { prefix: string; spans: string; month_end: string }[] = [];
  for (let hour = firstHourOf({ ...month, endHour: monthEnd }); hour < until; hour++) {
    const spans = trafficOf(hour).reduce((sum, trace) => sum + trace.spans.length, 0);
    if (spans > 0) rows.push({ prefix: tracePrefixOf(hour), spans: String(spans), month_end: textOfHour(monthEnd) });
  }
  return rows;
}

function setUp(options: {
  readonly stored?: readonly object[];
  readonly outcomes?: IntakeOutcome[];
  readonly now?: number;
}) {
  const traces: DecodedTraces[] = [];
  const logs: DecodedLogs[] = [];
  const steps: string[] = [];
  const outcomes = options.outcomes ?? [];
  const sendDemo = createSendDemo({
    intake: {
      traces: (workspace, request) => {
        steps.push(workspace);
        const outcome = outcomes.shift() ?? ACCEPTED;
        if (outcome.kind === 'accepted') traces.push(request);
        return Promise.resolve(outcome);
      },
      logs: (_, request) => {
        logs.push(request);
        return Promise.resolve(ACCEPTED);
      },
    },
    query: () => Promise.resolve((options.stored ?? []) as Record<string, unknown>[]),
    delivered: () => {
      steps.push('delivered');
      return Promise.resolve();
    },
    now: () => options.now ?? NOW,
  });
  return { sendDemo, traces, logs, steps };
}

const countOf = (requests: readonly DecodedTraces[]) => requests.reduce((sum, { spans }) => sum + spans.length, 0);

describe('sending the demo', () => {
  it('sends the whole month in requests of whole traces, and waits until it is stored', async () => {
    const { sendDemo, traces, logs, steps } = setUp({});
    const sent = await sendDemo({ volume: VOLUME });
    const expected = storedUntil(endHour).reduce((sum, { spans }) => sum + Number(spans), 0);
    expect(sent).toEqual({
      spans: expected,
      scores: logs.reduce((sum, { records }) => sum + records.length, 0),
      hours: storedUntil(endHour).length,
      monthEnd: '2026-11-21T13:00:00Z',
      seconds: 0,
    });
    expect(countOf(traces)).toBe(expected);
    expect(Math.max(...traces.map(({ spans }) => spans.length))).toBeLessThan(920);
    const tracesPerRequest = traces.map(({ spans }) => new Set(spans.map(({ traceId }) => traceId)).size);
    const all = new Set(traces.flatMap(({ spans }) => spans.map(({ traceId }) => traceId))).size;
    expect(tracesPerRequest.reduce((sum, count) => sum + count, 0)).toBe(all);
    expect([steps[0], new Set(steps.slice(1, -1)), steps.at(-1)]).toEqual([
      'delivered',
      new Set(['demo']),
      'delivered',
    ]);
  });

  it('sends nothing when all of it is stored', async () => {
    const { sendDemo, traces, logs } = setUp({ stored: storedUntil(endHour) });
    expect(await sendDemo({ volume: VOLUME })).toMatchObject({ spans: 0, scores: 0, hours: 0 });
    expect([...traces, ...logs]).toEqual([]);
  });

  it('keeps the end of a month that was begun before, and adds the hours that have passed since', async () => {
    const stored = storedUntil(endHour - 30, endHour - 30);
    const { sendDemo, traces } = setUp({ stored });
    const sent = await sendDemo({ volume: VOLUME });
    expect(sent.monthEnd).toBe(textOfHour(endHour - 30));
    const prefixes = traces.flatMap(({ spans }) => spans.map(({ traceId }) => traceId.slice(0, 8))).sort();
    expect(prefixes[0]! >= tracePrefixOf(endHour - 30) && prefixes.at(-1)! < tracePrefixOf(endHour)).toBe(true);
    expect(sent.spans).toBe(countOf(traces));
  });

  it('sends an hour again that is stored in part', async () => {
    const stored = storedUntil(endHour).map((row, index) => (index === 5 ? { ...row, spans: '1' } : row));
    const { sendDemo, traces } = setUp({ stored });
    expect(await sendDemo({ volume: VOLUME })).toMatchObject({ hours: 1 });
    expect(new Set(traces.flatMap(({ spans }) => spans.map(({ traceId }) => traceId.slice(0, 8))))).toEqual(
      new Set([stored[5]!.prefix])
    );
  });

  it('waits and sends the same request again when the ledger is full', async () => {
    const { sendDemo, traces } = setUp({ outcomes: [OVERLOADED, OVERLOADED, ACCEPTED] });
    const sent = await sendDemo({ volume: VOLUME });
    expect(countOf(traces)).toBe(sent.spans);
  });

  it('stops when it is told to', async () => {
    const aborting = new AbortController();
    const { sendDemo, traces } = setUp({});
    const onProgress = () => aborting.abort();
    await expect(sendDemo({ volume: VOLUME, signal: aborting.signal, onProgress })).rejects.toThrow('aborted');
    expect(traces.length).toBeLessThan(6);
  });
});
