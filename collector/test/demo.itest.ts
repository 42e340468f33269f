import type { OtlpSpan } from '../src/otlp.ts';
import { DEMO_EVENTS } from '../src/demo/demo-events.ts';
import { createDemoHour } from '../src/demo/demo-hour.ts';
import { DEMO_DAYS, firstHourOf, hourOfText } from '../src/demo/demo-month.ts';
import type { DemoSent } from '../src/demo/send-demo.ts';
import { runCollector } from './support/run-collector.ts';
import type { RunningCollector } from './support/run-collector.ts';
import { selectRows } from './support/select-rows.ts';

const HOUR_MS = 3_600_000;
const VOLUME = 0.04;
const ERROR = 2;
const INPUT = 'gen_ai.usage.input_tokens';
const OUTPUT = 'gen_ai.usage.output_tokens';

const textOf = ({ attributes }: Pick<OtlpSpan, 'attributes'>, key: string): string => {
  const value = attributes.get(key);
  return typeof value === 'string' ? value : '';
};
const numberOf = (span: OtlpSpan, key: string): number => Number(span.attributes.get(key) ?? 0);
const isCall = (span: OtlpSpan): boolean => span.attributes.has('gen_ai.request.model');

/** How often each key comes up, as rows in the order of the keys. */
function tally(keys: readonly string[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** A month with all of its events and a twenty-fifth of the everyday traffic, through the whole program. */
describe('the demo in the store', () => {
  let collector: RunningCollector;
  let sent: DemoSent;
  let spans: readonly OtlpSpan[];
  let scores: readonly string[];
  let calls: readonly OtlpSpan[];

  const select = <Row = Record<string, unknown>>(sql: string): Promise<Row[]> =>
    selectRows<Row>({ client: collector.client } as never, sql);
  const pairs = async (sql: string): Promise<readonly (readonly [string, number])[]> =>
    (await select<{ key: string; n: string }>(sql)).map(({ key, n }) => [key, Number(n)] as const);

  beforeAll(async () => {
    // From the middle of an hour on: an hour that ends meanwhile would be another one to send.
    const ahead = HOUR_MS / 2 - (Date.now() % HOUR_MS);
    collector = await runCollector(['demo'], {}, () => Date.now() + ahead);
    sent = await collector.sendDemo({ volume: VOLUME });
    const month = { endHour: hourOfText(sent.monthEnd)!, days: DEMO_DAYS, volume: VOLUME };
    const trafficOf = createDemoHour(month);
    const traces = Array.from({ length: DEMO_DAYS * 24 }, (_, hour) => trafficOf(firstHourOf(month) + hour)).flat();
    spans = traces.flatMap((trace) => trace.spans);
    scores = traces.flatMap(({ records }) =>
      records.map(({ attributes }) => textOf({ attributes }, 'gen_ai.evaluation.name'))
    );
    calls = spans.filter(isCall);
  });
  afterAll(() => collector.stop());

  it('holds every span of the generator, once, and every score', async () => {
    expect([sent.spans, sent.scores]).toEqual([spans.length, scores.length]);
    const operations = await pairs(
      "SELECT operation AS key, count() AS n FROM genai.spans FINAL WHERE workspace = 'demo' GROUP BY key ORDER BY key"
    );
    expect(operations).toEqual(tally(spans.map((span) => textOf(span, 'gen_ai.operation.name'))));
    expect(
      await pairs(
        "SELECT name AS key, count() AS n FROM genai.scores FINAL WHERE workspace = 'demo' GROUP BY key ORDER BY key"
      )
    ).toEqual(tally(scores));
  });

  it('counts calls, tokens and errors of each agent version as they were sent', async () => {
    const expected = new Map<string, Record<string, unknown>>();
    for (const span of calls) {
      const agent = textOf(span, 'gen_ai.agent.name');
      const version = textOf(span, 'gen_ai.agent.version');
      const row = expected.get(agent + version) ?? {
        agent,
        version,
        calls: 0,
        errors: 0,
        input: 0,
        output: 0,
        cached: 0,
      };
      const add = (name: string, amount: number) => (row[name] = Number(row[name]) + amount);
      add('calls', 1);
      add('errors', span.statusCode === ERROR ? 1 : 0);
      add('input', numberOf(span, INPUT));
      add('output', numberOf(span, OUTPUT));
      add('cached', numberOf(span, 'gen_ai.usage.cache_read.input_tokens'));
      expected.set(agent + version, row);
    }
    const rows = await select(
      `SELECT agent_name AS agent, agent_version AS version, toUInt32(sum(calls)) AS calls, toUInt32(sum(errors)) AS errors,
         toFloat64(sum(input_tokens)) AS input, toFloat64(sum(output_tokens)) AS output, toFloat64(sum(cache_read_tokens)) AS cached
       FROM genai.usage WHERE workspace = 'demo' GROUP BY agent, version ORDER BY agent, version`
    );
    expect(rows).toEqual([...expected].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row));
  });

  it('shows the loop and its cost to the cent', async () => {
    const { runawayLoop } = DEMO_EVENTS;
    const [row] = await select(
      `SELECT count() AS calls, sum(cost_usd) AS usd, sum(input_tokens) AS input, sum(output_tokens) AS output,
         dateDiff('hour', min(toStartOfHour(timestamp)), toDateTime('${sent.monthEnd.slice(0, 19).replace('T', ' ')}', 'UTC')) AS first,
         dateDiff('hour', max(toStartOfHour(timestamp)), toDateTime('${sent.monthEnd.slice(0, 19).replace('T', ' ')}', 'UTC')) AS last
       FROM genai.spans FINAL WHERE workspace = 'demo' AND user_id = '${runawayLoop.userId}' AND billable = 1`
    );
    expect(row).toEqual({
      calls: '600',
      usd: '607.5',
      input: String(600 * runawayLoop.inputTokens),
      output: String(600 * runawayLoop.outputTokens),
      first: String(runawayLoop.hoursBeforeEnd),
      last: String(runawayLoop.hoursBeforeEnd - runawayLoop.hours + 1),
    });
  });

  it('shows the outage, failed calls that nobody is charged for', async () => {
    expect(
      await select(
        `SELECT toUInt32(count()) AS calls, min(retries) AS retries, any(cost_state) AS state, sum(cost_usd) AS usd FROM genai.spans FINAL
         WHERE workspace = 'demo' AND error_type = '${DEMO_EVENTS.outage.errorType}' AND billable = 1`
      )
    ).toEqual([{ calls: 180, retries: 3, state: 'not_charged', usd: '0' }]);
  });

  it('finds the leaked keys and the addresses, and keeps no key', async () => {
    const isWithAddress = (span: OtlpSpan) => textOf(span, 'gen_ai.input.messages').includes('@example.org');
    expect(
      await pairs(
        "SELECT rule AS key, count() AS n FROM genai.findings FINAL WHERE workspace = 'demo' GROUP BY key ORDER BY key"
      )
    ).toEqual([
      ['anthropic-api-key', DEMO_EVENTS.leakedKeys.anthropicKeys],
      ['email', spans.filter(isWithAddress).length],
      ['openai-api-key', DEMO_EVENTS.leakedKeys.openAiKeys],
    ]);
    expect(
      await select(
        "SELECT toUInt32(count()) AS n FROM genai.content_fragments WHERE match(body, 'sk-(proj|ant-api03)-[0-9A-Za-z]{20}')"
      )
    ).toEqual([{ n: 0 }]);
  });

  it('shows which calls have no price and which no usage', async () => {
    const answered = calls.filter((span) => span.statusCode !== ERROR);
    const states = answered.map((span) => {
      const model = textOf(span, 'gen_ai.request.model');
      if (!span.attributes.has(INPUT)) return `no_usage ${model}`;
      return model === DEMO_EVENTS.houseModel.model ? `unpriced ${model}` : `computed ${model}`;
    });
    expect(
      await pairs(
        `SELECT concat(toString(cost_state), ' ', request_model) AS key, count() AS n FROM genai.spans FINAL
         WHERE workspace = 'demo' AND billable = 1 AND status != 'error' GROUP BY key ORDER BY key`
      )
    ).toEqual(tally(states));
  });

  it('shows that the new version is twice as slow', async () => {
    const { slowRelease } = DEMO_EVENTS;
    const rows = await select<{ version: string; ms: number; first: number }>(
      `SELECT agent_version AS version, avg(duration_ns) AS ms, avg(time_to_first_token_ns) AS first FROM genai.spans FINAL
       WHERE workspace = 'demo' AND agent_name = '${slowRelease.agent}' AND operation = 'chat' AND status != 'error'
       GROUP BY version ORDER BY version`
    );
    const [before, after] = rows;
    expect(rows.map(({ version }) => version)).toEqual([slowRelease.from, slowRelease.to]);
    expect(after!.ms / before!.ms).toBeCloseTo(slowRelease.slowdown, 0);
    expect(after!.first / before!.first).toBeCloseTo(slowRelease.slowdown, 0);
  });

  it('adds nothing when it is sent again, also to the rollups', async () => {
    const count = () =>
      select(
        `SELECT (SELECT count() FROM genai.spans) AS spans, (SELECT count() FROM genai.scores) AS scores,
           (SELECT count() FROM genai.findings) AS findings, (SELECT sum(calls) FROM genai.usage) AS calls`
      );
    const before = await count();
    expect(await collector.sendDemo({ volume: VOLUME })).toMatchObject({ spans: 0, scores: 0, hours: 0 });
    await collector.settle();
    await collector.delivered();
    expect(await count()).toEqual(before);
  });
});
