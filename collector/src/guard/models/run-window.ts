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
const BACKSLASH = 92;
const LETTER_U = 117;
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

/** Bits of four characters at once. */
const LOWER_CASE = 0x20202020;
const LETTER_BIT = 0x40404040;
const LOW_NIBBLE = 0x0f0f0f0f;
const SIX = 0x06060606;

/** What the guard's one thread looks at: compiled code reads constants of a module twice as fast as what a closure holds. */
const MEMORY = new ArrayBuffer(MAX_WINDOW_LENGTH + 3 * MARGIN);
const BYTES = Buffer.from(MEMORY).fill(SPACE);
const WORDS = new Int32Array(MEMORY);
const VIEW = new DataView(MEMORY);
const IS_NEW = new Int8Array(1 << SLOT_BITS);

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

function hashOfEight(hashOfFour: number, next: number): number {
  return Math.imul((hashOfFour ^ (hashOfFour >>> MIX_SHIFT)) + next, SPREAD_EIGHT);
}

/** Writes what JSON escapes mean over them, and returns the new end. Works in place: nothing grows. */
function unescape(window: string, end: number): number {
  let written = MARGIN;
  for (let at = MARGIN; at < end; at += 1) {
    let byte = BYTES[at]!;
    if (byte === BACKSLASH) {
      at += 1;
      byte = SPACE;
      if (BYTES[at] === LETTER_U) {
        const offset = at - MARGIN + 1;
        const code = Number.parseInt(window.slice(offset, offset + HEX_DIGITS), 16);
        if (code > 0) byte = code & 255;
        at += HEX_DIGITS;
      }
    }
    BYTES[written] = byte;
    written += 1;
  }
  return written;
}

/**
 * Takes a window of a text (UTF-16, low bytes) for `sumRuns` and `collectRuns`: JSON escapes read as what they mean, letters without
 * case, all digits are one sign, so are `*+,-./:;<=>?`, and other punctuation is space. Returns the number of runs of four that begin in it. Linear.
 */
export function loadWindow(text: string, from: number, to: number): number {
  const window = text.slice(from, Math.min(to, from + MAX_WINDOW_LENGTH));
  let end = MARGIN + BYTES.write(window, MARGIN, 'latin1');
  if (window.includes('\\')) end = unescape(window, end);
  for (let at = end; at < end + MARGIN; at += 1) BYTES[at] = SPACE;
  const last = (end + MARGIN) >>> 2;
  for (let index = 0; index < last; index += 1) {
    const raw = WORDS[index]!;
    const four = raw | LOWER_CASE;
    // A bit for each character that is no letter, and for each of those whose low half is beyond nine: no digit, and no space.
    const others = (~four & LETTER_BIT) >>> 2;
    // Line ends are spaces, as their escapes are.
    const signs = ((four & LOW_NIBBLE) + SIX) & others & (((raw | (raw >>> 1)) & LOWER_CASE) >>> 1);
    WORDS[index] = (four & ~((others - (others >>> 4)) | signs)) | (signs >>> 1);
  }
  // The space before the window and the one behind it are part of it.
  return Math.max(0, end - MARGIN + 2 - FOUR + 1);
}

/** Sums of the weights over the loaded window of so many runs; with `eights` also those that only injection looks at. */
export function sumRuns(runCount: number, { fours, eights }: RunWeights, withEights: boolean, sums: RunSums): void {
  IS_NEW.fill(-1);
  const end = MARGIN - 1 + runCount;
  const middle = withEights ? Math.max(MARGIN - 1, end - (EIGHT - FOUR)) : MARGIN - 1;
  let [both, low, runs, eight] = [0, 0, 0, 0];
  for (let at = MARGIN - 1; at < middle; at += 1) {
    const hash = Math.imul(VIEW.getInt32(at, true), SPREAD);
    const fresh = IS_NEW[hash >>> SLOT_SHIFT]!;
    IS_NEW[hash >>> SLOT_SHIFT] = 0;
    const weight = fours[hash >>> BUCKET_SHIFT]! & fresh;
    runs = (runs - fresh) | 0;
    both = (both + weight) | 0;
    low = (low + ((weight << 24) >> 24)) | 0;
    const longHash = hashOfEight(hash, VIEW.getInt32(at + FOUR, true));
    eight = (eight + (eights[longHash >>> BUCKET_SHIFT]! & fresh)) | 0;
  }
  for (let at = middle; at < end; at += 1) {
    const hash = Math.imul(VIEW.getInt32(at, true), SPREAD);
    const fresh = IS_NEW[hash >>> SLOT_SHIFT]!;
    IS_NEW[hash >>> SLOT_SHIFT] = 0;
    const weight = fours[hash >>> BUCKET_SHIFT]! & fresh;
    runs = (runs - fresh) | 0;
    both = (both + weight) | 0;
    low = (low + ((weight << 24) >> 24)) | 0;
  }
  sums.injection = low + eight;
  sums.toxicity = (both - low) >> 8;
  sums.runs = runs;
}

/** The same runs one by one, for who trains the weights. */
export function collectRuns(runCount: number): RunBuckets {
  IS_NEW.fill(-1);
  const found: { readonly fours: number[]; readonly eights: number[] } = { fours: [], eights: [] };
  for (let index = 0; index < runCount; index += 1) {
    const at = MARGIN - 1 + index;
    const hash = Math.imul(VIEW.getInt32(at, true), SPREAD);
    if (IS_NEW[hash >>> SLOT_SHIFT] === 0) continue;
    IS_NEW[hash >>> SLOT_SHIFT] = 0;
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
