import { BASE62, BASE64_SIGNS, characterClass, DIGIT, LOWER, runEnd, UPPER } from '../character-class.ts';
import type { Detector, Match, StepMeter } from '../detector.ts';
import { createKeyDetector, entropyBits, isPlaceholder } from './key-shape.ts';

const SECRET_ALPHABET = BASE62 + BASE64_SIGNS;
const SECRET_LENGTH = 40;
const MIN_SECRET_ENTROPY_BITS = 4;
/** How far behind its name or its key id a secret may stand. */
const CONTEXT_LENGTH = 100;
const KEY_ID_PREFIXES = ['AKIA', 'ASIA', 'ABIA', 'ACCA'];
const SECRET_NAMES = ['ecret_access_key', 'ecretAccessKey', 'ECRET_ACCESS_KEY', 'aws_secret', 'AWS_SECRET'];

/** Both cases and digits: a SHA-1 in hex has the same length and is no secret. */
function isSecretKey(run: string): boolean {
  let seen = 0;
  for (let index = 0; index < run.length; index += 1) seen |= characterClass(run, index);
  const all = DIGIT | UPPER | LOWER;
  return (seen & all) === all && entropyBits(run) >= MIN_SECRET_ENTROPY_BITS && !isPlaceholder(run);
}

function findSecrets(text: string, hits: readonly number[], meter: StepMeter): readonly Match[] {
  const matches: Match[] = [];
  let searchedTo = 0;
  for (const hit of hits) {
    const limit = Math.min(text.length, hit + CONTEXT_LENGTH);
    let at = Math.max(hit, searchedTo);
    while (at < limit) {
      const end = runEnd(text, at, SECRET_ALPHABET);
      meter.steps += end - at + 1;
      const run = text.slice(at, end);
      if (run.length === SECRET_LENGTH && isSecretKey(run)) matches.push({ start: at, end, score: 1 });
      at = end + 1;
    }
    searchedTo = Math.max(searchedTo, at);
  }
  return matches;
}

/**
 * Access key ids (`AKIA…`, 20 characters) and secret access keys: forty characters of base64 without a prefix, so only
 * near a name such as `aws_secret_access_key` or after a key id. Source: AWS IAM user guide, "IAM identifiers".
 */
export const awsKeys: readonly Detector[] = [
  {
    rule: 'aws-secret-access-key',
    category: 'secret',
    severity: 'critical',
    action: 'redact',
    keywords: [...SECRET_NAMES, ...KEY_ID_PREFIXES],
    publicPrefix: 0,
    find: findSecrets,
  },
  createKeyDetector(
    'aws-access-key-id',
    [...KEY_ID_PREFIXES.map((prefix) => ({ prefix, min: 16, max: 16 })), { prefix: 'A3T', min: 17, max: 17 }].map(
      (shape) => ({ ...shape, alphabet: UPPER + DIGIT })
    )
  ),
];
