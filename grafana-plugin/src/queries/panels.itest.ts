import { createEncodeRows } from '../../../collector/src/rows/encode-rows.ts';
import { insertTableRows } from '../../../collector/test/support/insert-table-rows.ts';
import { startMigratedStore } from '../../../collector/test/support/start-migrated-store.ts';
import type { Store } from '../../../collector/test/support/start-store.ts';
import { anythingStored, filterOptions, uncounted } from './books.ts';
import { costParts, costTable, spendByChoiceOverTime, spendByModelOverTime, topSpend, unpricedModels } from './cost.ts';
import * as headlines from './headlines.ts';
import type { FilterName } from './sql.ts';
import type { Page } from './testing/fill.ts';
import { fill } from './testing/fill.ts';
import type { Seed } from './testing/seeds.ts';
import { seedSpan } from './testing/seeds.ts';
import { topUsers } from './users.ts';

const NOTHING = { others: [], fragments: [], scores: [], findings: [] };

/** Paris, the day on which summer time ends: 25 hours, of which 02:00 to 03:00 comes twice. */
const LONG_DAY: Page = {
  from: '2026-10-24T22:00:00Z',
  to: '2026-10-25T23:00:00Z',
  timeZone: 'Europe/Paris',
  intervalSeconds: 86_400,
};

const model = (name: string) => ({ provider: 'openai', requestModel: name, responseModel: name });

/** Eleven models that cost 1 to 11 dollars at 23:30 of the long day; `m11` in parts, at the day's first second. */
const SEEDS: readonly Seed[] = [
  ...Array.from({ length: 10 }, (_, index): Seed => {
    const dollars = index + 1;
    return {
      at: '2026-10-25T22:30:00Z',
      seconds: 1,
      span: {
        ...model(`m${String(dollars).padStart(2, '0')}`),
        agentName: `agent ${dollars % 2}`,
        userId: `user ${dollars}`,
      },
      usage: { inputTokens: 10 * dollars, outputTokens: dollars },
      parts: { input: dollars },
    };
  }),
  {
    at: '2026-10-24T22:00:00Z',
    seconds: 1,
    span: { ...model('m11'), department: 'law', environment: 'staging', workspace: 'acme' },
    usage: { inputTokens: 110, outputTokens: 11, cacheWriteTokens: 50 },
    parts: { input: 9.5, cacheWrite: 1, output: 0.25, cacheRead: 0.125, request: 0.125 },
    savings: -0.25,
  },
  // The period before is as long: 25 hours.
  { at: '2026-10-23T21:00:00Z', seconds: 1, span: model('m01'), usage: { inputTokens: 1 }, parts: { input: 4 } },
  { at: '2026-10-23T20:59:59Z', seconds: 1, span: model('m01'), usage: { inputTokens: 1 }, parts: { input: 100 } },
];

const names = (from: number, to: number) =>
  Array.from({ length: from - to + 1 }, (_, index) => `m${String(from - index).padStart(2, '0')}`);

