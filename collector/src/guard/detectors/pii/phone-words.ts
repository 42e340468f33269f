import type { Surroundings } from '../context-words.ts';

const WORDS = new RegExp(
  [
    String.raw`phone|\btel\b|\btel[.:]|telefon|t[ée]l[ée]phone|mobil|\bcell|\bfax|whats ?app|\bsms\b|\bcall(?:ed|ing|s)?\b|\bdial|hotline`,
    String.raw`\btext me|\b[ck]onta[ck]t[^\n]*$|reach (?:me|us|him|her|them|out)|messages? (?:to|at)|voicemail|ring me|rufnummer|handy|natel`,
    String.raw`\bmy (?:\w+ ){0,2}number(?: is|:) ?$|\b(?:r[uü]ck)?ruf|\banruf|erreich|durchwahl|\bappel|\bportable|\bll[aá]m|m[oó]vil|celular|tel[eé]f[oó]n`,
    String.raw`\bligue|chiam|komórk|\bkom\.|\bgsm\b|\bt(?:lf|fno?)\b|\bmob\b|\bp(?:h|uh)[.:]?\s|\bfon\b|\bnum[ée]ro(?: est(?: le)?)?\s?:?\s?$`,
    String.raw`тел(?:\.|ефон)|звон|моб|τηλ|电话|電話|手机|手機|携帯|전화|휴대|هاتف|फ़ोन|फोन`,
  ].join('|')
);
const WORDS_BEHIND = /^[\s,()"<:]*(?:office|fax|mobile|mob|cell|home|work|phone|tel|whatsapp)\b/;
const LINE_ENDS = /^[\s,()"<:]*[a-z]+\s*(?:$|[\n,;)])/;
/** A word about phones and nothing but `number`, `is`, `me at` and the like up to the number. */
const RIGHT_BEFORE = new RegExp(
  [
    String.raw`(?:phone(?!s)|\btel|telefon|t[ée]l[ée]phone|mobil|\bcell(?!s)|\bfax|whats ?app|\bsms|\bcall(?!s)|\bdial|hotline|\btext|messages?|voicemail|\bring`,
    String.raw`|ruf|handy|natel|erreich|durchwahl|\bappel|portable|\bll[aá]m|m[oó]vil|celular|tel[eé]f[oó]n|\bligue|chiam|komórk|\bkom\b|\bgsm|\bt(?:lf|fno?)\b|\bmob\b|\bpu?h\b|\bfon\b`,
    String.raw`|\b[ck]onta[ck]ts?(?: me| us)?(?: at| on|:)|reach (?:me|us|him|her|them)|\bmy number|\bnum[ée]ro|тел|звон|моб|τηλ|电话|電話|手机|手機|携帯|전화|휴대|هاتف|फ़ोन|फोन)`,
    String.raw`[a-zà-ÿ]{0,8}(?:[^a-z0-9\n]{1,4}(?:number|num[ée]ro|n[uú]mer[oa]?|nummer|lautet|unter|please|[a-z]{1,3})\b){0,4}(?:number|nummer)?[^a-z0-9]{0,6}$`,
  ].join('')
);
/** Numbers that are named as something else. */
const OTHER_WORDS =
  /(?:\b|_)(?:npi|ssn|iban|isbn|issn|account|acct|card|epoch|timestamp|inode|order|invoice|ticket|serial|s\/n|sku|part|bytes|build|job|version|uid|gid|pid|passport|routing|imei|iccid|zip|postal|tax|mrn|policy|docket|case|ref(?:erence)?|id|ean|gtin|upc|price|total|ts|time)\b[^a-z0-9]{0,8}(?:(?:no|number|num|nr|is)\b[^a-z0-9]{0,4})?$/;

/** How sure the words around a number make it that it is a phone number. */
export type PhoneNaming = 'other' | 'none' | 'near' | 'next';

/**
 * What the words around a number say: `other` is named as something else, `near` has a word about phones on its line,
 * `next` has one as its name (`call me at 5550132`). A count stands near such words, too: `3 calls, 1048576 bytes`.
 */
export function phoneNaming({ before, after }: Surroundings): PhoneNaming {
  if (OTHER_WORDS.test(before)) return 'other';
  const behind = WORDS_BEHIND.test(after);
  if (RIGHT_BEFORE.test(before) || (behind && LINE_ENDS.test(after))) return 'next';
  return behind || WORDS.test(before) ? 'near' : 'none';
}
