import fc from 'fast-check';
import { createCandidateScan } from './candidate-scan.ts';
import type { Detector } from './detector.ts';
import { defaultGuardPolicy } from './guard-policy.ts';

const { detectors } = defaultGuardPolicy;
const scan = createCandidateScan(detectors);

type Found = Map<string, Set<number>>;

function isDate(text: string, start: number, end: number): boolean {
  const rest = text.slice(start, end);
  return /^(?:19|20)[0-9]{2}(?:[01][0-9][0-3][0-9]|[^0-9][01][0-9][^0-9][0-3][0-9])$/s.test(rest);
}

interface Placed {
  readonly detector: Detector;
  readonly keyword: string;
  /** Where in the keyword the character stands at which it is tried. */
  readonly offset: number;
}

/** May stand in the middle of a run: long keywords, and those without their first letter. */
function isFree(keyword: string): boolean {
  return keyword.length >= 9 || /^(?:ecret|assword|ASSWORD|ubscription|UBSCRIPTION)/.test(keyword);
}

function signOf(keyword: string): number {
  const sign = keyword.search(/[^A-Za-z0-9]/);
  return sign === 0 || (sign > 0 && isFree(keyword)) || /^[0-9]Q~$/.test(keyword) ? sign : -1;
}

function lastDigitOf(keyword: string): number {
  return /^[A-Z]+[0-9]$/.test(keyword) ? keyword.length - 1 : -1;
}

function startOf(keyword: string): number {
  if (signOf(keyword) !== -1 || lastDigitOf(keyword) !== -1) return -1;
  const hump = keyword.search(/(?<=[a-z])[A-Z]/);
  return isFree(keyword) && hump > 0 ? hump : 0;
}

const [byStart, bySign, byDigit] = [startOf, signOf, lastDigitOf].map((offsetOf): readonly Placed[] =>
  detectors.flatMap((detector) =>
    [...detector.keywords, ...(detector.quietKeywords ?? [])]
      .map((keyword) => ({ detector, keyword, offset: offsetOf(keyword) }))
      .filter(({ offset }) => offset >= 0)
  )
) as [readonly Placed[], readonly Placed[], readonly Placed[]];

/**
 * The same as the scan, slow and plain: tokens first, then for each token every keyword and word of every detector.
 * Returns by rule the places at which it begins to look.
 */
function referenceScan(text: string): Found {
  const found: Found = new Map();
  const add = ({ rule }: Detector, at: number): void => void found.set(rule, (found.get(rule) ?? new Set()).add(at));
  const mark = (trigger: 'digits' | 'dots' | 'colons', at: number): void => {
    for (const detector of detectors) if (detector.triggers?.includes(trigger) === true) add(detector, at);
  };
  /** Keywords whose character at `offset` stands at `at`. */
  const tryAt = (at: number, candidates: readonly Placed[]): void => {
    for (const { detector, keyword, offset } of candidates)
      if (text.startsWith(keyword, at - offset) && at >= offset) add(detector, at - offset);
  };

  let number: { start: number; digits: number; last: number } | undefined;
  let dotted: { start: number; dots: number; last: number } | undefined;
  let colons: { count: number; last: number } | undefined;
  let afterRun = false;
  const token = /[A-Z]+[a-z]*|[a-z]+|[0-9]+|\\[^]?|%[0-9][0-9a-fA-F]|[^]/g;
  for (const { 0: piece, index: at } of text.matchAll(token)) {
    const end = at + piece.length;
    if (/^[A-Za-z]/.test(piece)) {
      tryAt(at, byStart);
      for (const detector of detectors) {
        if (detector.words?.includes(piece.toLowerCase()) !== true) continue;
        if (detector.confirmWord?.(text, at, end) !== false) add(detector, at);
      }
      number = undefined;
      afterRun = true;
      continue;
    }
    if (/^[0-9]/.test(piece)) {
      if (!afterRun) tryAt(at, byStart);
      else tryAt(at, byDigit);
      afterRun = true;
      if (number === undefined || at - number.last > 4) number = { start: at, digits: 0, last: at };
      if (dotted?.last !== at - 1) dotted = { start: at, dots: 0, last: at };
      else if (dotted.dots === 3) {
        dotted.dots += 1;
        mark('dots', dotted.start);
      }
      const before = number.digits;
      number.digits += piece.length;
      number.last = end - 1;
      dotted.last = end - 1;
      if (before >= 7 || number.digits < 7) continue;
      const isId = number.start === at && piece.length > 19 && !/[A-Z]/.test(text.charAt(at - 1));
      if (!isId && !isDate(text, number.start, end)) {
        mark('digits', number.start);
        continue;
      }
      number = undefined;
      // What follows a date or an id is no part of an address.
      dotted = undefined;
      continue;
    }
    afterRun = false;
    if (piece !== ' ') tryAt(at, bySign);
    if (piece === '.' && dotted?.last === at - 1) {
      dotted.dots += 1;
      dotted.last = at;
    }
    if (piece === ':') {
      const distance = colons === undefined ? Infinity : at - colons.last;
      colons = { count: distance <= 5 && colons !== undefined ? colons.count + 1 : 1, last: at };
      if (distance === 1 || colons.count === 4) mark('colons', at);
    }
    if (piece.startsWith('\\')) number = undefined;
  }
  return found;
}

