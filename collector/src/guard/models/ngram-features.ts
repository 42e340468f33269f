/** log2 of the number of buckets. */
export const BUCKET_BITS = 16;
/** Characters of a window; texts up to half as much longer are one window. */
const WINDOW_LENGTH = 1024;
const MAX_WINDOW_LENGTH = WINDOW_LENGTH * 1.5;
const MAX_FEATURES = MAX_WINDOW_LENGTH * 3 + 8;
const MAX_WINDOW_NUMBER = 0xffff;
const MAX_WORD_LENGTH = 32;
const BUCKET_SHIFT = 32 - BUCKET_BITS;

const BOUNDARY = 0;
const DIGIT_SYMBOL = 27;
const ESCAPE_SYMBOL = 127;
const FIRST_OTHER_SYMBOL = 32;
const OTHER_SYMBOLS = 31;
const SPACE = 32;
const LETTER_U = 117;

/** Odd constants of multiplicative hashing (Knuth, TAOCP 3, section 6.4). */
const SPREAD = 0x9e3779b1 | 0;
const BASE = 0x01000193;
const WORD_SEED = 0x2f0b4f27;
const PAIR_SEED = 0x5851f42d;
const RUN_SEED = 0x7f4a7c15;

/** Letters count without case, all digits are one symbol, some signs that stand in for letters are those letters. */
function symbolOf(code: number): number {
  const character = String.fromCharCode(code);
  if (/[a-z]/i.test(character)) return code & 31;
  if (/[0-9]/.test(character)) return DIGIT_SYMBOL;
  const sign = '@$*!?'.indexOf(character);
  if (sign !== -1) return [1, 19, 28, 29, 30][sign] ?? BOUNDARY;
  return character === '\\' ? ESCAPE_SYMBOL : BOUNDARY;
}

const SYMBOLS = Uint8Array.from({ length: 128 }, (_, code) => symbolOf(code));

export interface NgramFeatures {
  /** Buckets of the last collected window, distinct, in order of first occurrence. */
  readonly buckets: Uint16Array;
  /** Fills `buckets` from codes[from, to) (UTF-16, at most one and a half windows) and returns how many there are. */
  readonly collect: (codes: Uint16Array, from: number, to: number) => number;
}

/** Value of the four hex digits of a JSON escape, or a space. */
function readHex(codes: Uint16Array, at: number): number {
  const escaped = Number.parseInt(String.fromCharCode(...codes.subarray(at, at + 4)), 16);
  return escaped > 0 ? escaped : SPACE;
}

/**
 * Turns text into hashed features: words, pairs of words, and runs of four characters across words. JSON escapes read as
 * what they mean. Trainer and runtime share this code, so that they cannot disagree. Linear.
 */
export function createNgramFeatures(): NgramFeatures {
  const buckets = new Uint16Array(MAX_FEATURES);
  /** In which window a bucket was last seen: no clearing between most windows. */
  const seenIn = new Uint16Array(1 << BUCKET_BITS);
  let window = 0;

  const symbols = SYMBOLS;

  const collect = (codes: Uint16Array, from: number, to: number): number => {
    if (window === MAX_WINDOW_NUMBER) {
      seenIn.fill(0);
      window = 0;
    }
    window += 1;
    const current = window;
    const end = Math.min(to, from + MAX_WINDOW_LENGTH);
    let count = 0;
    let word = WORD_SEED;
    let previousWord = 0;
    let wordLength = 0;
    let run = 0;
    let lastSymbol = BOUNDARY;
    for (let at = from; at <= end; at += 1) {
      let code = at < end ? codes[at]! : SPACE;
      let symbol =
        code < 128 ? symbols[code]! : FIRST_OTHER_SYMBOL + ((Math.imul(code, SPREAD) >>> 27) % OTHER_SYMBOLS);
      if (symbol === ESCAPE_SYMBOL) {
        at += 1;
        code = SPACE;
        if (at < end && codes[at] === LETTER_U) {
          code = readHex(codes, at + 1);
          at += 4;
        }
        symbol = code < 128 ? symbols[code]! : FIRST_OTHER_SYMBOL + ((Math.imul(code, SPREAD) >>> 27) % OTHER_SYMBOLS);
      }
      if (symbol === BOUNDARY) {
        if (lastSymbol === BOUNDARY) continue;
        const unigram = Math.imul(word, SPREAD) >>> BUCKET_SHIFT;
        if (seenIn[unigram] !== current) {
          seenIn[unigram] = current;
          buckets[count++] = unigram;
        }
        const pair = Math.imul(Math.imul(previousWord ^ PAIR_SEED, BASE) ^ word, SPREAD) >>> BUCKET_SHIFT;
        if (seenIn[pair] !== current) {
          seenIn[pair] = current;
          buckets[count++] = pair;
        }
        previousWord = word;
        word = WORD_SEED;
        wordLength = 0;
      } else if (wordLength < MAX_WORD_LENGTH) {
        word = Math.imul(word ^ symbol, BASE);
        wordLength += 1;
      }
      lastSymbol = symbol;
      run = (run << 8) | symbol;
      const gram = Math.imul(run ^ RUN_SEED, SPREAD) >>> BUCKET_SHIFT;
      if (seenIn[gram] !== current) {
        seenIn[gram] = current;
        buckets[count++] = gram;
      }
    }
    return count;
  };
  return { buckets, collect };
}

/** Calls `visit` for each of the equal windows of codes[from, to). */
export function forEachWindow(from: number, to: number, visit: (from: number, to: number) => void): void {
  const length = to - from;
  const windows = length <= MAX_WINDOW_LENGTH ? 1 : Math.ceil(length / WINDOW_LENGTH);
  const size = Math.ceil(length / windows);
  for (let start = from; start < to; start += size) visit(start, Math.min(to, start + size));
}
