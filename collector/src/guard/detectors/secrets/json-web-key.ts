import { BASE64URL, runEnd } from '../../character-class.ts';
import type { Detector, Match, StepMeter } from '../../detector.ts';

/** Members of a key stand together; `kty` names it. */
const REACH = 2048;
const PRIVATE_MEMBER = /(?<![\w-])["']?(d|k|p|q|dp|dq|qi)["']?\s{0,4}:\s{0,16}["']/g;
const MIN_LENGTH = 20;

function find(text: string, hits: readonly number[], meter: StepMeter): readonly Match[] {
  const matches: Match[] = [];
  let searchedTo = 0;
  for (const hit of hits) {
    const from = Math.max(searchedTo, hit - REACH);
    const to = Math.min(text.length, hit + REACH);
    if (from >= to) continue;
    meter.steps += to - from;
    searchedTo = to;
    for (const member of text.slice(from, to).matchAll(PRIVATE_MEMBER)) {
      const start = from + member.index + member[0].length;
      const end = runEnd(text, start, BASE64URL);
      meter.steps += end - start;
      if (end - start < MIN_LENGTH || start < (matches.at(-1)?.end ?? 0)) continue;
      matches.push({ start, end, score: 0.95 });
      searchedTo = Math.max(searchedTo, end);
    }
  }
  return matches;
}

/** Private members of JSON Web Keys: `d`, `k` and the primes. Source: RFC 7518 section 6. */
export const jsonWebKey: Detector = {
  rule: 'json-web-key',
  category: 'secret',
  severity: 'critical',
  action: 'redact',
  keywords: [],
  words: ['kty'],
  publicPrefix: 0,
  find,
};
