/** Distinct features kept of one window; beyond it the rest of the window is not looked at. */
const MAX_FEATURES = 8192;
/** log2 of the number of buckets. */
export const BUCKET_BITS = 16;
const BUCKET_SHIFT = 32 - BUCKET_BITS;

const BOUNDARY = 0;
const DIGIT_SYMBOL = 27;
const FIRST_OTHER_SYMBOL = 32;
const OTHER_SYMBOLS = 31;
const BACKSLASH = 92;
const LETTER_U = 117;

/** Odd constants of multiplicative hashing (Knuth, TAOCP 3, section 6.4). */
const SPREAD = 0x9e3779b1;
const BASE = 0x01000193;
const WORD_SEED = 0x2f0b4f27;
const PAIR_SEED = 0x5851f42d;
const GRAM_3_SEED = 0x3c6ef372;
const GRAM_5_SEED = 0x7f4a7c15;

/** Letters count without case, all digits are one symbol, some signs that stand in for letters are those letters. */
function symbolOf(code: number): number {
  const character = String.fromCharCode(code);
  if (/[a-z]/i.test(character)) return (code & 31) | 0;
  if (/[0-9]/.test(character)) return DIGIT_SYMBOL;
  if (character === '@') return 1;
  if (character === '$') return 19;
  if (character === '*') return 28;
  if (character === '!') return 29;
  if (character === '?') return 30;
  return BOUNDARY;
}

const SYMBOLS = Uint8Array.from({ length: 128 }, (_, code) => symbolOf(code));

export interface NgramFeatures {
  /** Buckets of the last collected window, distinct, in order of first occurrence. */
  readonly buckets: Uint32Array;
  /** Fills `buckets` from text[from, to) and returns how many there are. JSON escapes read as what they mean. Linear. */
  readonly collect: (text: string, from: number, to: number) => number;
}

/**
 * Turns text into hashed features: words, pairs of words, and runs of three and five characters across words. Trainer and
 * runtime share this code, so that they cannot disagree.
 */
export function createNgramFeatures(): NgramFeatures {
  const buckets = new Uint32Array(MAX_FEATURES);
  /** In which window a bucket was last seen: no clearing between windows. */
  const seenIn = new Uint32Array(1 << BUCKET_BITS);
  let window = 0;

  const collect = (text: string, from: number, to: number): number => {
    window += 1;
    let count = 0;
    let word = WORD_SEED;
    let previousWord = 0;
    let wordLength = 0;
    /** The last five symbols, one byte each: the low three and four bytes are the shorter runs. */
    let last4 = 0;
    let fifth = 0;
    let lastSymbol = BOUNDARY;
    for (let index = from; index <= to && count < MAX_FEATURES - 4; index += 1) {
      let code = index < to ? text.charCodeAt(index) : 32;
      if (code === BACKSLASH) {
        index += 1;
        code = 32;
        if (text.charCodeAt(index) === LETTER_U) {
          const escaped = Number.parseInt(text.slice(index + 1, index + 5), 16);
          index += 4;
          if (escaped > 0) code = escaped;
        }
      }
      const symbol =
        code < 128
          ? (SYMBOLS[code] ?? BOUNDARY)
          : FIRST_OTHER_SYMBOL + ((Math.imul(code, SPREAD) >>> 27) % OTHER_SYMBOLS);
      if (symbol === BOUNDARY) {
        if (lastSymbol === BOUNDARY) continue;
        const unigram = Math.imul(word, SPREAD) >>> BUCKET_SHIFT;
        if (seenIn[unigram] !== window) {
          seenIn[unigram] = window;
          buckets[count++] = unigram;
        }
        const pair = Math.imul(Math.imul(previousWord ^ PAIR_SEED, BASE) ^ word, SPREAD) >>> BUCKET_SHIFT;
        if (seenIn[pair] !== window) {
          seenIn[pair] = window;
          buckets[count++] = pair;
        }
        previousWord = word;
        word = WORD_SEED;
        wordLength = 0;
      } else if (wordLength < 32) {
        word = Math.imul(word ^ symbol, BASE);
        wordLength += 1;
      }
      lastSymbol = symbol;
      fifth = last4 >>> 24;
      last4 = (last4 << 8) | symbol;
      const gram3 = Math.imul((last4 & 0xffffff) ^ GRAM_3_SEED, SPREAD) >>> BUCKET_SHIFT;
      if (seenIn[gram3] !== window) {
        seenIn[gram3] = window;
        buckets[count++] = gram3;
      }
      const gram5 = Math.imul(Math.imul(last4 ^ GRAM_5_SEED, BASE) ^ fifth, SPREAD) >>> BUCKET_SHIFT;
      if (seenIn[gram5] !== window) {
        seenIn[gram5] = window;
        buckets[count++] = gram5;
      }
    }
    return count;
  };
  return { buckets, collect };
}
