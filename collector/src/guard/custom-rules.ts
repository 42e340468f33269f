import { RE2JS } from 're2js';
import type { FindingCategory, GuardAction, Severity } from '../span.ts';
import type { Detector, Match, StepMeter } from './detector.ts';
import { findPattern } from './find-pattern.ts';
import type { RuleScope } from './rule-scope.ts';
import { spendSteps } from './spend-steps.ts';

const MAX_KEYWORDS = 10_000;
const MAX_KEYWORD_LENGTH = 200;
const MAX_PATTERN_LENGTH = 1000;
/** Instructions of a compiled pattern: `x{1,500}` has as many as it has repeats. */
const MAX_INSTRUCTIONS = 1000;
/** Characters by which phrases in any script are grouped. */
const LEAD_LENGTH = 3;
const SCORE = 1;
const FIRST_WORD = /^[a-z]+(?![a-z\u00c0-\uffff])/;
const WORD_CHARACTER = /[\p{L}\p{N}_]/u;
/** Scripts that put no spaces between words. */
const WITHOUT_SPACES = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
/** A pattern that matches nothing at all somewhere in these would match everywhere. */
const PROBES = ['', 'a', ' a ', '1', '"', '\n'];

/** A rule of the operator's own, already checked for its form. */
export interface CustomRule {
  readonly name: string;
  readonly category: FindingCategory;
  readonly severity: Severity;
  readonly action: Exclude<GuardAction, 'none'>;
  readonly scope: RuleScope;
  /** Either whole words and phrases in any case … */
  readonly keywords?: readonly string[];
  /** … or an expression in RE2 syntax, which has no back references and no look-around. */
  readonly pattern?: string;
}

/** The rule as a detector, or why it cannot be one: a sentence for the person who wrote it. */
export type CompiledRule = { readonly detector: Detector } | { readonly reason: string };

function isWholeWord(text: string, start: number, end: number): boolean {
  const isCut = (inside: number, outside: number): boolean =>
    WORD_CHARACTER.test(text.charAt(outside)) && !WITHOUT_SPACES.test(text.charAt(inside));
  return !isCut(start, start - 1) && !isCut(end - 1, end);
}

/** The longest phrase that stands at an offset: as many look-ups as there are lengths, however many phrases. */
function createPhraseBook(phrases: readonly string[]): {
  readonly phraseAt: (lower: string, at: number, meter: StepMeter, fits: (end: number) => boolean) => number;
  readonly firstCharacters: ReadonlySet<number>;
} {
  const byLead = new Map<string, { readonly phrases: Set<string>; readonly lengths: number[] }>();
  for (const phrase of [...phrases].sort((a, b) => b.length - a.length)) {
    const lead = phrase.slice(0, LEAD_LENGTH);
    const group = byLead.get(lead) ?? { phrases: new Set(), lengths: [] };
    group.phrases.add(phrase);
    if (group.lengths.at(-1) !== phrase.length) group.lengths.push(phrase.length);
    byLead.set(lead, group);
  }
  const leadLengths = [...new Set([...byLead.keys()].map(({ length }) => length))].sort((a, b) => b - a);
  return {
    firstCharacters: new Set([...byLead.keys()].map((lead) => lead.charCodeAt(0))),
    phraseAt: (lower, at, meter, fits) => {
      for (const leadLength of leadLengths) {
        const group = byLead.get(lower.slice(at, at + leadLength));
        spendSteps(meter, 1 + (group?.lengths.length ?? 0));
        const found = group?.lengths.find(
          (length) => group.phrases.has(lower.slice(at, at + length)) && fits(at + length)
        );
        if (found !== undefined) return found;
      }
      return 0;
    },
  };
}

/** Phrases that begin with an ASCII word: looked for where the scan has seen such a word. */
function findPhrases(phrases: readonly string[]): Detector['find'] {
  const { phraseAt } = createPhraseBook(phrases);
  return (text, hits, meter) => {
    const matches: Match[] = [];
    let matchedTo = 0;
    for (const start of hits) {
      if (start < matchedTo) continue;
      const near = text.slice(start, start + MAX_KEYWORD_LENGTH).toLowerCase();
      spendSteps(meter, MAX_KEYWORD_LENGTH);
      const length = phraseAt(near, 0, meter, (end) => isWholeWord(text, start, start + end));
      if (length === 0) continue;
      matchedTo = start + length;
      matches.push({ start, end: matchedTo, score: SCORE });
    }
    return matches;
  };
}

