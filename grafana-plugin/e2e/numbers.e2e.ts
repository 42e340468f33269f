import type { Grafana } from './open-grafana.ts';
import { openGrafana } from './open-grafana.ts';
import type { Period, Row } from './raw-rows.ts';
import { lastHour, measure, measureBy } from './raw-rows.ts';
import { readBars, readLegend, readStat, readTable } from './read-page.ts';
import { describeWithGrafana } from './settings.ts';
import { count, headlineChange, rowChange, share, usd } from './shown.ts';

const WEEK = 7 * 86_400;
const NAMED_SERIES = 9;

interface Truth {
  readonly period: Period;
  readonly where: string;
  readonly now: Row;
  readonly before: Row;
}

async function truth(period: Period, where: string): Promise<Truth> {
  const previous = { from: 2 * period.from - period.to, to: period.from };
  return { period, where, now: await measure(period, where), before: await measure(previous, where) };
}

const by = (column: string, { period, where }: Truth) =>
  Promise.all([
    measureBy(column, period, where),
    measureBy(column, { from: 2 * period.from - period.to, to: period.from }, where),
  ]);

/** Nine names and the rest, as a legend shows them: sorted by total, which may tie at $0.00. */
function legend(rows: readonly Row[]): string[][] {
  const named = rows.slice(0, NAMED_SERIES).map((row): [string, number] => [row.name!, Number(row.spend)]);
  const rest = rows.slice(NAMED_SERIES).reduce((sum, { spend }) => sum + Number(spend), 0);
  return [...named, ...(rows.length > NAMED_SERIES ? [['other', rest] as [string, number]] : [])]
    .map(([name, spend]) => [name, usd(String(spend))])
    .sort();
}

const sum = (row: Row, ...names: string[]) => names.reduce((total, name) => total + Number(row[name]), 0);

