import { readOverride } from './read-override.ts';

it.each<[string, object, readonly [string, string][]]>([
  ['tiers without a price', { percent_off: 5, tiers: [] }, [['tiers', 'can only be set with price']]],
  [
    'tiers and hours together',
    { tiers: [], hours: [] },
    [['hours', 'cannot be set together with tiers: set two prices, or leave one out']],
  ],
  ['tiers that are no list', { tiers: 5 }, [['tiers', 'must be a list of at most 24']]],
  ['more than anybody has', { tiers: Array(25).fill({}) }, [['tiers', 'must be a list of at most 24']]],
  [
    'what is no tier, a length that is none, twice the same, nothing in it, and what is not known',
    {
      tiers: [
        5,
        { above_input_tokens: 0, price: { input: 1 } },
        { above_input_tokens: '200000', price: { input: -1 } },
        { above_input_tokens: 7, price: {} },
        { above_input_tokens: 7, price: { tokens: 1 }, note: '' },
      ],
    },
    [
      ['tiers[0]', 'must be an object with above_input_tokens and price'],
      ['tiers[1].above_input_tokens', 'must be a whole number from 1 to 1000000000'],
      ['tiers[2].above_input_tokens', 'must be a whole number from 1 to 1000000000'],
      ['tiers[2].price.input', 'must be a decimal from 0 to 999999 with at most 12 digits after the point'],
      ['tiers[3].price', 'must name at least one unit'],
      ['tiers[4].above_input_tokens', 'stands there twice'],
      ['tiers[4].note', 'is not known'],
      ['tiers[4].price.tokens', expect.stringMatching(/^is not known; use input, /)],
    ],
  ],
  [
    'hours that are none, empty or overlap',
    {
      hours: [
        { from: '24:00', to: 1, price: { input: 1 } },
        { from: '05:00', to: '05:00', price: { input: 1 } },
        { from: '22:00', to: '06:00', price: { input: 1 } },
        { from: '05:59', to: '07:00', price: { input: 1 } },
        { from: '06:00', to: '07:00', price: { input: 1 } },
      ],
    },
    [
      ['hours[0].from', 'must be a time of the UTC day, "HH:MM" in quotes'],
      ['hours[0].to', 'must be a time of the UTC day, "HH:MM" in quotes'],
      ['hours[1].to', 'must not be the same as from'],
      ['hours[3]', 'overlaps hours that stand before it'],
    ],
  ],
  [
    'an amount that is too large in dollars',
    {
      currency: 'BTC',
      usd_rate: '60000',
      rate_date: '2026-01-01',
      tiers: [{ above_input_tokens: 1, price: { input: 17 } }],
    },
    [['tiers.input', 'is too large in US dollars']],
  ],
])('refuses %s', (_, body, faults) => {
  const price = 'percent_off' in body ? {} : { price: { input: 1, output: 1 } };
  const read = readOverride('own', { model: 'acme', ...price, ...body });
  const told = read.ok ? [] : read.errors.map(({ field, message }) => [field, message]);
  expect(told.toSorted()).toEqual(faults.toSorted());
});
