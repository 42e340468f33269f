import type { Detector, Match, StepMeter } from '../../detector.ts';
import { surroundings } from '../context-words.ts';
import { isWordCharacter, numberParts, type DigitGroup } from '../number-text.ts';

const SSN_WORDS =
  /ssn|social.?sec|soc.?sec|\bitin|tax.?(?:id|payer)|\bid.number|\bss ?#|\bsocial[\s:=#"']*(?:is|no\.?|number)?[\s:=#"']*$/;
const OTHER_NUMBER_WORDS = /part|sku|order|invoice|model|serial|ticket|isbn|tracking|catalog|item/;
const SHAPE = [3, 2, 4];

/** Areas, groups and serials that were never assigned; 9xx are ITINs and test numbers. Source: SSA, "Social Security Number Randomization". */
function scoreNumber(digits: string, separated: boolean, before: string): number {
  const named = SSN_WORDS.test(before);
  if (digits.startsWith('000') || digits.slice(3, 5) === '00' || digits.endsWith('0000')) return 0;
  if (named) return 0.95;
  if (digits.startsWith('666') || digits.startsWith('9') || !separated) return 0;
  return OTHER_NUMBER_WORDS.test(before) ? 0 : 0.7;
}

function numberAt(text: string, groups: readonly DigitGroup[], index: number): Match | undefined {
  const [first, second, third] = groups.slice(index, index + 3);
  if (first === undefined) return undefined;
  const separator = second === undefined ? '' : text.slice(first.end, second.start);
  const shaped =
    second !== undefined &&
    third !== undefined &&
    [first, second, third].every(({ start, end }, place) => end - start === SHAPE[place]) &&
    (separator === '-' || separator === ' ' || separator === '.') &&
    text.slice(second.end, third.start) === separator;
  const end = shaped ? third.end : first.end;
  const { start } = first;
  if (!shaped && end - start !== 9) return undefined;
  const joined = /[-.+/]/.test(text.charAt(start - 1)) || /^[-/]\w/.test(text.slice(end, end + 2));
  if (joined || isWordCharacter(text, start - 1) || isWordCharacter(text, end)) return undefined;
  const digits = text.slice(start, end).replace(/\D/g, '');
  const score = scoreNumber(digits, shaped && separator !== '.', surroundings(text, start, end).before);
  return score > 0 ? { start, end, score } : undefined;
}

function find(text: string, hits: readonly number[], meter: StepMeter): readonly Match[] {
  const matches: Match[] = [];
  for (const hit of hits) {
    for (const { groups, own } of numberParts(text, hit)) {
      meter.steps += (groups.at(-1)?.end ?? hit) - (groups[0]?.start ?? hit);
      for (let index = 0; index < own; index += 1) {
        const match = numberAt(text, groups, index);
        if (match !== undefined && match.start >= (matches.at(-1)?.end ?? 0)) matches.push(match);
      }
    }
  }
  return matches;
}

/** US Social Security numbers: `123-45-6789` and `123 45 6789`; with dots, without separators or outside of assigned areas only behind their name. */
export const usSsn: Detector = {
  rule: 'us-ssn',
  category: 'pii',
  severity: 'high',
  action: 'redact',
  keywords: [],
  triggers: ['digits'],
  publicPrefix: 0,
  find,
};
