/** What a price is for in calls of text: what nearly every call is made of. One token each, but for the last two. */
export const TEXT_UNITS = [
  'input',
  'cacheRead',
  'cacheWrite',
  'cacheWrite1h',
  'output',
  'reasoning',
  'request',
  'webSearch',
] as const;

/** Everything else that is billed: tokens of sound and pictures, other searches, pages, time. */
export const OTHER_UNITS = [
  'audioInput',
  'audioCacheRead',
  'audioOutput',
  'imageInput',
  'imageCacheRead',
  'imageOutput',
  'videoInput',
  'videoOutput',
  'citation',
  'fileSearch',
  'rerankSearch',
  'page',
  'audioMillisecond',
] as const;

export type TextUnit = (typeof TEXT_UNITS)[number];
export type OtherUnit = (typeof OTHER_UNITS)[number];
export type PriceUnit = TextUnit | OtherUnit;

export const PRICE_UNITS: readonly PriceUnit[] = [...TEXT_UNITS, ...OTHER_UNITS];

/** The unit whose price a unit has when it has none of its own. */
export const LIKE_UNIT: { readonly [unit in PriceUnit]?: PriceUnit } = {
  reasoning: 'output',
  audioCacheRead: 'cacheRead',
  imageInput: 'input',
  imageCacheRead: 'cacheRead',
  imageOutput: 'output',
  videoInput: 'input',
  videoOutput: 'output',
};

/** Which of the five cost columns a unit is summed into. */
export type CostPart = 'input' | 'output' | 'cacheRead' | 'cacheWrite' | 'request';

interface UnitFacts {
  /** The name users see. */
  readonly name: string;
  readonly part: CostPart;
  /** Where the price data keeps the price; the first that is given counts. */
  readonly keys: readonly string[];
  /** How many units that price buys. */
  readonly per: bigint;
  /** True for fees, which no service tier and no region changes. */
  readonly fee: boolean;
}

const PER_MILLION = 1_000_000n;
const PER_THOUSAND = 1_000n;
const MS_PER_HOUR = 3_600_000n;

function tokens(name: string, part: CostPart, key: string): UnitFacts {
  return { name, part, keys: [key], per: PER_MILLION, fee: false };
}

function fee(name: string, key: string): UnitFacts {
  return { name, part: 'request', keys: [key], per: PER_THOUSAND, fee: true };
}

/**
 * Name, cost column and key in the price data of each unit (`_mtok` is US dollars per million tokens, `_kcount` and `_kpages` per thousand,
 * `_hours` per hour; units of `@pydantic/genai-prices`, plus `rerank_searches_kcount` of our own).
 */
export const UNIT_FACTS: Readonly<Record<PriceUnit, UnitFacts>> = {
  input: tokens('input', 'input', 'input_mtok'),
  cacheRead: tokens('cache_read', 'cacheRead', 'cache_read_mtok'),
  cacheWrite: tokens('cache_write', 'cacheWrite', 'cache_write_mtok'),
  cacheWrite1h: tokens('cache_write_1h', 'cacheWrite', 'cache_write_1h_mtok'),
  output: tokens('output', 'output', 'output_mtok'),
  reasoning: tokens('reasoning', 'output', 'output_reasoning_mtok'),
  request: fee('request', 'requests_kcount'),
  webSearch: fee('web_search', 'web_searches_kcount'),
  audioInput: tokens('audio_input', 'input', 'input_audio_mtok'),
  audioCacheRead: tokens('audio_cache_read', 'cacheRead', 'cache_audio_read_mtok'),
  audioOutput: tokens('audio_output', 'output', 'output_audio_mtok'),
  imageInput: tokens('image_input', 'input', 'input_image_mtok'),
  imageCacheRead: tokens('image_cache_read', 'cacheRead', 'cache_image_read_mtok'),
  imageOutput: tokens('image_output', 'output', 'output_image_mtok'),
  videoInput: tokens('video_input', 'input', 'input_video_mtok'),
  videoOutput: tokens('video_output', 'output', 'output_video_mtok'),
  citation: tokens('citation', 'output', 'output_citation_mtok'),
  fileSearch: fee('file_search', 'storage_searches_kcount'),
  rerankSearch: fee('rerank_search', 'rerank_searches_kcount'),
  page: { name: 'page', part: 'input', keys: ['input_document_kpages'], per: PER_THOUSAND, fee: false },
  audioMillisecond: {
    name: 'audio_millisecond',
    part: 'input',
    keys: ['input_audio_hours', 'audio_hours'],
    per: MS_PER_HOUR,
    fee: false,
  },
};
