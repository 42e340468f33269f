import { instantiate } from '../instantiate.ts';
import { runsModule } from './runs-module.ts';

/** log2 of the number of buckets of runs of four characters, and of those of eight. */
export const BUCKET_BITS = 16;
/** Characters of a window; texts up to half as much longer are one window. */
const WINDOW_LENGTH = 1024;
const MAX_WINDOW_LENGTH = WINDOW_LENGTH * 1.5;
/** Spaces before and behind a window: it begins and ends with a word. A multiple of four. */
const MARGIN = 8;
const FOUR = 4;
const EIGHT = 8;
const SPACE = 32;
const HEX_DIGITS = 4;
/** Added to the number of runs before its root is divided by: a text of a few words says little. */
const PRIOR_RUNS = 24;

const BUCKET_SHIFT = 32 - BUCKET_BITS;
/** A run counts once for each of these slots in a window: a table that stays in the fastest cache, at the price of a few runs lost. */
const SLOT_BITS = 12;
const SLOT_SHIFT = 32 - SLOT_BITS;
/** Odd constants of multiplicative hashing (Knuth, TAOCP 3, section 6.4; MurmurHash3). */
const SPREAD = 0x9e3779b1 | 0;
const SPREAD_EIGHT = 0xc2b2ae35 | 0;
const MIX_SHIFT = 15;

/** Where things stand in the memory of runs.wat, in bytes. */
const EIGHTS = 131_072;
const IS_NEW = 196_608;
const SUMS = 200_704;
const WINDOW = 200_960;

interface RunsExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly unescape: (end: number) => number;
  readonly fold: (end: number) => void;
  readonly sum: (count: number, long: number) => void;
}

/** What the guard's one thread looks at: a window is loaded and summed before another begins. */
let window = '';
let loadedWeights: RunWeights | undefined;

/** What a `\\u` means whose digits begin at an offset of the window; a space when it means nothing. */
function codeAt(offset: number): number {
  const code = Number.parseInt(window.slice(offset, offset + HEX_DIGITS), 16);
  return code > 0 ? code & 255 : SPACE;
}

const runs = instantiate(runsModule, { runs: { codeAt } }) as RunsExports;
const { buffer } = runs.memory;
const ALL_WEIGHTS = new Uint8Array(buffer, 0, IS_NEW);
const FRESH = new Int8Array(buffer, IS_NEW, 1 << SLOT_BITS);
const RESULT = new Int32Array(buffer, SUMS, 3);
const BYTES = Buffer.from(buffer, WINDOW).fill(SPACE);
const VIEW = new DataView(buffer, WINDOW);

/** What a bucket says: for a run of four injection + 256 * toxicity, both from -127 to 127; a signed byte for a run of eight (injection). */
export interface RunWeights {
  readonly fours: Int16Array;
  readonly eights: Int8Array;
}

export interface RunSums {
  injection: number;
  toxicity: number;
  runs: number;
}

/** Buckets of a window, each run once. */
interface RunBuckets {
  readonly fours: readonly number[];
  readonly eights: readonly number[];
}

/** What a sum over `runs` runs is multiplied with. */
export function normOfRuns(runs: number): number {
  return 1 / Math.sqrt(runs + PRIOR_RUNS);
}

function bytesOf({ buffer: memory, byteOffset, byteLength }: Int16Array | Int8Array): Uint8Array {
  return new Uint8Array(memory, byteOffset, byteLength);
}

function hashOfEight(hashOfFour: number, next: number): number {
  return Math.imul((hashOfFour ^ (hashOfFour >>> MIX_SHIFT)) + next, SPREAD_EIGHT);
}

/**
 * Takes a window of a text (UTF-16, low bytes) for `sumRuns` and `collectRuns`: JSON escapes read as what they mean, letters without
 * case, all digits are one sign, so are `*+,-./:;<=>?`, and other punctuation is space. Returns the number of runs of four that begin in it. Linear.
 */
export function loadWindow(text: string, from: number, to: number): number {
  window = text.slice(from, Math.min(to, from + MAX_WINDOW_LENGTH));
  let end = MARGIN + BYTES.write(window, MARGIN, 'latin1');
  if (window.includes('\\')) end = runs.unescape(end);
  runs.fold(end);
  // The space before the window and the one behind it are part of it.
  return Math.max(0, end - MARGIN + 2 - FOUR + 1);
}

/** Sums of the weights over the loaded window of so many runs; with `eights` also those that only injection looks at. */
export function sumRuns(runCount: number, weights: RunWeights, withEights: boolean, sums: RunSums): void {
  if (loadedWeights !== weights) {
    ALL_WEIGHTS.set(bytesOf(weights.fours));
    ALL_WEIGHTS.set(bytesOf(weights.eights), EIGHTS);
    loadedWeights = weights;
  }
  runs.sum(runCount, withEights ? runCount - (EIGHT - FOUR) : 0);
  sums.injection = RESULT[0]!;
  sums.toxicity = RESULT[1]!;
  sums.runs = RESULT[2]!;
}

/** The same runs one by one, for who trains the weights. */
export function collectRuns(runCount: number): RunBuckets {
  FRESH.fill(-1);
  const found: { readonly fours: number[]; readonly eights: number[] } = { fours: [], eights: [] };
  for (let index = 0; index < runCount; index += 1) {
    const at = MARGIN - 1 + index;
    const hash = Math.imul(VIEW.getInt32(at, true), SPREAD);
    if (FRESH[hash >>> SLOT_SHIFT] === 0) continue;
    FRESH[hash >>> SLOT_SHIFT] = 0;
    found.fours.push(hash >>> BUCKET_SHIFT);
    if (index >= runCount - (EIGHT - FOUR)) continue;
    found.eights.push(hashOfEight(hash, VIEW.getInt32(at + FOUR, true)) >>> BUCKET_SHIFT);
  }
  return found;
}

/** Calls `visit` for each of the equal windows of [from, to). */
export function forEachWindow(from: number, to: number, visit: (from: number, to: number) => void): void {
  const length = to - from;
  const windows = length <= MAX_WINDOW_LENGTH ? 1 : Math.ceil(length / WINDOW_LENGTH);
  const size = Math.ceil(length / windows);
  for (let start = from; start < to; start += size) visit(start, Math.min(to, start + size));
}
