/** What a price is for. The unit of all but the last two is one token. */
export const PRICE_UNITS = [
  'input',
  'audioInput',
  'cacheRead',
  'audioCacheRead',
  'cacheWrite',
  'cacheWrite1h',
  'output',
  'reasoning',
  'audioOutput',
  'request',
  'webSearch',
] as const;

export type PriceUnit = (typeof PRICE_UNITS)[number];

/** Which of the five cost columns a unit is summed into. */
export type CostPart = 'input' | 'output' | 'cacheRead' | 'cacheWrite' | 'request';

/**
 * For each unit: the name users see, the cost column it belongs to, and where the price data keeps its price
 * (`_mtok` is US dollars per million tokens, `_kcount` per thousand calls; units of `@pydantic/genai-prices`).
 */
export const UNIT_FACTS: Readonly<
  Record<PriceUnit, { readonly name: string; readonly part: CostPart; readonly key: string; readonly per: bigint }>
> = {
  input: { name: 'input', part: 'input', key: 'input_mtok', per: 1_000_000n },
  audioInput: { name: 'audio_input', part: 'input', key: 'input_audio_mtok', per: 1_000_000n },
  cacheRead: { name: 'cache_read', part: 'cacheRead', key: 'cache_read_mtok', per: 1_000_000n },
  audioCacheRead: { name: 'audio_cache_read', part: 'cacheRead', key: 'cache_audio_read_mtok', per: 1_000_000n },
  cacheWrite: { name: 'cache_write', part: 'cacheWrite', key: 'cache_write_mtok', per: 1_000_000n },
  cacheWrite1h: { name: 'cache_write_1h', part: 'cacheWrite', key: 'cache_write_1h_mtok', per: 1_000_000n },
  output: { name: 'output', part: 'output', key: 'output_mtok', per: 1_000_000n },
  reasoning: { name: 'reasoning', part: 'output', key: 'output_reasoning_mtok', per: 1_000_000n },
  audioOutput: { name: 'audio_output', part: 'output', key: 'output_audio_mtok', per: 1_000_000n },
  request: { name: 'request', part: 'request', key: 'requests_kcount', per: 1_000n },
  webSearch: { name: 'web_search', part: 'request', key: 'web_searches_kcount', per: 1_000n },
};