describe('the panels', () => {
  let store: Store;
  beforeAll(async () => {
    store = await startMigratedStore();
  });
  afterAll(() => store.stop());

  const rows = async (query: { readonly sql: string }, page: Page = LONG_DAY) => {
    const answer = await store.client.query({ query: fill(query.sql, page), format: 'TabSeparatedRaw' });
    return (await answer.text()).split('\n').slice(0, -1);
  };

  describe('before anything arrived', () => {
    it('say that nothing is stored', async () => {
      expect(await rows(anythingStored)).toEqual(['0']);
    });

    it.each(Object.entries(headlines))('%s has no change and no invented value', async (name, query) => {
      const nothing = /Rate|Share|latency/.test(name) ? '\\N' : '0';
      expect((await rows(query)).map((row) => row.split('\t')[1])).toEqual(['inf', nothing]);
    });

    it.each([
      ['spend by model', spendByModelOverTime],
      ['spend by choice', spendByChoiceOverTime],
      ['departments', costTable('department')],
      ['top agents', topSpend('agent', 10)],
      ['top users', topUsers(10)],
      ['unpriced models', unpricedModels],
      ['options', { sql: filterOptions('agent') }],
    ])('%s: no rows', async (_, query) => {
      expect(await rows(query)).toEqual([]);
    });

    it.each([
      ['parts', costParts, '0\t0\t0\t0\t0'],
      ['uncounted', uncounted, '0\t0\t0\t\t\t\t'],
    ])('%s: zeros', async (_, query, expected) => {
      expect(await rows(query)).toEqual([expected]);
    });
  });

  describe('on a day of 25 hours with eleven models', () => {
    beforeAll(async () => {
      const encode = createEncodeRows({ now: () => Date.parse('2026-10-26T12:00:00Z') });
      await insertTableRows(store, 'genai', encode({ ...NOTHING, spans: SEEDS.map(seedSpan) }));
    });

    it('draw one bar: nine models by name, the rest as other', async () => {
      expect(await rows(spendByModelOverTime)).toEqual(
        [
          ...names(11, 3)
            .map((name) => `${name}\t${Number(name.slice(1))}`)
            .reverse(),
          'other\t3',
        ].map((row) => `2026-10-25 00:00:00\t${row}`)
      );
    });

    it('draw quarters of the day from local midnight, the last one an hour longer', async () => {
      const page = { ...LONG_DAY, intervalSeconds: 21_600, chosen: { by: ['workspace'] } };
      expect(await rows(spendByChoiceOverTime, page)).toEqual([
        '2026-10-25 00:00:00\tacme\t11',
        '2026-10-25 17:00:00\tdefault\t55',
      ]);
    });

    it.each([
      ['workspace', ['acme\t11', 'default\t55']],
      ['environment', ['production\t55', 'staging\t11']],
      ['department', ['(none)\t55', 'law\t11']],
      ['agent', ['(none)\t11', 'agent 0\t30', 'agent 1\t25']],
      ['provider', ['openai\t66']],
      ['service', ['support-bot\t66']],
      ['operation', ['chat\t66']],
    ])('draw spend by %s', async (by, expected) => {
      const drawn = await rows(spendByChoiceOverTime, { ...LONG_DAY, chosen: { by: [by] } });
      expect(drawn).toEqual(expected.map((row) => `2026-10-25 00:00:00\t${row}`));
    });

    it('compare models with the 25 hours before', async () => {
      expect(await rows(costTable('model'))).toEqual([
        'm11\t11\t\\N\t1\t110\t11\t-0.25\t0',
        ...names(10, 2).map((name) => {
          const dollars = Number(name.slice(1));
          return `${name}\t${dollars}\t\\N\t1\t${10 * dollars}\t${dollars}\t0\t0`;
        }),
        'm01\t1\t-0.75\t1\t10\t1\t0\t0',
      ]);
    });

    it('keep to the first rows', async () => {
      expect(await rows(topSpend('model', 2))).toEqual(['m11\t11\t\\N\t1', 'm10\t10\t\\N\t1']);
      expect(await rows(topUsers(2))).toEqual(['user 10\t10\t\\N\t1', 'user 9\t9\t\\N\t1']);
    });

    it('compare agents and providers', async () => {
      expect(await rows(costTable('agent'))).toEqual([
        'agent 0\t30\t\\N\t5\t300\t30\t0\t0',
        'agent 1\t25\t\\N\t5\t250\t25\t0\t0',
        '(none)\t11\t1.75\t1\t110\t11\t-0.25\t0',
      ]);
      expect(await rows(costTable('provider'))).toEqual(['openai\t66\t15.5\t11\t660\t66\t-0.25\t0']);
    });

    it('split the spend into all five parts', async () => {
      expect(await rows(costParts)).toEqual(['64.5\t0.25\t0.125\t1\t0.125']);
    });

    it.each<[FilterName, string[]]>([
      ['workspace', ['acme', 'default']],
      ['environment', ['production', 'staging']],
      ['department', ['(none)', 'law']],
      ['provider', ['openai']],
      ['model', names(11, 1).reverse()],
      ['agent', ['(none)', 'agent 0', 'agent 1']],
    ])('offer every %s of the period', async (name, expected) => {
      expect(await rows({ sql: filterOptions(name) })).toEqual(expected);
    });

    it.each<[FilterName, string, string]>([
      ['workspace', 'acme', '11'],
      ['environment', 'production', '55'],
      ['department', 'law', '11'],
      ['provider', 'openai', '66'],
      ['model', 'm07', '7'],
      ['agent', 'agent 1', '25'],
    ])('are filtered by %s', async (name, value, spend) => {
      const page = { ...LONG_DAY, chosen: { [name]: [value] } };
      expect((await rows(headlines.spendHeadline, page))[1]!.split('\t')[1]).toBe(spend);
    });
  });
});
