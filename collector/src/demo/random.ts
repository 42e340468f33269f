const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const UINT32 = 2 ** 32;
/** Rounds after which sfc32 has forgotten how its seed looked. */
const WARM_UP = 15;

/** A stream of chance that is the same on every machine and in every run. Not for secrets. */
export interface Random {
  /** In [0, 1). */
  readonly next: () => number;
  /** From `low` to `high`, both included. */
  readonly integer: (low: number, high: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <T>(items: readonly T[]) => T;
  /** One of the items, each with its weight; the weights need not add up to 1. */
  readonly weighted: <T>(items: readonly (readonly [T, number])[]) => T;
  /** Around `median`, never negative, skewed to the right as durations and token counts are; `spread` 0.4 = most within ± 50 %. */
  readonly around: (median: number, spread: number) => number;
  readonly hex: (digits: number) => string;
  readonly base62: (length: number) => string;
}

/** FNV-1a. Source: Fowler, Noll, Vo; draft-eastlake-fnv. */
function hash(text: string, start: number): number {
  let value = start;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
}

/** The stream that belongs to a name: sfc32 (Doty-Humphrey, PractRand), seeded with hashes of the name. */
export function createRandom(name: string): Random {
  let a = hash(name, 0x811c9dc5);
  let b = hash(name, a ^ 0x9e3779b9);
  let c = hash(name, b ^ 0x85ebca6b);
  let counter = 1;
  const uint32 = (): number => {
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  };
  for (let round = 0; round < WARM_UP; round++) uint32();
  const next = (): number => uint32() / UINT32;
  const integer = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  const pick = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)]!;
  return {
    next,
    integer,
    chance: (probability) => next() < probability,
    pick,
    weighted: (items) => {
      let left = next() * items.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [item, weight] of items) if ((left -= weight) < 0) return item;
      return items.at(-1)![0];
    },
    // The sum of four is near enough to a normal distribution (σ = 0.577) and, unlike a logarithm, the same everywhere.
    around: (median, spread) => median * 2 ** ((((next() + next() + next() + next() - 2) / 0.577) * spread) / Math.LN2),
    hex: (digits) => {
      let text = '';
      while (text.length < digits) text += uint32().toString(16).padStart(8, '0');
      return text.slice(0, digits);
    },
    base62: (length) => Array.from({ length }, () => BASE62[Math.floor(next() * BASE62.length)]!).join(''),
  };
}
