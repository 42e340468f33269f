import { BASE62, characterClass } from './character-class.ts';
import type { StepMeter } from './detector.ts';

/** Keywords up to this length that begin with a letter or digit count only at the start of a word: `risk-free` is no `sk-`. */
const WORD_START_KEYWORD_LENGTH = 4;
/** A JSON escape before a keyword (`\n` or a hexadecimal one) or a percent escape (`%22`) is no part of the word. */
const ESCAPE_LENGTH = 6;

/** Below this a loop over the characters costs less than a sweep for each anchor (measured). */
const SHORT_TEXT_LENGTH = 48;

interface Keyword {
  readonly text: string;
  readonly anchorOffset: number;
  readonly atWordStart: boolean;
  /** Indices of the detectors that listed it. */
  readonly detectors: readonly number[];
}

interface Anchor {
  readonly character: string;
  readonly keywords: readonly Keyword[];
  /** The character before the anchor decides most cases without a comparison of strings; undefined = cannot be used. */
  readonly codesBefore: Uint8Array | undefined;
}

export interface KeywordScan {
  /** True when any keyword may occur. The only work done on most texts. */
  readonly mayHold: (text: string) => boolean;
  /** Offsets for each detector (by index), those of one anchor ascending, counted in the meter. */
  readonly hits: (text: string, meter: StepMeter) => number[][];
}

/** Rough occurrences per thousand characters of prose, code and JSON; letters in lower case are `COMMON`. */
const OCCURRENCES: ReadonlyMap<string, number> = new Map(
  Object.entries({ '@': 0.5, '~': 0.2, _: 3, '-': 4, '/': 4, '=': 2, '.': 12, ':': 15, j: 2, q: 1, x: 2, z: 1, k: 6 })
);
const RARE_CAPITALS = 'JKQXZ';
const COMMON = 30;
/** What one sweep over a text costs, in the same unit as the visit of one occurrence. */
const SWEEP_COST = 2;

function occurrences(character: string): number {
  const known = OCCURRENCES.get(character);
  if (known !== undefined) return known;
  if (RARE_CAPITALS.includes(character)) return 0.3;
  return /[A-Z]/.test(character) ? 2 : /[0-9]/.test(character) ? 5 : COMMON;
}

/** Few, rare characters such that each keyword holds one of them (greedy set cover). */
function chooseAnchors(keywords: readonly string[]): readonly string[] {
  const chosen: string[] = [];
  let open = [...keywords];
  while (open.length > 0) {
    let best = '';
    let bestValue = 0;
    for (const character of new Set(open.join(''))) {
      const covered = open.filter((keyword) => keyword.includes(character)).length;
      const value = covered / (SWEEP_COST + occurrences(character));
      if (value > bestValue) [best, bestValue] = [character, value];
    }
    chosen.push(best);
    open = open.filter((keyword) => !keyword.includes(best));
  }
  return chosen;
}

function toAnchor(character: string, keywords: readonly Keyword[]): Anchor {
  if (keywords.some((keyword) => keyword.anchorOffset === 0)) return { character, keywords, codesBefore: undefined };
  const codesBefore = new Uint8Array(128);
  for (const { text, anchorOffset: offset } of keywords) codesBefore[text.charCodeAt(offset - 1)] = 1;
  return { character, keywords, codesBefore };
}

function afterEscape(text: string, start: number): boolean {
  for (let back = 1; back <= ESCAPE_LENGTH; back += 1) {
    const character = text.charAt(start - back);
    if (character === '\\') return true;
    if (character === '%' && back === 3) return true;
  }
  return false;
}

function startsWord(text: string, start: number): boolean {
  return (characterClass(text, start - 1) & BASE62) === 0 || afterEscape(text, start);
}

function occurs(text: string, keyword: Keyword, at: number): boolean {
  const start = at - keyword.anchorOffset;
  return start >= 0 && text.startsWith(keyword.text, start) && (!keyword.atWordStart || startsWord(text, start));
}

/**
 * Searches all keywords at once: for each anchor, a rare character that several keywords share, one `indexOf` sweep (the runtime's vectorised
 * search), then a comparison at each place found. Measured: a third of the time of one regular expression with
 * alternatives.
 */
export function createKeywordScan(keywordsByDetector: readonly (readonly string[])[]): KeywordScan {
  const detectorsByKeyword = new Map<string, number[]>();
  keywordsByDetector.forEach((keywords, detector) => {
    for (const keyword of keywords) {
      detectorsByKeyword.set(keyword, [...(detectorsByKeyword.get(keyword) ?? []), detector]);
    }
  });
  const anchorCharacters = chooseAnchors([...detectorsByKeyword.keys()]);
  const byAnchor = new Map<string, Keyword[]>();
  for (const [text, detectors] of detectorsByKeyword) {
    const character = anchorCharacters.find((candidate) => text.includes(candidate)) ?? text.charAt(0);
    const atWordStart = text.length <= WORD_START_KEYWORD_LENGTH && (characterClass(text, 0) & BASE62) !== 0;
    const keyword = { text, anchorOffset: text.lastIndexOf(character), atWordStart, detectors };
    byAnchor.set(character, [...(byAnchor.get(character) ?? []), keyword]);
  }
  const anchors = [...byAnchor].map(([character, keywords]) => toAnchor(character, keywords));

  const sweep = (text: string, anchor: Anchor, visit: (keyword: Keyword, at: number) => boolean): boolean => {
    const { character, codesBefore, keywords } = anchor;
    for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1)) {
      if (codesBefore !== undefined && codesBefore[text.charCodeAt(at - 1)] !== 1) continue;
      for (const keyword of keywords) if (occurs(text, keyword, at) && visit(keyword, at)) return true;
    }
    return false;
  };

  const anchorByCode = new Array<Anchor | undefined>(128).fill(undefined);
  for (const anchor of anchors) anchorByCode[anchor.character.charCodeAt(0)] = anchor;
  const occursInShort = (text: string): boolean => {
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      const anchor = code < 128 ? anchorByCode[code] : undefined;
      if (anchor === undefined) continue;
      for (const keyword of anchor.keywords) if (occurs(text, keyword, at)) return true;
    }
    return false;
  };

  const stop = (): boolean => true;
  return {
    mayHold: (text) => {
      if (text.length < SHORT_TEXT_LENGTH) return occursInShort(text);
      for (const anchor of anchors) if (sweep(text, anchor, stop)) return true;
      return false;
    },
    hits: (text, meter) => {
      const hits = keywordsByDetector.map((): number[] => []);
      meter.steps += text.length;
      for (const anchor of anchors) {
        sweep(text, anchor, (keyword, at) => {
          meter.steps += keyword.text.length;
          for (const detector of keyword.detectors) hits[detector]?.push(at - keyword.anchorOffset);
          return false;
        });
      }
      return hits;
    },
  };
}
