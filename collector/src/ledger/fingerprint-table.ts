/** What a slot says of a fingerprint. Positive numbers are claims in flight. */
export const COMMITTED = 0;
const ABORTED = -1;

/** A set of 64-bit fingerprints, each committed or held by a claim. */
export interface FingerprintTable {
  /** The claim that holds it, `COMMITTED`, or `undefined` when it is not in the set. */
  readonly find: (first: number, second: number) => number | undefined;
  /** Adds it or changes its state. */
  readonly put: (first: number, second: number, claim: number) => void;
  /** Takes it out. */
  readonly drop: (first: number, second: number) => void;
  /** Slots in use, aborted ones included. */
  readonly size: () => number;
  readonly bytes: () => number;
}

const FIRST_SLOTS = 1 << 10;

/**
 * Open addressing with linear probing in typed arrays: 12 bytes a slot, at most half full, doubling. An aborted fingerprint stays
 * as a tombstone that the same fingerprint may take again. The pair (0, 0) marks an empty slot and never occurs.
 */
export function createFingerprintTable(): FingerprintTable {
  let slots = FIRST_SLOTS;
  let pairs = new Uint32Array(slots * 2);
  let claims = new Int32Array(slots);
  let used = 0;

  /** The slot of the fingerprint, or the empty one where it belongs. */
  function locate(first: number, second: number): number {
    let slot = first & (slots - 1);
    for (;;) {
      const held = pairs[slot * 2]!;
      if (held === first && pairs[slot * 2 + 1] === second) return slot;
      if (held === 0 && pairs[slot * 2 + 1] === 0) return slot;
      slot = (slot + 1) & (slots - 1);
    }
  }

  function isEmpty(slot: number): boolean {
    return pairs[slot * 2] === 0 && pairs[slot * 2 + 1] === 0;
  }

  function grow(): void {
    const oldPairs = pairs;
    const oldClaims = claims;
    slots *= 2;
    pairs = new Uint32Array(slots * 2);
    claims = new Int32Array(slots);
    used = 0;
    for (let slot = 0; slot < oldClaims.length; slot++) {
      const first = oldPairs[slot * 2]!;
      const second = oldPairs[slot * 2 + 1]!;
      if ((first === 0 && second === 0) || oldClaims[slot] === ABORTED) continue;
      const target = locate(first, second);
      pairs[target * 2] = first;
      pairs[target * 2 + 1] = second;
      claims[target] = oldClaims[slot]!;
      used += 1;
    }
  }

  return {
    find: (first, second) => {
      const slot = locate(first, second);
      return isEmpty(slot) || claims[slot] === ABORTED ? undefined : claims[slot];
    },
    put: (first, second, claim) => {
      if ((used + 1) * 2 > slots) grow();
      const slot = locate(first, second);
      if (isEmpty(slot)) {
        used += 1;
        pairs[slot * 2] = first;
        pairs[slot * 2 + 1] = second;
      }
      claims[slot] = claim;
    },
    drop: (first, second) => {
      const slot = locate(first, second);
      if (!isEmpty(slot)) claims[slot] = ABORTED;
    },
    size: () => used,
    bytes: () => pairs.byteLength + claims.byteLength,
  };
}
