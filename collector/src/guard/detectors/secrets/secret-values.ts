import { entropyBits } from '../key-shape.ts';
import { isWordLike } from './word-likeness.ts';

/** Values that stand where a secret would. */
const PLACEHOLDER =
  /^tok_|^[$%{[(<#@*]?[{%(<]|^\$[A-Za-z_]\w*$|^%\w+%$|\$\{|\{\{|<[a-z]|^[*x•.#_?-]+$|x{4,}|\*{3}|\.{3}|^(?:your|my|the|some|an?|test|temp|demo|foo|bar|old|new)[-_. ](?!.*\d.*\d.*\d)|^your|example|placeholder|change.?me|changeit|redacted|replace|insert|dummy|\bfake|sample|\bxxx|123456(?!.*[a-z].*\d.*[a-z])|^abcdef(?!.*\d)|foobar|qwerty|secret.?key.?here|\b(?:todo|tbd)\b|hidden|masked|encrypted|lorem|not.?(?:a.?)?(?:real|used|set)|<|>$/i;
const NO_VALUE =
  /^(?:null|nil|none|undefined|true|false|yes|no|on|off|empty|unset|default|required|optional|string|str|text|number|int|integer|bool|boolean|bytes?|buffer|object|any|unknown|void|array|list|map|dict|date|uuid|function|self|this|auto|manual|env|file|vault|input|prompt|ask|basic|bearer|digest|password|passwd|passphrase|pass|pwd|secret|token|key|apikey|api|auth|user|username|admin|root|guest|value|name|id|data|code|type|public|private|plain|plaintext|hash|md5|sha1|sha256|rsa|aes|get|post|put|delete|invalid|expired|missing|wrong|incorrect|forgotten|reset|login|signin|credentials?|email|field|header|cookie|session|oauth2?|jwt|csrf|http|https|localhost|test|testing|abcde?|abc123|abcd)$/i;
/** Names in code: `config.secret`, `get_token(`, `ENV["X"]`, `:unset`, `@token`, `self->key`. */
const CODE =
  /^[:&@!~](?!.*\d)|^[a-z][a-z_.-]*[-_.](?:password|passwd|pass|secret|token|key|pwd|credentials?)s?$|->|::|=>|^\.|\.$|^(?:process|os|env|config|self|this|var|data|local|params|args|request|options|settings)\./i;
const BRACKET = /[()[\]]/;
/** Longer than any call, with all kinds of signs between digits: Django's generator uses brackets, too. */
const GENERATED_WITH_SIGNS = /^(?=(?:[^!@#$%^&*=+]*[!@#$%^&*=+]){4})(?=(?:\D*\d){3})[^\s"']{24,}$/;
/** `settings.db_password`; a password may hold a dot, too. */
const MEMBER = /^(?!.*\d.*\d.*\d)[a-z_$][\w$]*(?:\.[a-z_$][\w$]*)+$/i;
const URL_OR_PATH =
  /^(?:[a-z][a-z+.-]*:\/\/|\.{0,2}\/|~\/|[a-z]:\\)|\.(?:json|ya?ml|txt|pem|key|crt|env|conf|xml|html?|js|ts|py|rb|go|java|php|cs|md|sh|com|org|net|io)$/i;
const HASH_OF_PASSWORD = /^\$(?:2[aby]?|5|6|1|apr1|argon2\w*|pbkdf2\S*|y)\$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Looked at: a longer value is as random as its beginning. */
const LOOKED_AT = 256;
const MIN_RANDOM_LENGTH = 8;
const MIN_LETTERS = 10;
const LONG = 16;

/** True when nothing is disclosed: a placeholder, a variable, a type, a path, a hash that was made to be stored. */
export function isNoSecret(value: string): boolean {
  const text = value.slice(0, LOOKED_AT);
  return (
    PLACEHOLDER.test(text) ||
    NO_VALUE.test(text) ||
    CODE.test(text) ||
    (BRACKET.test(text) && !GENERATED_WITH_SIGNS.test(text)) ||
    (MEMBER.test(text) && (!/\d/.test(text) || isWords(text))) ||
    URL_OR_PATH.test(text) ||
    HASH_OF_PASSWORD.test(text) ||
    /^(.)\1*$/.test(text) ||
    /[^\x20-\x7e]/.test(text)
  );
}

/** True when every run of letters could be a word: `a-refresh-token`, `MY_SECRET_NAME`, `CookieAuth`. */
export function isWords(value: string): boolean {
  const runs = value
    .slice(0, LOOKED_AT)
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .match(/[a-z]+/g);
  if (runs === null) return false;
  let letters = 0;
  let wordLetters = 0;
  for (const run of runs) {
    letters += run.length;
    if (run.length < 3 || isWordLike(run)) wordLetters += run.length;
  }
  return wordLetters * 5 >= letters * 4;
}

/** True for what a generator writes: digits among letters, mixed case, hex, or letters that make no word. */
export function looksGenerated(value: string): boolean {
  const text = value.slice(0, LOOKED_AT);
  if (text.length < MIN_RANDOM_LENGTH || /\s/.test(text)) return false;
  if (UUID.test(text)) return true;
  const digits = text.match(/\d/g)?.length ?? 0;
  const bits = entropyBits(text);
  if (/^[0-9a-f-]+$/i.test(text))
    return digits > 0 && text.length >= 12 && bits >= 2.5 && (digits < text.length || text.length >= LONG);
  if (bits < 2.75) return false;
  if (digits === 0) {
    const mixed = /[a-z]/.test(text) && /[A-Z]/.test(text);
    return text.length >= MIN_LETTERS && !isWords(text) && (mixed || bits >= 2.75);
  }
  if (digits * 8 >= text.length && /[a-z]/i.test(text) && !/^[a-z]+[-_.]?\d{1,4}$/i.test(text))
    return !/^[\d.]+[a-z]{0,6}$/i.test(text);
  return !isWords(text);
}
