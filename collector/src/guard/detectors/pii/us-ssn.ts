import type { Detector, Match, StepMeter } from '../../detector.ts';
import { surroundings } from '../context-words.ts';
import { digitGroups, isWordCharacter } from '../number-text.ts';

const SSN_WORDS = /\bssn|social.?sec|soc.?sec|\bitin|tax.?(?:id|payer)|\bid.number|ssn/;
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

function find(text: string, hits: readonly number[], meter: StepMeter): readonly Match[] {
  const matches: Match[] = [];
  for (const hit of hits) {
    const groups = digitGroups(text, hit);
    meter.steps += (groups.at(-1)?.end ?? hit) - hit;
    for (let index = 0; index < groups.length; index += 1) {
      const [first, second, third] = groups.slice(index, index + 3);
      if (first === undefined) continue;
      const separator = second === undefined ? '' : text.slice(first.end, second.start);
      const shaped =
        second !== undefined &&
        third !== undefined &&
        [first, second, third].every(({ start, end }, place) => end - start === SHAPE[place]) &&
        (separator === '-' || separator === ' ') &&
        text.slice(second.end, third.start) === separator;
      const end = shaped ? third.end : first.end;
      const { start } = first;
      if (!shaped && end - start !== 9) continue;
      const joined = /[-.+/]/.test(text.charAt(start - 1)) || /^[-/]\w/.test(text.slice(end, end + 2));
      if (joined || isWordCharacter(text, start - 1) || isWordCharacter(text, end)) continue;
      if (start < (matches.at(-1)?.end ?? 0)) continue;
      const digits = text.slice(start, end).replace(/\D/g, '');
      const score = scoreNumber(digits, shaped, surroundings(text, start, end).before);
      if (score > 0) matches.push({ start, end, score });
    }
  }
  return matches;
}

/** US Social Security numbers: `123-45-6789` and `123 45 6789`; without separators or outside of assigned areas only behind their name. */
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
