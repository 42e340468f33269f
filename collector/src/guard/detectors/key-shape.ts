import { BASE62, characterClass, DIGIT, LOWER, runEnd, UPPER } from '../character-class.ts';
import type { Detector, Match, StepMeter } from '../detector.ts';

/** A provider's key: a fixed prefix, then a run of one alphabet. */
export interface KeyShape {
  readonly prefix: string;
  /** Sum of character-class bits that the body is written in. */
  readonly alphabet: number;
  /** Length of the body (without prefix). A longer run is still this key with text glued on, unless `max` is given. */
  readonly min: number;
  readonly max?: number;
  /** Last word on a body that fits; false = not a key. A score below 1 = shape fits but a checksum does not. */
  readonly verify?: (body: string) => number | false;
}

/** A run that holds many prefixes is tried at its first few: keeps the work linear on `sk-sk-sk-…`. */
const MAX_ATTEMPTS_PER_RUN = 8;
/** Entropy and placeholder checks look at this much of a body. */
const VERIFIED_LENGTH = 256;
/** Bits per character below which a body is `xxxxxxxx` or `--------`, not a key. */
const MIN_ENTROPY_BITS = 2.5;
/** By chance a body has such a run once in ten thousand characters. */
const MIN_SEQUENCE_RUN = 4;
const MIN_SEQUENCE_SHARE = 0.5;
const PLACEHOLDER_WORD = /your|example|placeholder|x{5}|changeme|replace|insert|dummy|redacted|here$|<|\.\.\./i;
const HEX_ESCAPED = /%[0-9A-Fa-f]{2}$/;
/** A further part of a key, behind a dot or what fills base64 up: `SG.id.secret`, `ATATT3…=1A2B3C4D`. */
const FURTHER_PART = /(?:\.\d{2}(?=\.[A-Za-z0-9]{9})|(?:[.=]|%3[Dd]){1,2}(?=[A-Za-z_-]{0,64}\d)[A-Za-z0-9_-]{6,256})/y;
const MAX_FURTHER_PARTS = 3;
/** A prefix this long cannot be the end of a word by chance. */
const FREE_PREFIX_LENGTH = 9;

const ASCII_CODES = 128;
/** One for all: a fresh one for each value costs as much as the counting. */
const counts = new Uint16Array(ASCII_CODES);

/** Shannon entropy in bits per character of an ASCII text below 65,536 characters. Source: C. E. Shannon, 1948. */
export function entropyBits(text: string): number {
  const { length } = text;
  counts.fill(0);
  for (let index = 0; index < length; index += 1) counts[text.charCodeAt(index) & (ASCII_CODES - 1)]! += 1;
  let bits = 0;
  for (let code = 0; code < ASCII_CODES; code += 1) {
    const count = counts[code]!;
    if (count > 0) bits -= (count / length) * Math.log2(count / length);
  }
  return bits;
}

/** `abcdefgh12345678`: half of it counts up, four characters or more at a time. */
function isSequence(body: string): boolean {
  const lower = body.toLowerCase();
  let counted = 0;
  let run = 1;
  for (let index = 1; index <= lower.length; index += 1) {
    if (lower.charCodeAt(index) - lower.charCodeAt(index - 1) === 1) run += 1;
    else {
      if (run >= MIN_SEQUENCE_RUN) counted += run;
      run = 1;
    }
  }
  return counted >= lower.length * MIN_SEQUENCE_SHARE;
}

/** True for `your-api-key-here`, `xxxxxxxx`, `EXAMPLE`, `abcdef123456`: text in a key's place that documents it. */
export function isPlaceholder(body: string): boolean {
  return PLACEHOLDER_WORD.test(body) || entropyBits(body) < MIN_ENTROPY_BITS || isSequence(body);
}

/** Letters of both cases or a hex body, with digits: what a random generator writes and a person does not. */
export function looksRandom(body: string): number | false {
  let digits = 0;
  let lower = 0;
  let upper = 0;
  for (let index = 0; index < body.length; index += 1) {
    const bits = characterClass(body, index);
    if ((bits & DIGIT) !== 0) digits += 1;
    else if ((bits & LOWER) !== 0) lower += 1;
    else if ((bits & UPPER) !== 0) upper += 1;
  }
  const mixed = lower > 0 && upper > 0;
  const hex = digits >= 4 && /^[0-9a-f]{32,}$/.test(body);
  const capitals = lower === 0 && digits >= 2;
  if (digits === 0 || !(mixed || hex || capitals || digits * 5 >= body.length)) return false;
  return entropyBits(body) >= 3 ? 1 : false;
}

function atWordStart(text: string, start: number): boolean {
  return (
    (characterClass(text, start - 1) & BASE62) === 0 || HEX_ESCAPED.test(text.slice(Math.max(0, start - 3), start))
  );
}

/** End of a key whose first part ends at `end`: what was left of it would be its secret half. */
function endOfParts(text: string, end: number): number {
  let last = end;
  for (let part = 0; part < MAX_FURTHER_PARTS; part += 1) {
    FURTHER_PART.lastIndex = last;
    if (!FURTHER_PART.test(text)) break;
    last = FURTHER_PART.lastIndex;
  }
  return last;
}

/**
 * A detector for keys with known prefixes. Linear: the end of a run is found once, and each run is tried at no more
 * than MAX_ATTEMPTS_PER_RUN places.
 */
export function createKeyDetector(rule: string, shapes: readonly KeyShape[], publicPrefix = 4): Detector {
  const longestFirst = [...shapes].sort((a, b) => b.prefix.length - a.prefix.length);
  const find = (text: string, hits: readonly number[], meter: StepMeter): readonly Match[] => {
    const matches: Match[] = [];
    const runs = new Map<number, { end: number; attempts: number }>();
    let matchedTo = 0;
    for (const start of hits) {
      if (start < matchedTo) continue;
      const shape = longestFirst.find(({ prefix }) => text.startsWith(prefix, start));
      if (shape === undefined) continue;
      if (shape.prefix.length < FREE_PREFIX_LENGTH && !atWordStart(text, start)) continue;
      const bodyStart = start + shape.prefix.length;
      const known = runs.get(shape.alphabet);
      const run =
        known !== undefined && bodyStart < known.end
          ? known
          : { end: runEnd(text, bodyStart, shape.alphabet), attempts: 0 };
      if (run !== known) meter.steps += run.end - bodyStart;
      runs.set(shape.alphabet, run);
      run.attempts += 1;
      const length = run.end - bodyStart;
      if (run.attempts > MAX_ATTEMPTS_PER_RUN || length < shape.min || length > (shape.max ?? Infinity)) continue;
      const body = text.slice(bodyStart, Math.min(run.end, bodyStart + VERIFIED_LENGTH));
      meter.steps += body.length;
      if (isPlaceholder(body)) continue;
      const score = shape.verify === undefined ? 1 : shape.verify(body);
      if (score === false) continue;
      const end = endOfParts(text, run.end);
      meter.steps += end - run.end;
      matches.push({ start, end, score });
      matchedTo = end;
    }
    return matches;
  };
  return {
    rule,
    category: 'secret',
    severity: 'critical',
    action: 'redact',
    keywords: shapes.map(({ prefix }) => prefix),
    publicPrefix,
    find,
  };
}
