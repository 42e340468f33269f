import type { Detector, Match, StepMeter } from '../../detector.ts';

const CONTEXT_LENGTH = 40;
const MONTHS = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|januar|märz|mai|juni|juli|okt|dez';
const DATE = new RegExp(
  String.raw`\b(?:(?:19|20)\d\d[-./](?:0?[1-9]|1[0-2])[-./](?:0?[1-9]|[12]\d|3[01])|(?:0?[1-9]|[12]\d|3[01])[-./](?:0?[1-9]|[12]\d|3[01])[-./](?:(?:19|20)\d\d|\d\d)|` +
    String.raw`(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|\.)? (?:${MONTHS})[a-z]{0,6},? (?:19|20)\d\d|(?:${MONTHS})[a-z]{0,6} (?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?,? (?:19|20)\d\d)\b`,
  'i'
);

function find(text: string, hits: readonly number[], meter: StepMeter): readonly Match[] {
  const matches: Match[] = [];
  let matchedTo = 0;
  for (const hit of hits) {
    const from = Math.max(hit, matchedTo);
    const near = text.slice(from, hit + CONTEXT_LENGTH);
    meter.steps += near.length;
    const found = DATE.exec(near);
    if (found === null || found[0].includes('"')) continue;
    const start = from + found.index;
    matchedTo = start + found[0].length;
    matches.push({ start, end: matchedTo, score: 0.85 });
  }
  return matches;
}

/** A date behind `born`, `date of birth`, `DOB` and the like: any other date says nothing about a person. */
export const dateOfBirth: Detector = {
  rule: 'date-of-birth',
  category: 'pii',
  severity: 'medium',
  action: 'flag',
  keywords: [],
  words: [
    'dob',
    'born',
    'birth',
    'birthdate',
    'birthday',
    'dateofbirth',
    'geboren',
    'geburtsdatum',
    'naissance',
    'nacimiento',
  ],
  publicPrefix: 0,
  find,
};
