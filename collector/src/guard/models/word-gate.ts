/** log2 of the number of buckets. */
export const GATE_BITS = 14;
const GATE_SHIFT = 32 - GATE_BITS;
/** Words of a block; two neighbours are looked at together, so that a short attack in a long text is not lost. */
const BLOCK_WORDS = 64;
const SPREAD = 0x9e3779b1 | 0;
const PAIR_PRIME = 0x01000193;
/** Fewer words per character: no language the gate knows. */
const MAX_CHARACTERS_PER_WORD = 16;

export interface GateWeights {
  /** Two signed bytes for each bucket: injection in the low one, toxicity in the high one. */
  readonly weights: Int16Array;
  /** A signed byte for each bucket of two neighbouring words, for injection only: toxic words speak for themselves. */
  readonly pairs: Int8Array;
  readonly injection: { readonly scale: number; readonly bias: number };
  readonly toxicity: { readonly scale: number; readonly bias: number };
}

/** What a text may be, by its words alone. */
export interface GateAnswer {
  readonly injection: boolean;
  readonly toxicity: boolean;
}

const BOTH: GateAnswer = { injection: true, toxicity: true };

/** Bucket of a word's hash. */
export function gateBucket(hash: number): number {
  return Math.imul(hash, SPREAD) >>> GATE_SHIFT;
}

/** Bucket of two neighbouring words. */
export function gatePairBucket(first: number, second: number): number {
  return Math.imul(Math.imul(first, PAIR_PRIME) ^ second, SPREAD) >>> GATE_SHIFT;
}

/** Highest logits over pairs of neighbouring blocks. */
export function gateLogits(
  words: Uint32Array,
  { weights, pairs, injection, toxicity }: GateWeights
): readonly [number, number] {
  let [bestInjection, bestToxicity] = [-Infinity, -Infinity];
  let [previousInjection, previousToxicity, previousCount] = [0, 0, 0];
  let previousWord = 0;
  for (let start = 0; start < words.length; start += BLOCK_WORDS) {
    const end = Math.min(words.length, start + BLOCK_WORDS);
    let [injectionSum, toxicitySum] = [0, 0];
    for (let index = start; index < end; index += 1) {
      const word = words[index]!;
      const both = weights[gateBucket(word)]!;
      toxicitySum += both >> 8;
      injectionSum += ((both << 24) >> 24) + pairs[gatePairBucket(previousWord, word)]!;
      previousWord = word;
    }
    const count = end - start;
    const together = 1 / Math.sqrt(count + previousCount);
    bestInjection = Math.max(bestInjection, (injectionSum + previousInjection) * together);
    bestToxicity = Math.max(bestToxicity, (toxicitySum + previousToxicity) * together);
    if (count === BLOCK_WORDS) {
      // A short last block says little by itself.
      bestInjection = Math.max(bestInjection, injectionSum / Math.sqrt(count));
      bestToxicity = Math.max(bestToxicity, toxicitySum / Math.sqrt(count));
    }
    [previousInjection, previousToxicity, previousCount] = [injectionSum, toxicitySum, count];
  }
  return [bestInjection * injection.scale + injection.bias, bestToxicity * toxicity.scale + toxicity.bias];
}

/**
 * The first question about a text: could the content models say yes? A linear model over single words, set to let nearly all
 * of what they find pass; it costs a twentieth of them. Texts it cannot judge pass.
 */
export function askGate(words: Uint32Array, characters: number, maxWords: number, gate: GateWeights): GateAnswer {
  if (words.length >= maxWords || words.length * MAX_CHARACTERS_PER_WORD < characters) return BOTH;
  const [injection, toxicity] = gateLogits(words, gate);
  return { injection: injection >= 0, toxicity: toxicity >= 0 };
}
