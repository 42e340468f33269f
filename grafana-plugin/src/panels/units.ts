/** Grafana units. Money is written out with cents: `currencyUSD` would show $12.3K. */
export const UNITS = {
  usd: 'currency:financial:$',
  count: 'locale',
  share: 'percentunit',
  seconds: 's',
} as const;

export type Unit = keyof typeof UNITS;

export const DECIMALS: Readonly<Partial<Record<Unit, number>>> = { usd: 2, count: 0, share: 1 };