describeWithGrafana('every number of the pages', () => {
  let grafana: Grafana;
  let to: number;
  beforeAll(async () => {
    to = await lastHour();
    grafana = await openGrafana();
  });
  afterAll(() => grafana?.close());

  const url = (period: Period, more: Record<string, string> = {}) => ({
    from: String(period.from * 1000),
    to: String(period.to * 1000),
    timezone: 'utc',
    ...more,
  });
  const change = ({ now, before }: Truth, value: (row: Row) => number) => headlineChange(value(before), value(now));

  describe.each([
    ['of all calls', '1', {}],
    ['of two departments', "department IN ('legal', 'marketing')", { 'var-department': 'legal' }],
  ])('%s', (_, where, filter) => {
    const filters: Record<string, string> = filter;
    let facts: Truth;
    const open = async (route: string) => {
      await grafana.open(route, url(facts.period, filters));
      if ('var-department' in filters) {
        await grafana.page.goto(`${grafana.page.url()}&var-department=marketing`);
        await grafana.drawn();
      }
    };
    beforeAll(async () => {
      facts = await truth({ from: to - WEEK, to }, where);
    });

    it('Home', async () => {
      await open('home');
      const { page } = grafana;
      const { now } = facts;
      const rate = (row: Row) => sum(row, 'errors') / sum(row, 'calls');
      expect({
        spend: await readStat(page, 'Spend'),
        calls: await readStat(page, 'Calls'),
        tokens: await readStat(page, 'Tokens'),
        errorRate: await readStat(page, 'Error rate'),
      }).toEqual({
        spend: { value: usd(now.spend), change: change(facts, (row) => Number(row.spend)) },
        calls: { value: count(now.calls), change: change(facts, (row) => Number(row.calls)) },
        tokens: {
          value: count(sum(now, 'input', 'output')),
          change: change(facts, (row) => sum(row, 'input', 'output')),
        },
        errorRate: { value: share(rate(now)), change: change(facts, rate) },
      });
      const shown = await readStat(page, 'p95 latency');
      // Known within one percent, shown with three digits.
      expect(Math.abs(Number.parseFloat(shown.value) / Number(now.p95) - 1)).toBeLessThan(0.015);
      expect(shown.value).toMatch(/^[\d.]+ s$/);

      const [models, modelsBefore] = await by('model', facts);
      const [agents, agentsBefore] = await by('agent_name', facts);
      const [users, usersBefore] = await by('user_id', facts);
      expect((await readLegend(page, 'Spend over time by model')).sort()).toEqual(legend(models));
      const top = (rows: Row[], before: Row[]) =>
        rows.slice(0, 10).map((row) => [row.name, usd(row.spend), rowChange(before, row), count(row.calls)]);
      expect(await readTable(page, 'Top models')).toEqual(top(models, modelsBefore));
      expect(await readTable(page, 'Top agents')).toEqual(top(agents, agentsBefore));
      expect(await readTable(page, 'Top users')).toEqual(
        top(
          users.filter(({ name }) => name !== '(none)'),
          usersBefore
        )
      );
      const notice = await page.getByTestId('spanledger uncounted').allInnerTexts();
      const parts = [
        Number(now.unpriced) > 0 && `${count(now.unpriced)} calls with ${count(now.unpriced_tokens)} tokens`,
        Number(now.no_usage) > 0 && `${count(now.no_usage)} calls came without token counts`,
      ].filter((text) => text !== false);
      for (const text of parts) {
        expect(notice.join('\n')).toContain(text);
      }
      expect(notice).toHaveLength(parts.length > 0 ? 1 : 0);
      expect(grafana.faults()).toEqual([]);
    });

    it('Cost', async () => {
      await open('cost');
      const { page } = grafana;
      const { now } = facts;
      const cached = (row: Row) => sum(row, 'cached') / sum(row, 'input');
      expect({
        spend: await readStat(page, 'Spend'),
        saved: await readStat(page, 'Saved by caching'),
        cached: await readStat(page, 'Input from cache'),
        unpriced: await readStat(page, 'Unpriced tokens'),
      }).toEqual({
        spend: { value: usd(now.spend), change: change(facts, (row) => Number(row.spend)) },
        saved: { value: usd(now.saved), change: change(facts, (row) => Number(row.saved)) },
        cached: { value: share(cached(now)), change: change(facts, cached) },
        unpriced: { value: count(now.unpriced_tokens), change: change(facts, (row) => sum(row, 'unpriced_tokens')) },
      });
      expect(await readBars(page, 'What the money went for')).toEqual([
        ['Input', usd(now.input_cost)],
        ['Output', usd(now.output_cost)],
        ['Cache reads', usd(now.read_cost)],
        ['Cache writes', usd(now.write_cost)],
        ['Fees per request', usd(now.request_cost)],
      ]);
      for (const [title, column] of [
        ['By department', 'department'],
        ['By model', 'model'],
        ['By agent', 'agent_name'],
        ['By provider', 'provider'],
      ] as const) {
        const [rows, before] = await by(column, facts);
        expect([title, await readTable(page, title)]).toEqual([
          title,
          rows.map((row) => [
            row.name,
            usd(row.spend),
            rowChange(before, row),
            count(row.calls),
            count(row.input),
            count(row.output),
            usd(row.saved),
            count(row.unpriced),
          ]),
        ]);
        if (column === 'department') {
          expect((await readLegend(page, 'Spend over time by department')).sort()).toEqual(legend(rows));
        }
      }
      const [models] = await by("concat(toString(provider), '\\t', model)", facts);
      expect(await readTable(page, 'Models without a price')).toEqual(
        models
          .filter(({ unpriced }) => unpriced !== '0')
          .map((row) => [...row.name!.split('\t'), count(row.unpriced), count(row.unpriced_tokens)])
      );
      expect(grafana.faults()).toEqual([]);
    });
  });

  it('a period that begins and ends inside a quarter counts both quarters whole', async () => {
    const whole = { from: to - 3 * 3600, to: to - 3600 };
    const facts = await truth(whole, '1');
    await grafana.open('home', url({ from: whole.from + 400, to: whole.to - 60 }));
    expect(await readStat(grafana.page, 'Calls')).toEqual({
      value: count(facts.now.calls),
      change: change(facts, (row) => Number(row.calls)),
    });
    expect(await readStat(grafana.page, 'Spend')).toEqual({
      value: usd(facts.now.spend),
      change: change(facts, (row) => Number(row.spend)),
    });
    expect(grafana.faults()).toEqual([]);
  });
});
