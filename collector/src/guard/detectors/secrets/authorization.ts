import type { Detector, Match, StepMeter } from '../../detector.ts';
import { entropyBits } from '../key-shape.ts';
import { isNoSecret, isWords, looksGenerated } from './secret-values.ts';

/** Schemes of RFC 9110 section 11 and those in use; behind `Authorization` any token will do. */
const CREDENTIALS =
  /^(?:bearer|basic|ntlm|negotiate|token|apikey|digest|ssws)["']?[:=]?\s{1,2}["']?([A-Za-z0-9._~+/=:|-]{8,2048})/i;
const HEADER = /^authorization["']?\s{0,2}[:=]\s{0,2}["']?([A-Za-z0-9._~+/=:|-]{16,2048})/i;
const CURL_USER = /\s(?:-u|--user)[ =]{0,2}(["']?)([^\s:"'$<{]{1,64}):([^\s"'$<{*]{3,128})\1/;
const CURL_LENGTH = 512;
const MAX_LENGTH = 2100;
const LOOK_AHEAD = 40;
const TOKEN_BITS = 4;

/** Session ids and tokens in `Cookie` and `Set-Cookie` (RFC 6265): names as the common servers choose them. */
const COOKIE_HEADER = /^cookie["']?\s?[:=]\s?["']?/i;
const COOKIE =
  /(?<=[\s;"':=])[\w.-]{0,32}(?:sess|sid|auth|token|jwt|remember|login)[\w.-]{0,32}=([A-Za-z0-9._~+/%:|-]{16,1024})/gi;

/** `user:password` in base64, or at least no word. */
function isCredential(value: string): boolean {
  return (
    !isNoSecret(value) &&
    (looksGenerated(value) ||
      (entropyBits(value) >= TOKEN_BITS && /\d/.test(value) && /[a-z]/.test(value) && /[A-Z]/.test(value)) ||
      (value.length >= 12 && !isWords(value) && /[A-Z]/.test(value)))
  );
}

function cookiesAt(text: string, hit: number): readonly Match[] {
  const [line = ''] = text.slice(hit, hit + MAX_LENGTH).split('\n', 1);
  return [...line.matchAll(COOKIE)].flatMap((found) => {
    const value = found[1] ?? '';
    const end = hit + found.index + found[0].length;
    return isCredential(value) ? [{ start: end - value.length, end, score: 0.8 }] : [];
  });
}

function find(text: string, hits: readonly number[], meter: StepMeter): readonly Match[] {
  const matches: Match[] = [];
  let matchedTo = 0;
  let curlReadTo = 0;
  for (const hit of hits) {
    if (hit < matchedTo) continue;
    const isCurl = text.slice(hit, hit + 4).toLowerCase() === 'curl';
    if (isCurl) {
      if (hit < curlReadTo) continue;
      curlReadTo = hit + CURL_LENGTH;
      const command = text.slice(hit, hit + CURL_LENGTH);
      meter.steps += command.length;
      const found = CURL_USER.exec(command);
      const password = found?.[3] ?? '';
      if (found === null || isNoSecret(password)) continue;
      const end = hit + found.index + found[0].length - (found[1] ?? '').length;
      matches.push({ start: end - password.length, end, score: 0.8 });
      matchedTo = end;
      continue;
    }
    meter.steps += LOOK_AHEAD;
    if (COOKIE_HEADER.test(text.slice(hit, hit + LOOK_AHEAD))) {
      const cookies = cookiesAt(text, hit);
      meter.steps += MAX_LENGTH;
      matches.push(...cookies);
      matchedTo = cookies.at(-1)?.end ?? matchedTo;
      continue;
    }
    const near = text.slice(hit, hit + MAX_LENGTH);
    const value = (CREDENTIALS.exec(near) ?? HEADER.exec(near))?.[1];
    if (value === undefined) continue;
    meter.steps += value.length;
    if (!isCredential(value)) continue;
    const start = text.indexOf(value, hit);
    matchedTo = start + value.length;
    matches.push({ start, end: matchedTo, score: 0.9 });
  }
  return matches;
}

/** Only where something that is no plain word follows. */
function confirmWord(text: string, start: number, end: number): boolean {
  switch (text.slice(start, end).toLowerCase()) {
    case 'cookie':
      return COOKIE_HEADER.test(text.slice(start, start + LOOK_AHEAD));
    case 'curl':
      return /\s-/.test(text.slice(end, end + LOOK_AHEAD));
    default:
      return /^["']?[:=]?\s{0,2}["']?[A-Za-z0-9._~+/=|-]{8}/.test(text.slice(end, end + 16));
  }
}

/** Credentials of HTTP: `Authorization` headers of any scheme (RFC 9110, 6750, 7617) and `curl -u user:password`. */
export const authorization: Detector = {
  rule: 'authorization-credentials',
  category: 'secret',
  severity: 'critical',
  action: 'redact',
  keywords: [],
  words: ['bearer', 'basic', 'ntlm', 'negotiate', 'authorization', 'curl', 'token', 'ssws', 'cookie'],
  confirmWord,
  publicPrefix: 0,
  find,
};
