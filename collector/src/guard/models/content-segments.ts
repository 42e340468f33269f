/** Shorter strings are names, roles and ids, but for what is a message. */
export const SHORT_SEGMENT_LENGTH = 16;
/** Shorter texts say nothing. */
export const MIN_MESSAGE_LENGTH = 6;
/** One word with a digit or a capital inside of it, no longer than ids are: random letters look like anything to the models. */
const MAX_ID_LENGTH = 64;
const ID = /^(?=.*(?:[0-9]|[a-z][A-Z]))[\w-]+$/;
const BACKSLASH = 92;
const ROLE = 'role';
/** Whose values are what somebody says, in the forms of messages in use. */
const MESSAGE_KEYS = ['content', 'text'];
const COLON = 58;
/** Who wrote a stretch of text; users, tools and whoever is not named are `others`. */
export type Author = 'operator' | 'model' | 'others';
const AUTHORS: ReadonlyMap<string, Author> = new Map([
  ['user', 'others'],
  ['tool', 'others'],
  ['system', 'operator'],
  ['developer', 'operator'],
  ['assistant', 'model'],
  ['model', 'model'],
  ['ai', 'model'],
]);

/** A stretch of text by one author, UTF-16 offsets, end exclusive. */
export type SegmentVisitor = (from: number, to: number, author: Author) => void;

function closingQuote(text: string, start: number): number {
  let end = text.indexOf('"', start);
  while (end !== -1) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}

function isMessageKey(text: string, start: number, end: number): boolean {
  return (
    text.charCodeAt(end + 1) === COLON &&
    MESSAGE_KEYS.some((key) => key.length === end - start && text.startsWith(key, start))
  );
}

function isId(text: string, start: number, end: number): boolean {
  return end - start <= MAX_ID_LENGTH && ID.test(text.slice(start, end));
}

/**
 * The long strings of a JSON text one by one, and the short ones that are messages, each with who wrote it by the
 * `role` before it; any other text as a whole. Ids are left out. Linear: a run of backslashes is counted once for the quote behind it.
 */
export function forEachSegment(text: string, visit: SegmentVisitor): void {
  if (!/^\s{0,8}(?:\[\s{0,8}[{"[\]]|\{\s{0,8}["}])/.test(text)) {
    if (text.length >= MIN_MESSAGE_LENGTH && !isId(text, 0, text.length)) visit(0, text.length, 'others');
    return;
  }
  let author: Author = 'others';
  let afterRole = false;
  let minLength = SHORT_SEGMENT_LENGTH;
  for (let quote = text.indexOf('"'); quote !== -1;) {
    const start = quote + 1;
    const end = closingQuote(text, start);
    const length = end - start;
    if (afterRole) {
      const role = text.slice(start, Math.min(end, start + SHORT_SEGMENT_LENGTH));
      author = AUTHORS.get(role) ?? AUTHORS.get(role.toLowerCase()) ?? 'others';
      afterRole = false;
    } else if (length === ROLE.length && text.startsWith(ROLE, start)) afterRole = true;
    else if (length >= minLength && !isId(text, start, end)) visit(start, end, author);
    minLength = isMessageKey(text, start, end) ? MIN_MESSAGE_LENGTH : SHORT_SEGMENT_LENGTH;
    quote = text.indexOf('"', end + 1);
  }
}
