import { LONG_GROK_PRICES } from './long-grok-prices.ts';
import { LONG_SONNET_PRICES } from './long-sonnet-prices.ts';
import { REVIEWED_MODELS } from './reviewed-models.ts';
import type { PriceTable } from './unit-prices.ts';

/** Hours with prices of their own: UTC, `HH:MM`, from inclusive, to exclusive; every day unless weekdays are told apart. */
export interface ReviewedHours {
  readonly from: string;
  readonly to: string;
  /** True: not on Saturdays, Sundays and the days of `holidays`. */
  readonly workdays?: true;
  readonly prices: PriceTable;
}

/** Prices from a moment on; without `from`, since the beginning. */
export interface ReviewedPrice {
  /** UTC, `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM`. */
  readonly from?: string;
  readonly prices: PriceTable;
  readonly hours?: readonly ReviewedHours[];
}

/** One correction. Keys and units are those of the price data. */
export interface ReviewedEntry {
  readonly provider: string;
  readonly model: string;
  /**
   * `gap`: adds keys that every price of the entry lacks. `long`: adds the prices of long requests to keys that the entry has without.
   * `change`: prices from a date on that the data has not. `model`: an entry the data lacks, found by `ids` (normalised, exact; what
   * begins with `ft:` is the start of a fine-tuned model's name), which it takes from entries of the data that claim them.
   */
  readonly kind: 'gap' | 'long' | 'change' | 'model';
  readonly ids?: readonly string[];
  readonly prices: readonly ReviewedPrice[];
  /**
   * The page that publishes it, and the day that the figures stand for: that of a copy or an excerpt of the page, or of the price
   * data's release. Not every page has been opened by a person: whoever relies on an entry looks there first.
   */
  readonly source: string;
  readonly asOf: string;
}

/** Public holidays of mainland China that fall on working days: DeepSeek bills them as off-peak. */
export const CHINESE_HOLIDAYS: ReadonlySet<string> = new Set([
  '2026-09-25',
  ...['01', '02', '05', '06', '07'].map((day) => `2026-10-${day}`),
]);

const CLAUDE = { source: 'https://platform.claude.com/docs/en/about-claude/pricing', asOf: '2026-10-24' };
const DEEPSEEK = { source: 'https://api-docs.deepseek.com/quick_start/pricing', asOf: '2026-10-27' };
const OPENAI_TUNED = { source: 'https://platform.openai.com/docs/pricing', asOf: '2025-06-30' };
const COHERE = { source: 'https://cohere.com/pricing', asOf: '2026-06-30' };

/** Peak hours of DeepSeek, in UTC. */
function peaks(prices: PriceTable, workdays?: true): readonly ReviewedHours[] {
  const days = workdays === undefined ? {} : { workdays };
  return [
    { from: '01:00', to: '04:00', ...days, prices },
    { from: '06:00', to: '10:00', ...days, prices },
  ];
}

const V4_FLASH: PriceTable = { input_mtok: 0.22, cache_read_mtok: 0.007, output_mtok: 0.66 };
const V4_FLASH_PEAK: PriceTable = { input_mtok: 0.44, cache_read_mtok: 0.014, output_mtok: 1.32 };
const V4_PRO: PriceTable = { input_mtok: 0.66, cache_read_mtok: 0.022, output_mtok: 1.98 };
const V4_PRO_PEAK: PriceTable = { input_mtok: 1.32, cache_read_mtok: 0.044, output_mtok: 3.96 };
const DEEPSEEK_FLASH: ReviewedPrice = {
  from: '2026-09-10T04:00',
  prices: { input_mtok: 0.15, cache_read_mtok: 0.003, output_mtok: 0.6 },
  hours: peaks({ input_mtok: 0.3, cache_read_mtok: 0.006, output_mtok: 1.2 }, true),
};
/** The legacy names of DeepSeek pointed to V3.1, V3.2-Exp and V4 Flash one after the other, until 2026-07-24. */
const DEEPSEEK_LEGACY: readonly ReviewedPrice[] = [
  { from: '2025-09-05T16:00', prices: { input_mtok: 0.56, cache_read_mtok: 0.07, output_mtok: 1.68 } },
  { from: '2025-09-29', prices: { input_mtok: 0.28, cache_read_mtok: 0.028, output_mtok: 0.42 } },
  { from: '2026-04-24', prices: { input_mtok: 0.14, cache_read_mtok: 0.028, output_mtok: 0.28 } },
  { from: '2026-04-26', prices: { input_mtok: 0.14, cache_read_mtok: 0.0028, output_mtok: 0.28 } },
];