/** Phrases in any script: one pass, which looks closer where the first characters of one stand. */
function findAnywhere(phrases: readonly string[]): Detector['find'] {
  const { phraseAt, firstCharacters } = createPhraseBook(phrases);
  return (text, _hits, meter) => {
    const lower = text.toLowerCase();
    // A few letters change their length with their case: then offsets would lie.
    const searched = lower.length === text.length ? lower : text;
    const matches: Match[] = [];
    spendSteps(meter, text.length);
    for (let at = 0; at < text.length; at += 1) {
      if (!firstCharacters.has(searched.charCodeAt(at))) continue;
      const start = at;
      const length = phraseAt(searched, start, meter, (end) => isWholeWord(text, start, end));
      if (length === 0) continue;
      matches.push({ start, end: start + length, score: SCORE });
      at += length - 1;
    }
    return matches;
  };
}

function compileKeywords(rule: CustomRule, keywords: readonly string[]): CompiledRule {
  if (keywords.length === 0 || keywords.length > MAX_KEYWORDS) return { reason: `give 1 to ${MAX_KEYWORDS} keywords` };
  const phrases = [...new Set(keywords.map((keyword) => keyword.trim().toLowerCase()))];
  const bad = phrases.some((phrase) => phrase === '' || phrase.length > MAX_KEYWORD_LENGTH || phrase.includes('"'));
  if (bad) return { reason: `a keyword has 1 to ${MAX_KEYWORD_LENGTH} characters and no double quote` };
  const firstWords = phrases.map((phrase) => FIRST_WORD.exec(phrase)?.[0]);
  const words = firstWords.filter((word) => word !== undefined);
  return words.length === phrases.length
    ? { detector: toDetector(rule, { words: [...new Set(words)], find: findPhrases(phrases) }) }
    : { detector: toDetector(rule, { triggers: ['always'], find: findAnywhere(phrases) }) };
}

function matchesNothing(expression: RE2JS, probe: string): boolean {
  const matcher = expression.matcher(probe);
  while (matcher.find()) if (matcher.end() === matcher.start()) return true;
  return false;
}

function compilePattern(rule: CustomRule, pattern: string): CompiledRule {
  if (pattern.length === 0 || pattern.length > MAX_PATTERN_LENGTH) {
    return { reason: `a pattern has 1 to ${MAX_PATTERN_LENGTH} characters` };
  }
  try {
    const expression = RE2JS.compile(pattern);
    if (PROBES.some((probe) => matchesNothing(expression, probe)))
      return { reason: 'the pattern matches the empty text, so it would match everywhere' };
    if (expression.programSize() > MAX_INSTRUCTIONS)
      return { reason: `the pattern is too large: ${expression.programSize()} steps of at most ${MAX_INSTRUCTIONS}` };
    return { detector: toDetector(rule, { triggers: ['always'], find: findPattern(expression) }) };
  } catch (error) {
    return { reason: `not a pattern in RE2 syntax: ${error instanceof Error ? error.message : 'unknown reason'}` };
  }
}

function toDetector(rule: CustomRule, parts: Pick<Detector, 'find' | 'words' | 'triggers'>): Detector {
  const { name, category, severity, action, scope } = rule;
  return { rule: name, category, severity, action, scope, keywords: [], publicPrefix: 0, ...parts };
}

/**
 * Turns a rule of the operator's own into a detector. Keywords are found in one pass with everything else; a pattern runs
 * on RE2 (`re2js`), linear in the text whatever it says, over every text in its scope. Never throws.
 */
export function compileRule(rule: CustomRule): CompiledRule {
  if (rule.keywords !== undefined && rule.pattern !== undefined)
    return { reason: 'give keywords or a pattern, not both' };
  if (rule.keywords !== undefined) return compileKeywords(rule, rule.keywords);
  return rule.pattern === undefined ? { reason: 'give keywords or a pattern' } : compilePattern(rule, rule.pattern);
}
