/** log2 of the number of buckets of runs of four characters, and of those of eight. */
export const BUCKET_BITS = 15;
/** Characters of a window; texts up to half as much longer are one window. */
const WINDOW_LENGTH = 1024;
export const MAX_WINDOW_LENGTH = WINDOW_LENGTH * 1.5;
const BUCKET_SHIFT = 32 - BUCKET_BITS;
/** A run counts once for each of these slots in a window: a table that stays in the fastest cache, at the price of a few runs lost. */
const SLOT_BITS = 12;
const SLOT_SHIFT = 32 - SLOT_BITS;
const BYTE_SHIFT = 24;
/** Longer segments get bytes of their own, which are then free to go. */
const SHARED_LENGTH = 65_536;
/** Spaces before and behind a segment: it begins and ends with a word. A multiple of four. */
const MARGIN = 8;
const FOUR = 4;
const EIGHT = 8;
const SPACE = 32;
const BACKSLASH = 92;
const LETTER_U = 117;
const HEX_DIGITS = 4;
/** Added to the number of runs before its root is divided by: a text of a few words says little. */
const PRIOR_RUNS = 24;

/** Odd constants of multiplicative hashing (Knuth, TAOCP 3, section 6.4; MurmurHash3). */
const SPREAD = 0x9e3779b1 | 0;
const SPREAD_EIGHT = 0xc2b2ae35 | 0;
const MIX_SHIFT = 15;
/** Bits of four characters at once. */
const LOWER_CASE = 0x20202020;
const LETTER_BIT = 0x40404040;

/** What a bucket says: for a run of four injection + 256 * toxicity, both from -127 to 127; a signed byte for a run of eight (injection). */
export interface RunWeights {
  readonly fours: Int16Array;
  readonly eights: Int8Array;
}

/** Buckets of a window, each run once. */
export interface RunBuckets {
  readonly fours: readonly number[];
  readonly eights: readonly number[];
}

export interface TextRuns {
  /** Takes a segment of a text; JSON escapes read as what they mean. Returns how many characters there are now. */
  readonly load: (segment: string) => number;
  /** Sums over the window [from, to) of what was loaded; with `eights` also those that only injection looks at. */
  readonly sum: (from: number, to: number, weights: RunWeights, eights: boolean) => void;
  readonly sums: { injection: number; toxicity: number; runs: number };
  /** The same runs, for who trains the weights. */
  readonly collect: (from: number, to: number) => RunBuckets;
}

/** What a sum over `runs` runs is multiplied with. */
export function normOfRuns(runs: number): number {
  return 1 / Math.sqrt(runs + PRIOR_RUNS);
}

function hashOfEight(hashOfFour: number, next: number): number {
  return Math.imul((hashOfFour ^ (hashOfFour >>> MIX_SHIFT)) + next, SPREAD_EIGHT);
}

/** Writes what JSON escapes mean over them, and returns the new end. Works in place: nothing grows. */
function unescape(bytes: Uint8Array, segment: string, from: number, end: number): number {
  let written = from;
  for (let at = from; at < end; at += 1) {
    let byte = bytes[at]!;
    if (byte === BACKSLASH) {
      at += 1;
      byte = SPACE;
      if (bytes[at] === LETTER_U) {
        const offset = at - MARGIN + 1;
        const code = Number.parseInt(segment.slice(offset, offset + HEX_DIGITS), 16);
        if (code > 0) byte = code & 255;
        at += HEX_DIGITS;
      }
    }
    bytes[written] = byte;
    written += 1;
  }
  return written;
}

/**
 * Texts as overlapping runs of four and of eight characters (UTF-16, low bytes): letters count without case, all digits are
 * one sign, all punctuation is space. In a window a run of four counts once, with the run of eight that it begins. Trainer and runtime share this code, so that they
 * cannot disagree. Linear, without a branch that depends on the text.
 */
