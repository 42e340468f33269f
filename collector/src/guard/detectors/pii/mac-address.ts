import { characterClass, HEX } from '../../character-class.ts';
import type { Detector, Match, StepMeter } from '../../detector.ts';
import { isWordCharacter } from '../number-text.ts';

const LENGTH = 17;
const ADDRESS = /^[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}$/;
const NOBODY = /^(?:00.){5}00$|^(?:ff.){5}ff$/i;
/** How far behind the word `mac` an address with dashes is looked for. */
const CONTEXT_LENGTH = 48;

function addressAt(text: string, start: number): Match | undefined {
  const end = start + LENGTH;
  const address = text.slice(start, end);
  if (!ADDRESS.test(address) || NOBODY.test(address)) return undefined;
  const before = text.charAt(start - 1);
  const after = text.slice(end, end + 2);
  if (isWordCharacter(text, start - 1) || isWordCharacter(text, end) || before === ':' || /^[:-]/.test(after))
    return undefined;
  return { start, end, score: 0.95 };
}

function find(text: string, hits: readonly number[], meter: StepMeter): readonly Match[] {
  const matches: Match[] = [];
  let searchedTo = 0;
  for (const hit of hits) {
    const isColon = text.charAt(hit) === ':';
    const limit = Math.min(text.length, isColon ? hit + 1 : hit + CONTEXT_LENGTH);
    for (let start = Math.max(searchedTo, isColon ? hit - LENGTH : hit); start < limit; start += 1) {
      meter.steps += 1;
      if ((characterClass(text, start) & HEX) === 0) continue;
      const match = addressAt(text, start);
      if (match === undefined) continue;
      matches.push(match);
      searchedTo = match.end;
      break;
    }
    searchedTo = Math.max(searchedTo, limit - LENGTH);
  }
  return matches;
}

/** Hardware addresses of six octets (IEEE 802) with colons; with dashes only behind the word MAC. */
export const macAddress: Detector = {
  rule: 'mac-address',
  category: 'pii',
  severity: 'low',
  action: 'flag',
  keywords: [],
  words: ['mac', 'ethernet'],
  triggers: ['colons'],
  publicPrefix: 0,
  find,
};
