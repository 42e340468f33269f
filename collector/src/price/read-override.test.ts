import { createFindOverride } from './find-override.ts';
import { loadPriceData } from './load-price-data.ts';
import { createPriceBook } from './price-book.ts';
import type { PriceOverride } from './price-override.ts';
import { createPrice } from './price-span.ts';
import { readOverride } from './read-override.ts';
import { makeSpan, makeUsage } from './testing/make-span.ts';

function override(body: object): PriceOverride {
  const read = readOverride('it', body);
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  const kept = { version: 'v1', source: 'override' as const, workspace: '', updatedBy: 'ada', updatedAtMs: 1 };
  return { ...read.draft, ...kept };
}

describe('amounts at the edges', () => {
  const price = { input: '1', output: '1' };
  const euro = { currency: 'EUR', rate_date: '2026-01-01' };

  it.each<[object, readonly string[]]>([
    [{ percent_off: 0 }, ['percent_off must be more than 0 and at most 100']],
    [{ percent_off: 101 }, ['percent_off must be more than 0 and at most 100']],
    [{ percent_off: '100.000000000001' }, ['percent_off must be more than 0 and at most 100']],
    [{ percent_off: -5 }, ['percent_off must be a decimal from 0 to 999999 with at most 12 digits after the point']],
    [
      { percent_off: 'half' },
      ['percent_off must be a decimal from 0 to 999999 with at most 12 digits after the point'],
    ],
    ...['1e-13', 1e-13, -1, '-0.01', 1e6, 1e21, Infinity, NaN, '0x10', '', ' ', null, true, '9'.repeat(65)].map(
      (input): [object, readonly string[]] => [
        { model: 'm', price: { ...price, input } },
        ['price.input must be a decimal from 0 to 999999 with at most 12 digits after the point'],
      ]
    ),
    [
      { model: 'm', price, ...euro },
      ['usd_rate must be a decimal from 0 to 999999 with at most 12 digits after the point'],
    ],
    [{ model: 'm', price, ...euro, usd_rate: 0 }, ['usd_rate must not be 0']],
    [
      { model: 'm', price: { ...price, input: 999_999 }, ...euro, usd_rate: 2 },
      ['price.input is too large in US dollars'],
    ],
    [
      { model: 'm', gpu_hour: { price: -1 } },
      ['gpu_hour.price must be a decimal from 0 to 999999 with at most 12 digits after the point'],
    ],
    [{ model: 'm', gpu_hour: { price: 1, gpus: 0 } }, ['gpu_hour.gpus must be a whole number from 1 to 1000000']],
    [{ model: 'm', gpu_hour: { price: 4_000 } }, ['gpu_hour.price is too large in US dollars']],
    [
      { model: 'm', price, valid_from: '2026-03-01', valid_to: '2026-03-01' },
      ['valid_to must be later than valid_from'],
    ],
  ])('%j is refused with one fault', (body, faults) => {
    const read = readOverride('it', body);
    expect(read.ok ? [] : read.errors.map(({ field, message }) => `${field} ${message}`)).toEqual(faults);
  });

  it.each<[unknown, string]>([
    [0, '0'],
    ['-0', '0'],
    ['1e-12', '0.000000000001'],
    [1e-12, '0.000000000001'],
    ['000.50', '0.5'],
    ['999999', '999999'],
    ['999998.999999999999', '999998.999999999999'],
  ])('%j is the amount %s', (input, amount) => {
    const read = readOverride('it', { model: 'm', price: { ...price, input } });
    expect(read.ok && read.draft.amounts['input']).toBe(amount);
  });

  it('the smallest price is charged when it adds up, and the largest is clamped where the column ends', async () => {
    const book = createPriceBook(await loadPriceData());
    const small = override({ model: 'gpt-4o', price: { input: '0.000000000001', output: 0 } });
    const large = override({ model: 'gpt-4o', price: { input: 999_999, output: 999_999 } });
    const span = (inputTokens: number) =>
      makeSpan({ requestModel: 'gpt-4o', responseModel: '', usage: makeUsage({ inputTokens }) });
    const cost = (own: PriceOverride, input: number) => {
      const { state, totalPico, clamped } = createPrice(book, createFindOverride([own]))(span(input));
      return [state, totalPico, clamped];
    };
    // A millionth of a pico-dollar a token.
    expect([cost(small, 400_000), cost(small, 600_000), cost(small, 3_000_000)]).toEqual([
      ['computed', 0n, false],
      ['computed', 1n, false],
      ['computed', 3n, false],
    ]);
    expect([cost(large, 1_000_000), cost(large, 1_000_001)]).toEqual([
      ['computed', 999_999n * 10n ** 12n, false],
      ['computed', 999_999n * 10n ** 12n, true],
    ]);
  });
});
