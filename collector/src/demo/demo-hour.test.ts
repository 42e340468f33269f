import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OtlpSpan } from '../otlp.ts';
import { DEMO_EVENTS } from './demo-events.ts';
import { createDemoHour } from './demo-hour.ts';
import { firstHourOf, hourOfText, hourOfTracePrefix, textOfHour } from './demo-month.ts';
import type { DemoMonth } from './demo-month.ts';

const END = '2026-11-22T13:00:00Z';
const month: DemoMonth = { endHour: hourOfText(END)!, days: 30, volume: 1 };
const eventsOnly = { ...month, volume: 0 };

const hourAt = (text: string): number => hourOfText(text)!;
const text = (span: OtlpSpan, key: string): unknown => span.attributes.get(key);

function spansOf(of: DemoMonth, from: number, to: number): readonly OtlpSpan[] {
  const trafficOf = createDemoHour(of);
  const spans: OtlpSpan[] = [];
  for (let hour = from; hour < to; hour++) for (const trace of trafficOf(hour)) spans.push(...trace.spans);
  return spans;
}

/** Events of the month by hours before its end. */
const eventSpans = (hoursBeforeEnd: number, hours: number): readonly OtlpSpan[] =>
  spansOf(eventsOnly, month.endHour - hoursBeforeEnd, month.endHour - hoursBeforeEnd + hours);

const callsOf = (spans: readonly OtlpSpan[]) =>
  spans.filter((span) => text(span, 'gen_ai.request.max_tokens') === 4096);

describe('an hour of the demo', () => {
  it('is the same in every run, with ids that tell the hour', () => {
    const hour = hourAt('2026-11-10T10:00:00Z');
    const traces = createDemoHour(month)(hour);
    expect(createDemoHour(month)(hour)).toEqual(traces);
    expect(traces[0]!.spans.map((span) => [span.name, span.traceId, span.spanId])).toEqual([
      ['invoke_agent support-assistant', '6af2eb20b70627f03344305acc225386', 'e5ecaf1245231ed7'],
      ['embeddings text-embedding-3-small', '6af2eb20b70627f03344305acc225386', 'b8b0a9915dce4a26'],
      ['retrieval knowledge-base', '6af2eb20b70627f03344305acc225386', 'e387d34204100bdc'],
      ['chat gpt-4.1-mini', '6af2eb20b70627f03344305acc225386', '308487f47b51a895'],
    ]);
    expect(new Set(traces.map(({ spans }) => hourOfTracePrefix(spans[0]!.traceId.slice(0, 8))))).toEqual(
      new Set([hour])
    );
  });

  it('does not depend on the month around it but for what happens there', () => {
    const later = { ...month, endHour: month.endHour + 1 };
    const hour = hourAt('2026-11-21T10:00:00Z');
    const ids = (of: DemoMonth) => spansOf(of, hour, hour + 1).map(({ traceId, spanId }) => traceId + spanId);
    expect(ids(later)).toEqual(ids(month));
  });

  it('keeps every span inside its trace: parents exist, children end before the root', () => {
    for (const { spans } of createDemoHour(month)(hourAt('2026-11-10T10:00:00Z'))) {
      const [root, ...inner] = spans;
      expect(root!.parentSpanId).toBe('');
      for (const span of inner) {
        expect([span.traceId, span.parentSpanId]).toEqual([root!.traceId, root!.spanId]);
        expect(span.startTimeUnixNano > root!.startTimeUnixNano).toBe(true);
        expect(span.endTimeUnixNano <= root!.endTimeUnixNano).toBe(true);
      }
    }
  });

  it('follows the hours of the day and the days of the week', () => {
    const traffic = (hour: string, agent: string) =>
      spansOf(month, hourAt(hour), hourAt(hour) + 1).filter((span) => text(span, 'gen_ai.agent.name') === agent).length;
    const tuesday = traffic('2026-11-10T10:00:00Z', 'code-reviewer');
    expect(tuesday).toBeGreaterThan(60);
    expect(traffic('2026-11-10T03:00:00Z', 'code-reviewer')).toBe(0);
    expect(traffic('2026-11-15T10:00:00Z', 'code-reviewer')).toBeLessThan(tuesday / 4);
    expect(traffic('2026-11-10T01:00:00Z', 'invoice-extractor')).toBeGreaterThan(
      3 * traffic('2026-11-10T10:00:00Z', 'invoice-extractor') - 30
    );
  });
});

