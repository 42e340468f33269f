import type { Detector, Match, StepMeter } from '../../detector.ts';
import { surroundings } from '../context-words.ts';
import { digitsBetween, isWordCharacter, numberParts, passesLuhn } from '../number-text.ts';

/** Issuer ranges (first digits, inclusive) and lengths. Source: ISO/IEC 7812 registrations as the networks publish them. */
const ISSUERS: readonly (readonly [from: number, to: number, lengths: readonly number[]])[] = [
  [4, 4, [13, 16, 19]], // Visa
  [51, 55, [16]], // Mastercard
  [2221, 2720, [16]],
  [34, 34, [15]], // American Express
  [37, 37, [15]],
  [300, 305, [14, 16]], // Diners Club
  [3095, 3095, [14, 16]],
  [36, 36, [14, 16, 19]],
  [38, 39, [14, 16, 19]],
  [6011, 6011, [16, 19]], // Discover
  [644, 649, [16, 19]],
  [65, 65, [16, 19]],
  [62, 62, [16, 17, 18, 19]], // UnionPay
  [3528, 3589, [16, 17, 18, 19]], // JCB
  [1800, 1800, [15]],
  [2131, 2131, [15]],
  [5018, 5018, [12, 13, 14, 15, 16, 17, 18, 19]], // Maestro
  [5020, 5020, [12, 13, 14, 15, 16, 17, 18, 19]],
  [5038, 5038, [12, 13, 14, 15, 16, 17, 18, 19]],
  [5893, 5893, [12, 13, 14, 15, 16, 17, 18, 19]],
  [6304, 6304, [12, 13, 14, 15, 16, 17, 18, 19]],
  [6759, 6763, [12, 13, 14, 15, 16, 17, 18, 19]],
  [2200, 2204, [16, 17, 18, 19]], // Mir
  [60, 60, [16]], // RuPay
  [81, 82, [16]],
  [508, 508, [16]],
];
/** Lengths that other long numbers have too: only with a word about cards nearby. */
const COMMON_LENGTHS: ReadonlySet<number> = new Set([12, 13, 14, 17, 18]);
const CARD_WORDS =
  /card|credit|debit|visa|master|amex|maestro|diners|discover|jcb|union ?pay|payment|pan\b|\bcc\b|carte|karte|tarjeta|\bcarta\b|cart[aã]o|\bcharge\b|\brefund|карт|カード|卡/;
/** Diners Club prints fourteen digits like this, and nobody else does. */
const DINERS = /^\d{4}[ -]\d{6}[ -]\d{4}$/;
/** Ranges change: next to a word about cards the industry digit and a card's usual lengths are enough. */
const UNLISTED = /^[3-6]\d{14,15}$/;
const MIN_LENGTH = 12;
const MAX_LENGTH = 19;

function isIssued(digits: string): boolean {
  return ISSUERS.some(([from, to, lengths]) => {
    const first = Number(digits.slice(0, String(from).length));
    return first >= from && first <= to && lengths.includes(digits.length);
  });
}

/** Offset after the last group that is joined by single spaces or dashes, all of one kind. */
function joinedEnd(text: string, groups: readonly { start: number; end: number }[], first: number): number {
  let end = groups[first]?.end ?? 0;
  let separator = '';
  for (const { start, end: groupEnd } of groups.slice(first + 1)) {
    const between = text.slice(end, start);
    if ((between !== ' ' && between !== '-') || (separator !== '' && separator !== between)) break;
    if (groupEnd - start < 2) break;
    separator = between;
    end = groupEnd;
  }
  return end;
}

function cardAt(text: string, start: number, end: number): Match | undefined {
  const digits = digitsBetween(text, start, end);
  if (digits.length < MIN_LENGTH || digits.length > MAX_LENGTH) return undefined;
  if (isWordCharacter(text, start - 1) || isWordCharacter(text, end) || text.charAt(start - 1) === '.')
    return undefined;
  if (!passesLuhn(digits) || /^(\d)\1+$/.test(digits)) return undefined;
  const issued = isIssued(digits);
  if (!issued || (COMMON_LENGTHS.has(digits.length) && !DINERS.test(text.slice(start, end)))) {
    const { before, after } = surroundings(text, start, end);
    if (!CARD_WORDS.test(before) && !CARD_WORDS.test(after)) return undefined;
    if (!issued && !UNLISTED.test(digits)) return undefined;
  }
  return { start, end, score: issued ? 0.95 : 0.75 };
}

function find(text: string, hits: readonly number[], meter: StepMeter): readonly Match[] {
  const matches: Match[] = [];
  let matchedTo = 0;
  for (const hit of hits) {
    for (const { groups, own } of numberParts(text, hit)) {
      meter.steps += (groups.at(-1)?.end ?? hit) - (groups[0]?.start ?? hit);
      for (const [index, { start }] of groups.slice(0, own).entries()) {
        if (start < matchedTo) continue;
        const match = cardAt(text, start, joinedEnd(text, groups, index));
        if (match === undefined) continue;
        matches.push(match);
        matchedTo = match.end;
      }
    }
  }
  return matches;
}

/** Payment card numbers: Luhn digit, a range some network issues, and its length; lengths that are common elsewhere need a word about cards. */
export const creditCard: Detector = {
  rule: 'credit-card',
  category: 'pii',
  severity: 'high',
  action: 'redact',
  keywords: [],
  triggers: ['digits'],
  publicPrefix: 0,
  find,
};
