import { characterClass, HEX } from '../../character-class.ts';
import type { Detector, Match, StepMeter } from '../../detector.ts';
import { isWordCharacter } from '../number-text.ts';

const LENGTH = 17;
const NEAR = /[\da-f]{2}-(?:[\da-f]{2}-){4}[\da-f]{2}|(?:[\da-f]{4}\.){2}[\da-f]{4}|(?:\d\d:){5}\d\d/i;
const ADDRESS = /^[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}$/;
/** The way of writing of Cisco and others: `001b.4411.3ab7`. */
const DOTTED = /^(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}$/;
const DOTTED_LENGTH = 14;
const NOBODY = /^(?:00.){5}00$|^(?:ff.){5}ff$/i;
/** Two digits six times may be a time or a score: they need a word. */
const ONLY_DIGITS = /^[\d:-]+$/;
const WORDS = ['mac', 'macs', 'ethernet', 'ether', 'hwaddr', 'lladdr', 'bssid', 'arp', 'physical', 'hardware', 'wifi'];
const NAMED = new RegExp(`\\b(?:${WORDS.join('|')})`, 'i');
/** How far behind a word an address with dashes or dots is looked for. */
const CONTEXT_LENGTH = 64;

function addressAt(text: string, start: number): Match | undefined {
  const dotted = DOTTED.test(text.slice(start, start + DOTTED_LENGTH));
  const end = start + (dotted ? DOTTED_LENGTH : LENGTH);
  const address = text.slice(start, end);
  if (!dotted && (!ADDRESS.test(address) || NOBODY.test(address))) return undefined;
  if (ONLY_DIGITS.test(address) && !NAMED.test(text.slice(Math.max(0, start - CONTEXT_LENGTH), start)))
    return undefined;
  const before = text.charAt(start - 1);
  const after = text.slice(end, end + 2);
  if (isWordCharacter(text, start - 1) || isWordCharacter(text, end) || before === ':' || /^[:-]|^\.\w/.test(after))
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

/** Hardware addresses of six octets (IEEE 802) with colons; with dashes or dots only behind a word about them. */
export const macAddress: Detector = {
  rule: 'mac-address',
  category: 'pii',
  severity: 'low',
  action: 'flag',
  keywords: [],
  words: [...WORDS, 'dhcp', 'dhcpack', 'dhcpoffer', 'dhcpdiscover', 'dhcprequest', 'device', 'wlan', 'address'],
  confirmWord: (text, _start, end) => NEAR.test(text.slice(end, end + CONTEXT_LENGTH)),
  triggers: ['colons'],
  publicPrefix: 0,
  find,
};