describe('the month', () => {
  it('has at least 100,000 spans, each with an id of its own, from six departments', () => {
    const spans = spansOf(month, firstHourOf(month), month.endHour);
    expect(spans.length).toBeGreaterThanOrEqual(100_000);
    expect(new Set(spans.map(({ traceId, spanId }) => traceId + spanId)).size).toBe(spans.length);
    const count = (key: string) => new Set(spans.map(({ resource }) => resource.attributes.get(key))).size;
    expect({ departments: count('department'), environments: count('deployment.environment.name') }).toEqual({
      departments: 6,
      environments: 4,
    });
    expect(new Set(spans.map((span) => text(span, 'user.id'))).size).toBeGreaterThan(150);
  });

  it('has nothing but the events when the volume is 0, and none after its end', () => {
    const count = (spans: readonly OtlpSpan[]) => callsOf(spans).length;
    expect(count(spansOf(eventsOnly, firstHourOf(month), month.endHour))).toBe(600 + 180 + 14);
    expect(count(spansOf(eventsOnly, month.endHour, month.endHour + 24))).toBe(0);
  });

  it('has a loop that makes 600 calls of exactly the same size', () => {
    const { runawayLoop } = DEMO_EVENTS;
    const calls = callsOf(eventSpans(runawayLoop.hoursBeforeEnd, runawayLoop.hours));
    const sizes = calls.map((span) => [
      text(span, 'user.id'),
      text(span, 'gen_ai.usage.input_tokens'),
      text(span, 'gen_ai.usage.output_tokens'),
    ]);
    expect(calls).toHaveLength(runawayLoop.hours * runawayLoop.callsPerHour);
    expect(new Set(sizes.map((size) => size.join()))).toEqual(new Set(['svc-contract-import,60000,1500']));
  });

  it('has an outage whose calls all fail after three retries', () => {
    const calls = callsOf(eventSpans(DEMO_EVENTS.outage.hoursBeforeEnd, DEMO_EVENTS.outage.hours));
    expect(calls).toHaveLength(180);
    const facts = calls.map((span) => [
      span.statusCode,
      text(span, 'error.type'),
      text(span, 'http.request.resend_count'),
    ]);
    expect(new Set(facts.map((fact) => fact.join()))).toEqual(new Set(['2,overloaded_error,3']));
  });

  it('has prompts with keys', () => {
    const prompts = callsOf(eventSpans(DEMO_EVENTS.leakedKeys.hoursBeforeEnd, 1)).map((span) =>
      String(text(span, 'gen_ai.input.messages'))
    );
    expect(prompts.filter((prompt) => prompt.includes('sk-proj-'))).toHaveLength(8);
    expect(prompts.filter((prompt) => prompt.includes('sk-ant-'))).toHaveLength(6);
  });

  it.each([DEMO_EVENTS.slowRelease, DEMO_EVENTS.promptCache])('has the release of $to of $agent', (release) => {
    const versions = (from: number, to: number) => [
      ...new Set(
        spansOf({ ...month, volume: 0.5 }, month.endHour - from, month.endHour - to)
          .filter((span) => text(span, 'gen_ai.agent.name') === release.agent)
          .map((span) => text(span, 'gen_ai.agent.version'))
      ),
    ];
    const at = release.hoursBeforeEnd;
    expect([versions(at + 48, at), versions(at, at - 48), versions(1, -48)]).toEqual([
      [release.from],
      [release.to],
      [release.to],
    ]);
  });

  it('has calls to a model of the house only after its start, and calls without usage of one agent only', () => {
    const calls = callsOf(spansOf({ ...month, volume: 0.2 }, firstHourOf(month), month.endHour));
    const house = calls.filter((span) => text(span, 'gen_ai.request.model') === DEMO_EVENTS.houseModel.model);
    const first = Math.min(...house.map((span) => Number(span.startTimeUnixNano / 3_600_000_000_000n)));
    expect(house.length).toBeGreaterThan(20);
    expect(first).toBeGreaterThanOrEqual(month.endHour - DEMO_EVENTS.houseModel.hoursBeforeEnd);
    const withoutUsage = calls.filter(
      (span) => span.statusCode !== 2 && !span.attributes.has('gen_ai.usage.input_tokens')
    );
    expect(withoutUsage.length).toBeGreaterThan(20);
    expect(new Set(withoutUsage.map((span) => text(span, 'gen_ai.agent.name')))).toEqual(new Set(['lead-qualifier']));
  });
});

describe('docs/demo.md', () => {
  const document = readFileSync(join(__dirname, '../../../docs/demo.md'), 'utf8');
  const days = (hours: number) => {
    const rest = hours % 24;
    return `${Math.floor(hours / 24)} d${rest === 0 ? '' : ` ${rest} h`}`;
  };

  it.each(Object.entries(DEMO_EVENTS))('tells the time and the numbers of %s', (_, event) => {
    const row = document
      .split('\n')
      .find((line) => line.startsWith('|') && line.includes(`\`${event.agent}\``) && line.includes(whenOf(event)));
    for (const [key, value] of Object.entries(event)) {
      if (key === 'hoursBeforeEnd' || key === 'hours' || key === 'agent') continue;
      const shown =
        key === 'share'
          ? `${Number(value) * 100} %`
          : Number(value).toLocaleString('en') === 'NaN'
            ? `\`${value}\``
            : Number(value).toLocaleString('en');
      expect(row).toContain(shown);
    }
  });

  function whenOf(event: object): string {
    if (!('hoursBeforeEnd' in event)) return 'throughout';
    const at = Number(event.hoursBeforeEnd);
    return 'hours' in event ? `end − ${days(at)} … end − ${days(at - Number(event.hours))}` : `end − ${days(at)}`;
  }

  it('names its example month as the program would', () => {
    expect(textOfHour(hourAt(END))).toBe(END);
  });
});
