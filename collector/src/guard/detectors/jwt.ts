import { BASE62, BASE64_SIGNS, BASE64URL, runEnd } from '../character-class.ts';
import type { Detector, Match, StepMeter } from '../detector.ts';

/** base64url of `{"`: how a JSON object begins. */
const OBJECT_START = 'eyJ';
/** base64 of that. */
const ENCODED_START = 'ZXlK';
/** A header that is longer than this names no algorithm of a token in use. */
const MAX_HEADER_LENGTH = 4096;
const MIN_PART_LENGTH = 8;

function isHeader(encoded: string): boolean {
  try {
    const header: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
    return typeof header === 'object' && header !== null && 'alg' in header;
  } catch {
    return false;
  }
}

/** A token that was encoded once more. */
function encodedTwice(text: string, start: number, meter: StepMeter): Match | undefined {
  let end = runEnd(text, start, BASE62 + BASE64_SIGNS);
  meter.steps += end - start;
  const inner = Buffer.from(text.slice(start, Math.min(end, start + MAX_HEADER_LENGTH)), 'base64').toString('latin1');
  if (!isHeader(inner.slice(0, Math.max(0, inner.indexOf('.'))))) return undefined;
  while (text.charAt(end) === '=') end += 1;
  return { start, end, score: 0.9 };
}

function find(text: string, hits: readonly number[], meter: StepMeter): readonly Match[] {
  const matches: Match[] = [];
  let readTo = 0;
  for (const start of hits) {
    if (start < readTo) continue;
    if (text.startsWith(ENCODED_START, start)) {
      const match = encodedTwice(text, start, meter);
      if (match === undefined) continue;
      matches.push(match);
      readTo = match.end;
      continue;
    }
    const headerEnd = runEnd(text, start, BASE64URL);
    meter.steps += headerEnd - start;
    readTo = headerEnd;
    if (text.charAt(headerEnd) !== '.' || headerEnd - start > MAX_HEADER_LENGTH) continue;
    const payloadEnd = runEnd(text, headerEnd + 1, BASE64URL);
    meter.steps += payloadEnd - headerEnd;
    if (payloadEnd - headerEnd <= MIN_PART_LENGTH || !isHeader(text.slice(start, headerEnd))) continue;
    // Five parts when encrypted (JWE), three when signed, two when a log cut the signature off.
    let end = payloadEnd;
    for (let part = 0; part < 3 && text.charAt(end) === '.'; part += 1) end = runEnd(text, end + 1, BASE64URL);
    if (text.charAt(end - 1) === '.') end -= 1;
    meter.steps += end - payloadEnd;
    matches.push({ start, end, score: 1 });
    readTo = end;
  }
  return matches;
}

/** JSON Web Tokens with a header that decodes and names an algorithm. Source: RFC 7519, RFC 7515 section 3. */
export const jwt: Detector = {
  rule: 'jwt',
  category: 'secret',
  severity: 'high',
  action: 'redact',
  keywords: [OBJECT_START, ENCODED_START],
  publicPrefix: 3,
  find,
};
