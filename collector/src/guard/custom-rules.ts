import { RE2JS } from 're2js';
import type { FindingCategory, GuardAction, Severity } from '../span.ts';
import type { Detector, Match, StepMeter } from './detector.ts';
import type { RuleScope } from './rule-scope.ts';

const MAX_KEYWORDS = 1000;
const MAX_KEYWORD_LENGTH = 200;
const MAX_PATTERN_LENGTH = 1000;
/** Matches of one rule in one text; more say nothing more, and redaction of a text of matches is a drop. */
const MAX_MATCHES = 1000;
/** Steps of one character: the automaton may be in several states. */
const STEPS_PER_CHARACTER = 4;
const SCORE = 1;
const FIRST_WORD = /^[a-z]+(?![a-z\u00c0-\uffff])/;
const WORD_CHARACTER = /[\p{L}\p{N}_]/u;

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
  return !WORD_CHARACTER.test(text.charAt(start - 1)) && !WORD_CHARACTER.test(text.charAt(end));
}

function findPhrases(phrases: readonly string[]): Detector['find'] {
  const byFirst = new Map<string, string[]>();
  for (const phrase of phrases) {
    const first = phrase.charAt(0);
    byFirst.set(
      first,
      [...(byFirst.get(first) ?? []), phrase].sort((a, b) => b.length - a.length)
    );
  }
  return (text, hits, meter) => {
    const matches: Match[] = [];
    let matchedTo = 0;
    for (const start of hits) {
      if (start < matchedTo) continue;
      const near = text.slice(start, start + MAX_KEYWORD_LENGTH).toLowerCase();
      meter.steps += MAX_KEYWORD_LENGTH;
      const phrase = byFirst
        .get(near.charAt(0))
        ?.find((each) => near.startsWith(each) && isWholeWord(text, start, start + each.length));
      if (phrase === undefined) continue;
      matchedTo = start + phrase.length;
      matches.push({ start, end: matchedTo, score: SCORE });
      if (matches.length >= MAX_MATCHES) break;
    }
    return matches;
  };
}

/** Phrases in any script: one search for each. */
function findAnywhere(phrases: readonly string[]): Detector['find'] {
  return (text, _hits, meter) => {
    const lower = text.toLowerCase();
    // A few letters change their length with their case: then offsets would lie.
    const searched = lower.length === text.length ? lower : text;
    const matches: Match[] = [];
    for (const phrase of phrases) {
      meter.steps += text.length;
      for (let at = searched.indexOf(phrase); at !== -1; at = searched.indexOf(phrase, at + phrase.length)) {
        if (isWholeWord(text, at, at + phrase.length))
          matches.push({ start: at, end: at + phrase.length, score: SCORE });
        if (matches.length >= MAX_MATCHES) break;
      }
    }
    matches.sort((a, b) => a.start - b.start);
    return matches.filter(({ start }, index) => index === 0 || start >= (matches[index - 1]?.end ?? 0));
  };
}

function findExpression(expression: RE2JS): Detector['find'] {
  return (text: string, _hits: readonly number[], meter: StepMeter): readonly Match[] => {
    meter.steps += text.length * STEPS_PER_CHARACTER;
    const matches: Match[] = [];
    const matcher = expression.matcher(text);
    while (matches.length < MAX_MATCHES && matcher.find()) {
      const start = matcher.start();
      // A match never leaves the JSON string it began in.
      const quote = text.slice(start, matcher.end()).indexOf('"');
      const end = quote === -1 ? matcher.end() : start + quote;
      if (end > start) matches.push({ start, end, score: SCORE });
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

function compilePattern(rule: CustomRule, pattern: string): CompiledRule {
  if (pattern.length === 0 || pattern.length > MAX_PATTERN_LENGTH) {
    return { reason: `a pattern has 1 to ${MAX_PATTERN_LENGTH} characters` };
  }
  try {
    const expression = RE2JS.compile(pattern);
    if (expression.matcher('').find())
      return { reason: 'the pattern matches the empty text, so it would match everywhere' };
    return { detector: toDetector(rule, { triggers: ['always'], find: findExpression(expression) }) };
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
