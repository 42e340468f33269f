import { isIPv6 } from 'node:net';
import { characterClass, DIGIT, HEX } from '../../character-class.ts';
import type { Detector, Match, StepMeter } from '../../detector.ts';
import { surroundings } from '../context-words.ts';
import { isWordCharacter } from '../number-text.ts';

const MAX_IPV4_LENGTH = 15;
const MAX_IPV6_LENGTH = 45;
/** Fewest digits of an address that is worth a finding: `::1` and `a::b` are no one's. */
const MIN_IPV6_DIGITS = 6;
/** `fe80::1`, `2a02::7`: a whole first group is an address all the same. */
const SHORT_IPV6 = /^[0-9a-f]{4}:/i;
const VERSION_WORDS =
  /(?:(?:version|release|build|firmware|chrome\/|\w\/|section|chapter|clause|§)[\s:="']*|\bv[.:= ]?)$/;
/** What has versions of four parts. Private addresses (RFC 1918) behind them are addresses: `docker 172.17.0.2`. */
const PRODUCT_WORDS =
  /\b(?:python|java|jdk|jre|openjdk|node(?:js)?|npm|ruby|php|perl|golang|nginx|apache|tomcat|postgres(?:ql)?|mysql|mariadb|sql server|exchange server|redis|kafka|openssl|docker|terraform|ansible|cuda|dotnet|\.net|sdk|kernel|driver|chrome|chromium|firefox|safari|edge|windows|android|ios|macos|office|packages?|bundle|release notes|hotfix|patch|plugin|module|assembly|framework|runtime|wheel|gem|rev(?:ision)?|ver)[\s:=]{1,2}$/;
const PRIVATE = /^(?:192\.168|172\.(?:1[6-9]|2\d|3[01]))\./;
/** EUI-64, an identifier of a device: IPv6 is never written in eight groups of two. */
const EUI_64 = /^(?:[0-9a-f]{2}:){7}[0-9a-f]{2}$/i;
const ADDRESS_WORDS = /\bip|host|addr|server|ping|dns|connect|gateway|client|subnet|network|router|from|proxy/;
const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?![\d])(?!\.\d)/;
const PORT = /:(\d{2,5})$/;
const KNOWN_PORTS = new Set([
  '443',
  '3000',
  '3306',
  '5000',
  '5432',
  '6379',
  '8080',
  '8443',
  '9000',
  '9090',
  '9200',
  '27017',
]);
const NOBODY = /^(?:0\.|127\.|255\.)/;

function ipv4At(text: string, start: number): Match | undefined {
  const octets = IPV4.exec(text.slice(start, start + MAX_IPV4_LENGTH + 2));
  if (octets === null || isWordCharacter(text, start - 1) || /[.\-+]/.test(text.charAt(start - 1))) return undefined;
  const [address, ...numbers] = octets;
  const end = start + address.length;
  if (numbers.some((octet) => Number(octet) > 255 || (octet.length > 1 && octet.startsWith('0')))) return undefined;
  if (NOBODY.test(address) || /^[-+]?[a-z_]/i.test(text.slice(end, end + 2))) return undefined;
  const { before } = surroundings(text, start, end);
  const inUrl = before.endsWith('//') || before.endsWith('@');
  if (!inUrl && VERSION_WORDS.test(before)) return undefined;
  if (!inUrl && PRODUCT_WORDS.test(before) && !PRIVATE.test(address)) return undefined;
  // Numbered sections look the same: small numbers need a word.
  const isSmall = numbers.every((octet) => octet.length === 1);
  if (isSmall && !inUrl && !ADDRESS_WORDS.test(before)) return undefined;
  return { start, end, score: 0.9 };
}

/** Length of `:5432` behind an address: what is left over when there are too many groups, or a port everyone knows. */
function portLength(address: string): number {
  const port = PORT.exec(address);
  if (port === null) return 0;
  const isPort = isIPv6(address) ? KNOWN_PORTS.has(port[1] ?? '') : isIPv6(address.slice(0, port.index));
  return isPort ? port[0].length : 0;
}

/** `colon`: offset of a colon that has another next to it or a few before it. */
function ipv6Around(text: string, colon: number): Match | undefined {
  let start = colon;
  while (start > 0 && colon - start < MAX_IPV6_LENGTH && isAddressCharacter(text, start - 1)) start -= 1;
  let end = colon;
  while (end - start < MAX_IPV6_LENGTH && isAddressCharacter(text, end)) end += 1;
  while (end > colon && /[.:]/.test(text.charAt(end - 1)) && !text.startsWith('::', end - 2)) end -= 1;
  end -= portLength(text.slice(start, end));
  const address = text.slice(start, end);
  const digits = address.replaceAll(/[.:]/g, '');
  if (!/\d/.test(digits) || (digits.length < MIN_IPV6_DIGITS && !SHORT_IPV6.test(address))) return undefined;
  if (isWordCharacter(text, start - 1) || isWordCharacter(text, end) || !isIPv6(address) || EUI_64.test(address))
    return undefined;
  return { start, end, score: 0.95 };
}

/** The colons of one address are looked at once. */
function runEndOfAddress(text: string, colon: number): number {
  let end = colon;
  while (end - colon < MAX_IPV6_LENGTH && isAddressCharacter(text, end)) end += 1;
  return end;
}

function isAddressCharacter(text: string, index: number): boolean {
  const character = text.charAt(index);
  return (characterClass(text, index) & (HEX | DIGIT)) !== 0 || character === ':' || character === '.';
}

function find(text: string, hits: readonly number[], meter: StepMeter): readonly Match[] {
  const matches: Match[] = [];
  let matchedTo = 0;
  let colonsReadTo = 0;
  for (const hit of hits) {
    const isColon = text.charAt(hit) === ':';
    if (hit < matchedTo || (isColon && hit < colonsReadTo)) continue;
    meter.steps += MAX_IPV6_LENGTH;
    if (isColon) colonsReadTo = runEndOfAddress(text, hit);
    const match = isColon ? ipv6Around(text, hit) : ipv4At(text, hit);
    if (match === undefined || match.start < matchedTo) continue;
    matches.push(match);
    matchedTo = match.end;
  }
  return matches;
}

/** IPv4 and IPv6 addresses (RFC 4291 section 2.2) but versions, loopback, masks and `0.0.0.0`. */
export const ipAddress: Detector = {
  rule: 'ip-address',
  category: 'pii',
  severity: 'low',
  action: 'flag',
  keywords: [],
  triggers: ['dots', 'colons'],
  publicPrefix: 0,
  find,
};