export function createTextRuns(): TextRuns {
  const shared = new ArrayBuffer(SHARED_LENGTH + 3 * MARGIN);
  let bytes = Buffer.from(shared);
  let words = new Int32Array(shared);
  let view = new DataView(shared);
  const isNew = new Int8Array(1 << SLOT_BITS);
  const sums = { injection: 0, toxicity: 0, runs: 0 };

  const load = (segment: string): number => {
    const length = segment.length;
    const isShared = view.buffer === shared;
    if (length > SHARED_LENGTH || !isShared) {
      const buffer = length > SHARED_LENGTH ? new ArrayBuffer((length + 3 * MARGIN) & ~3) : shared;
      bytes = Buffer.from(buffer);
      words = new Int32Array(buffer);
      view = new DataView(buffer);
    }
    bytes.fill(SPACE, 0, MARGIN);
    let end = MARGIN + bytes.write(segment, MARGIN, 'latin1');
    if (segment.includes('\\')) end = unescape(bytes, segment, MARGIN, end);
    bytes.fill(SPACE, end, end + MARGIN);
    const last = (end + MARGIN) >>> 2;
    for (let index = 0; index < last; index += 1) {
      const four = words[index]! | LOWER_CASE;
      const others = ~four & LETTER_BIT;
      words[index] = four & ~((others >>> 2) - (others >>> 6));
    }
    return end - MARGIN;
  };

  const sumFours = (from: number, to: number, fours: Int16Array): void => {
    const seen = isNew;
    const source = view;
    let [both, low, runs] = [0, 0, 0];
    for (let at = from; at < to; at += 1) {
      const hash = Math.imul(source.getInt32(at, true), SPREAD);
      const fresh = seen[hash >>> SLOT_SHIFT]!;
      seen[hash >>> SLOT_SHIFT] = 0;
      const weight = fours[hash >>> BUCKET_SHIFT]! & fresh;
      runs = (runs - fresh) | 0;
      both = (both + weight) | 0;
      low = (low + ((weight << BYTE_SHIFT) >> BYTE_SHIFT)) | 0;
    }
    sums.injection += low;
    sums.toxicity += (both - low) >> 8;
    sums.runs += runs;
  };

  const sumBoth = (from: number, to: number, fours: Int16Array, eights: Int8Array): void => {
    const seen = isNew;
    const source = view;
    let [both, low, runs, eight] = [0, 0, 0, 0];
    for (let at = from; at < to; at += 1) {
      const hash = Math.imul(source.getInt32(at, true), SPREAD);
      const fresh = seen[hash >>> SLOT_SHIFT]!;
      seen[hash >>> SLOT_SHIFT] = 0;
      const weight = fours[hash >>> BUCKET_SHIFT]! & fresh;
      runs = (runs - fresh) | 0;
      both = (both + weight) | 0;
      low = (low + ((weight << BYTE_SHIFT) >> BYTE_SHIFT)) | 0;
      const longHash = hashOfEight(hash, source.getInt32(at + FOUR, true));
      eight = (eight + (eights[longHash >>> BUCKET_SHIFT]! & fresh)) | 0;
    }
    sums.injection += low + eight;
    sums.toxicity += (both - low) >> 8;
    sums.runs += runs;
  };

  /** Offsets of the bytes whose runs of four belong to the window: the space before it and the one behind it are part of it. */
  const firstByte = (from: number): number => from + MARGIN - 1;
  const endOfFours = (to: number): number => to + MARGIN + 1 - FOUR + 1;
  const endOfEights = (from: number, to: number): number => Math.max(firstByte(from), endOfFours(to) - (EIGHT - FOUR));

  return {
    load,
    sums,
    sum: (from, to, { fours, eights }, withEights) => {
      sums.injection = 0;
      sums.toxicity = 0;
      sums.runs = 0;
      isNew.fill(-1);
      if (!withEights) return sumFours(firstByte(from), endOfFours(to), fours);
      const middle = endOfEights(from, to);
      sumBoth(firstByte(from), middle, fours, eights);
      sumFours(middle, endOfFours(to), fours);
    },
    collect: (from, to) => {
      isNew.fill(-1);
      const found: { readonly fours: number[]; readonly eights: number[] } = { fours: [], eights: [] };
      for (let at = firstByte(from); at < endOfFours(to); at += 1) {
        const hash = Math.imul(view.getInt32(at, true), SPREAD);
        if (isNew[hash >>> SLOT_SHIFT] === 0) continue;
        isNew[hash >>> SLOT_SHIFT] = 0;
        found.fours.push(hash >>> BUCKET_SHIFT);
        if (at >= endOfEights(from, to)) continue;
        found.eights.push(hashOfEight(hash, view.getInt32(at + FOUR, true)) >>> BUCKET_SHIFT);
      }
      return found;
    },
  };
}

/** Calls `visit` for each of the equal windows of [from, to). */
export function forEachWindow(from: number, to: number, visit: (from: number, to: number) => void): void {
  const length = to - from;
  const windows = length <= MAX_WINDOW_LENGTH ? 1 : Math.ceil(length / WINDOW_LENGTH);
  const size = Math.ceil(length / windows);
  for (let start = from; start < to; start += size) visit(start, Math.min(to, start + size));
}
