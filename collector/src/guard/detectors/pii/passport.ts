import type { Detector, Match, StepMeter } from '../../detector.ts';
import { isWordCharacter } from '../number-text.ts';

/** How far behind the word its number may stand. */
const CONTEXT_LENGTH = 48;
/** Seven to nine capitals and digits, at least two digits: what ICAO 9303 allows and states issue; in small letters what most look like. */
const NUMBER = /[A-Z0-9]{7,9}|[A-Za-z]{1,3}\d{6,8}/g;
const TRAVEL_DOCUMENT = /^ documents?\b/i;

function find(text: string, hits: readonly number[], meter: StepMeter): readonly Match[] {
  const matches: Match[] = [];
  let matchedTo = 0;
  for (const hit of hits) {
    const from = Math.max(hit, matchedTo);
    const near = text.slice(from, hit + CONTEXT_LENGTH);
    meter.steps += near.length;
    for (const found of near.matchAll(NUMBER)) {
      const start = from + found.index;
      const end = start + found[0].length;
      if (isWordCharacter(text, start - 1) || isWordCharacter(text, end)) continue;
      if (found[0].length > 9 || !/\d\D*\d/.test(found[0]) || /^-\d/.test(text.slice(end, end + 2))) continue;
      matches.push({ start, end, score: 0.85 });
      matchedTo = end;
      break;
    }
  }
  return matches;
}

/** Passport numbers behind the word for them, in a few languages. Source: ICAO Doc 9303 part 4 (length and alphabet). */
export const passport: Detector = {
  rule: 'passport',
  category: 'pii',
  severity: 'medium',
  action: 'flag',
  keywords: [],
  words: [
    ...['passport', 'passportno', 'passportnumber', 'passeport', 'reisepass', 'passnummer', 'pasaporte'],
    ...['passaporto', 'passaporte', 'paspoort', 'paszport', 'paszportu', 'pasaportu', 'travel'],
    ...[
      'passportid',
      'passports',
      'passeports',
      'pasaportes',
      'reisepassnummer',
      'reisepassnr',
      'passnr',
      'paspoortnummer',
    ],
  ],
  confirmWord: (text, start, end) => end - start !== 6 || TRAVEL_DOCUMENT.test(text.slice(end, end + 12)),
  publicPrefix: 0,
  find,
};
