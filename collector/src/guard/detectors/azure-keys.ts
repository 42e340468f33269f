import { BASE62, BASE64_SIGNS, characterClass, DASH, HEX, runEnd, UNDERSCORE } from '../character-class.ts';
import type { Detector, Match, StepMeter } from '../detector.ts';
import { isPlaceholder, looksRandom } from './key-shape.ts';

/** The signature inside of an annotated key, where it stands and how long the whole key is. */
const SIGNATURE = 'JQQJ9';
const SIGNATURE_OFFSET = 52;
const ANNOTATED_KEY_LENGTH = 84;
const STORAGE_NAMES = ['AccountKey=', 'AccessKey='];
const STORAGE_KEY_MIN_LENGTH = 40;
const HEADER_NAMES = [
  'api-key',
  'api_key',
  'API_KEY',
  'ApiKey',
  'ubscription-Key',
  'ubscription-key',
  'ubscriptionKey',
  'UBSCRIPTION_KEY',
];
const HEX_KEY_LENGTH = 32;
/** Quotes, colon, equals sign, spaces, an escape: what may stand between a name and its value. */
const SEPARATOR = /[\s"'`:=>\\]/;
const MAX_SEPARATORS = 12;
const CLIENT_SECRET_MARK = '8Q~';
const CLIENT_SECRET_BEFORE = 3;
const CLIENT_SECRET_AFTER = 34;
const BASE64 = BASE62 + BASE64_SIGNS;

function isClientSecretCharacter(text: string, index: number): boolean {
  const character = text.charAt(index);
  return (characterClass(text, index) & (BASE62 + DASH + UNDERSCORE)) !== 0 || character === '.' || character === '~';
}

function annotatedKey(text: string, hit: number): Match | undefined {
  const start = hit - SIGNATURE_OFFSET;
  if (start < 0 || start + ANNOTATED_KEY_LENGTH > text.length) return undefined;
  const key = text.slice(start, start + ANNOTATED_KEY_LENGTH);
  return runEnd(key, 0, BASE62) === ANNOTATED_KEY_LENGTH ? { start, end: start + key.length, score: 1 } : undefined;
}

function clientSecret(text: string, hit: number): Match | undefined {
  const start = hit - CLIENT_SECRET_BEFORE;
  const end = hit + CLIENT_SECRET_MARK.length + CLIENT_SECRET_AFTER;
  if (start < 0 || end > text.length) return undefined;
  for (let index = start; index < end; index += 1) if (!isClientSecretCharacter(text, index)) return undefined;
  if (isPlaceholder(text.slice(hit + CLIENT_SECRET_MARK.length, end))) return undefined;
  return { start, end, score: 1 };
}

function storageKey(text: string, valueStart: number): Match | undefined {
  let end = runEnd(text, valueStart, BASE64);
  if (end - valueStart < STORAGE_KEY_MIN_LENGTH || isPlaceholder(text.slice(valueStart, valueStart + HEX_KEY_LENGTH))) {
    return undefined;
  }
  while (text.charAt(end) === '=') end += 1;
  return { start: valueStart, end, score: 1 };
}

function hexKey(text: string, nameEnd: number): Match | undefined {
  let start = nameEnd;
  while (start < nameEnd + MAX_SEPARATORS && SEPARATOR.test(text.charAt(start))) start += 1;
  if (start === nameEnd) return undefined;
  const end = runEnd(text, start, BASE62);
  const value = text.slice(start, end);
  const isKey =
    end - start === HEX_KEY_LENGTH && runEnd(value, 0, HEX) === HEX_KEY_LENGTH && looksRandom(value) !== false;
  return isKey ? { start, end, score: 0.9 } : undefined;
}

function matchAt(text: string, hit: number): Match | undefined {
  if (text.startsWith(SIGNATURE, hit)) return annotatedKey(text, hit);
  if (text.startsWith(CLIENT_SECRET_MARK, hit)) return clientSecret(text, hit);
  const storageName = STORAGE_NAMES.find((name) => text.startsWith(name, hit));
  if (storageName !== undefined) return storageKey(text, hit + storageName.length);
  const headerName = HEADER_NAMES.find((name) => text.startsWith(name, hit));
  return headerName === undefined ? undefined : hexKey(text, hit + headerName.length);
}

function find(text: string, hits: readonly number[], meter: StepMeter): readonly Match[] {
  const matches: Match[] = [];
  let matchedTo = 0;
  for (const hit of hits) {
    if (hit < matchedTo) continue;
    const match = matchAt(text, hit);
    meter.steps += ANNOTATED_KEY_LENGTH;
    if (match === undefined || match.start < matchedTo) continue;
    matches.push(match);
    matchedTo = match.end;
    meter.steps += match.end - match.start;
  }
  return matches;
}

/**
 * Azure: annotated keys with their signature, storage and service bus keys in connection strings, Entra client secrets,
 * and the older keys of 32 hex digits after the name of a key header or variable.
 * Source: Microsoft, "Azure storage account key" and "Common Annotated Security Key" format descriptions.
 */
export const azureKeys: readonly Detector[] = [
  {
    rule: 'azure-api-key',
    category: 'secret',
    severity: 'critical',
    action: 'redact',
    keywords: [SIGNATURE, CLIENT_SECRET_MARK, ...STORAGE_NAMES, ...HEADER_NAMES],
    publicPrefix: 0,
    find,
  },
];