function scanned(text: string): Found {
  const found: Found = new Map();
  scan.hits(text, { steps: 0 }).forEach((hits, index) => {
    if (hits !== undefined) found.set(detectors[index]?.rule ?? '', new Set(hits));
  });
  return found;
}

const quiet = new Set(detectors.flatMap(({ quietKeywords = [] }) => quietKeywords));
const keywords = detectors.flatMap((detector) => [...detector.keywords, ...(detector.quietKeywords ?? [])]);
const words = detectors.flatMap((detector) => detector.words ?? []);
const word = fc
  .constantFrom(...words, 'keyboard', 'Path', 'HTTPServer', 'the', 'a')
  .chain((text) => fc.constantFrom(text, text.toUpperCase(), text.charAt(0).toUpperCase() + text.slice(1)));
const sign = fc.constantFrom(...Array.from(' .:-_=@~/\\%"\'(,+#é漢\n'), '": "', '\\n', '%20', '%2F', '\\u0041', '😀');
const numberText = fc.oneof(
  fc.stringMatching(/^[0-9]{1,24}$/),
  fc.constantFrom(
    '2024-08-06',
    '20240806',
    '1999/12/31',
    '10.0.0.12',
    'fe80::1',
    '00:1a:2b:3c:4d:5e',
    '4111 1111 1111 1111'
  )
);
const piece = fc.oneof(
  fc.constantFrom(...keywords),
  word,
  sign,
  numberText,
  fc.stringMatching(/^[ -~]{0,6}$/),
  fc.string()
);
const texts = fc.oneof(
  fc.array(piece, { maxLength: 24 }).map((pieces) => pieces.join('')),
  // Keywords that are cut, doubled or glued together.
  fc
    .array(
      fc.constantFrom(...keywords).chain((text) => fc.nat(text.length).map((from) => text.slice(from))),
      { maxLength: 8 }
    )
    .map((pieces) => pieces.join('')),
  fc.tuple(piece, fc.integer({ min: 1, max: 40 })).map(([text, times]) => text.repeat(times))
);

describe('the candidate scan, whatever the text', () => {
  it('begins to look where a slow and plain reading of the text says so', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(scanned(text)).toEqual(referenceScan(text));
      }),
      { numRuns: 500 }
    );
  });

  it('does so where a long text is looked at in pieces', () => {
    const filler = fc
      .tuple(fc.constantFrom(' ', 'a', 'A', '7', '\\', '%2F', '漢'), fc.integer({ min: 16_300, max: 16_400 }))
      .map(([text, length]) => text.repeat(length).slice(0, length));
    fc.assert(
      fc.property(filler, texts, (before, text) => {
        expect(scanned(`${before}${text}`)).toEqual(referenceScan(`${before}${text}`));
      }),
      { numRuns: 200 }
    );
  });

  it('says first that there is something whenever a place is found, but for what only counts with something else', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const loud = [...scanned(text)].some(([rule, hits]) => {
          const own = detectors
            .filter((detector) => detector.rule === rule)
            .flatMap((detector) => detector.quietKeywords ?? []);
          return [...hits].some((at) => !own.some((keyword) => quiet.has(keyword) && text.startsWith(keyword, at)));
        });
        expect(scan.mayHold(text)).toBe(loud);
      }),
      { numRuns: 500 }
    );
  });
});