/**
 * Prices that providers publish and the price data lacks or is late with. Each names its page, and a test fails when the
 * data has caught up, so that an entry goes as soon as it is not needed. What the data holds is never contradicted for a time it covers on purpose:
 * a change begins at its date.
 */
export const REVIEWED_PRICES: readonly ReviewedEntry[] = [
  // Without them audio tokens of the audio chat models would be billed as text, a sixteenth of their price.
  {
    provider: 'openai',
    model: 'gpt-4o-audio-preview',
    kind: 'gap',
    prices: [{ prices: { input_audio_mtok: 40, output_audio_mtok: 80 } }],
    source: 'https://platform.openai.com/docs/pricing',
    asOf: '2026-09-23',
  },
  {
    provider: 'openai',
    model: 'gpt-4o-mini-audio-preview',
    kind: 'gap',
    prices: [{ prices: { input_audio_mtok: 10, output_audio_mtok: 20 } }],
    source: 'https://platform.openai.com/docs/pricing',
    asOf: '2026-09-23',
  },
  {
    provider: 'openai',
    model: 'ft:gpt-4o',
    kind: 'gap',
    prices: [{ prices: { cache_read_mtok: 1.875 } }],
    ...OPENAI_TUNED,
  },
  {
    provider: 'openai',
    model: 'ft:gpt-4o-mini',
    kind: 'gap',
    prices: [{ prices: { cache_read_mtok: 0.15 } }],
    ...OPENAI_TUNED,
  },
  // Both search the web for every report, and the models they are made of charge for it.
  ...['o3-deep-research', 'o4-mini-deep-research'].map(
    (model) =>
      ({
        provider: 'openai',
        model,
        kind: 'gap',
        prices: [{ prices: { web_searches_kcount: 10 } }],
        ...OPENAI_TUNED,
      }) as const
  ),
  ...LONG_SONNET_PRICES,
  ...LONG_GROK_PRICES,
  ...REVIEWED_MODELS,
  {
    // The data takes it for gpt-oss-120b at twice the price.
    provider: 'groq',
    model: 'openai/gpt-oss-safeguard-20b',
    kind: 'model',
    ids: ['openai/gpt-oss-safeguard-20b'],
    prices: [{ prices: { input_mtok: 0.075, cache_read_mtok: 0.0375, output_mtok: 0.3 } }],
    source: 'https://groq.com/pricing',
    asOf: '2025-11-15',
  },
  { provider: 'cohere', model: 'embed-v4.0', kind: 'gap', prices: [{ prices: { input_image_mtok: 0.47 } }], ...COHERE },
  {
    provider: 'cohere',
    model: 'rerank-v3.5',
    kind: 'model',
    ids: ['rerank-v3.5', 'rerank-english-v3.0', 'rerank-multilingual-v3.0', 'rerank-v4.0-fast'],
    prices: [{ prices: { rerank_searches_kcount: 2 } }],
    ...COHERE,
  },
  {
    provider: 'cohere',
    model: 'rerank-v4.0-pro',
    kind: 'model',
    ids: ['rerank-v4.0-pro'],
    prices: [{ prices: { rerank_searches_kcount: 2.5 } }],
    ...COHERE,
  },
  {
    provider: 'anthropic',
    model: 'claude-sonnet-5-5',
    kind: 'model',
    ids: ['claude-sonnet-5-5', 'claude-sonnet-5.5'],
    prices: [
      {
        prices: {
          input_mtok: 2,
          cache_write_mtok: 2.5,
          cache_write_1h_mtok: 4,
          cache_read_mtok: 0.2,
          output_mtok: 10,
          web_searches_kcount: 10,
        },
      },
      {
        from: '2026-10-07',
        prices: {
          input_mtok: 2,
          cache_write_mtok: 2.5,
          cache_write_1h_mtok: 4,
          cache_read_mtok: 0.1,
          output_mtok: 10,
          web_searches_kcount: 10,
        },
      },
    ],
    ...CLAUDE,
  },
  {
    provider: 'anthropic',
    model: 'claude-haiku-5-5',
    kind: 'model',
    ids: ['claude-haiku-5-5', 'claude-haiku-5.5'],
    prices: [
      {
        prices: {
          input_mtok: { base: 0.1, tiers: [{ start: 100_000, price: 0.5 }] },
          cache_write_mtok: { base: 0.125, tiers: [{ start: 100_000, price: 0.625 }] },
          cache_write_1h_mtok: { base: 0.2, tiers: [{ start: 100_000, price: 1 }] },
          cache_read_mtok: { base: 0.01, tiers: [{ start: 100_000, price: 0.05 }] },
          output_mtok: { base: 0.5, tiers: [{ start: 100_000, price: 2.5 }] },
          web_searches_kcount: 10,
        },
      },
    ],
    ...CLAUDE,
  },
  {
    provider: 'anthropic',
    model: 'claude-fable-5-2',
    kind: 'model',
    ids: ['claude-fable-5-2', 'claude-fable-5.2'],
    prices: [
      {
        prices: {
          input_mtok: 8,
          cache_write_mtok: 10,
          cache_write_1h_mtok: 16,
          cache_read_mtok: 0.2,
          output_mtok: 40,
          web_searches_kcount: 10,
        },
      },
    ],
    source: 'https://platform.claude.com/docs/en/about-claude/pricing',
    asOf: '2026-11-10',
  },
  {
    provider: 'x-ai',
    model: 'grok-4.7',
    kind: 'model',
    ids: ['grok-4.7'],
    prices: [
      {
        prices: {
          input_mtok: { base: 2, tiers: [{ start: 199_999, price: 4 }] },
          cache_read_mtok: { base: 0.5, tiers: [{ start: 199_999, price: 1 }] },
          output_mtok: { base: 6, tiers: [{ start: 199_999, price: 12 }] },
        },
      },
    ],
    source: 'https://docs.x.ai/developers/pricing',
    asOf: '2026-10-24',
  },
  {
    provider: 'deepseek',
    model: 'deepseek-flash',
    kind: 'model',
    ids: ['deepseek-flash'],
    prices: [DEEPSEEK_FLASH],
    ...DEEPSEEK,
  },
  // From 2026-08-16 16:00 UTC on (the data says midnight); weekends are off-peak since 2026-08-23; the name is billed as deepseek-flash since V4.1.
  {
    provider: 'deepseek',
    model: 'deepseek-v4-flash',
    kind: 'change',
    prices: [
      { from: '2026-08-16T16:00', prices: V4_FLASH, hours: peaks(V4_FLASH_PEAK) },
      { from: '2026-08-23', prices: V4_FLASH, hours: peaks(V4_FLASH_PEAK, true) },
      DEEPSEEK_FLASH,
    ],
    ...DEEPSEEK,
  },
  {
    provider: 'deepseek',
    model: 'deepseek-v4-pro',
    kind: 'change',
    prices: [
      { from: '2026-08-16T16:00', prices: V4_PRO, hours: peaks(V4_PRO_PEAK) },
      { from: '2026-08-23', prices: V4_PRO, hours: peaks(V4_PRO_PEAK, true) },
    ],
    ...DEEPSEEK,
  },
  {
    provider: 'deepseek',
    model: 'deepseek-chat',
    kind: 'change',
    prices: DEEPSEEK_LEGACY,
    source: 'https://api-docs.deepseek.com/news/news250821, …/news250929, …/news260424',
    asOf: '2026-10-27',
  },
  {
    provider: 'deepseek',
    model: 'deepseek-reasoner',
    kind: 'change',
    prices: DEEPSEEK_LEGACY,
    source: 'https://api-docs.deepseek.com/news/news250821, …/news250929, …/news260424',
    asOf: '2026-10-27',
  },
];
