import type { Token } from './tokenize.ts';

/**
 * Writes the elements of a statement so that no lexer can read them differently: comments are gone, one blank between
 * elements, and inside quotes everything that could end the quote, start a comment or separate statements is a `\xHH`
 * escape. A guard that looked at the elements then speaks about the text that runs.
 */
export function canonicalSql(tokens: readonly Token[]): string {
  return tokens.map(canonicalToken).join(' ');
}

function canonicalToken(token: Token): string {
  const quote = token.text[0] ?? '';
  if (token.kind !== 'string' && token.kind !== 'quoted-identifier') return token.text;
  if (quote !== "'" && token.kind === 'string') return token.text;
  const inner = token.text.slice(1, -1);
  const safe = inner.replace(
    /\\([\s\S])|(["'`])\2|[;#/*\-"'`\0]/g,
    (whole, escaped: string | undefined, doubled: string | undefined) => {
      if (escaped === undefined) return hex((doubled ?? whole).charCodeAt(0));
      // A known escape or a LIKE wildcard keeps its meaning; an escaped quote or backslash becomes plain hex.
      if (/[bfnrtavexN0%_]/.test(escaped)) return whole;
      const kept = /[\\'"`/=]/.test(escaped) ? '' : hex(BACKSLASH);
      return (
        kept +
        (/[A-Za-z0-9]/.test(escaped) || escaped.charCodeAt(0) > LAST_ASCII ? escaped : hex(escaped.charCodeAt(0)))
      );
    }
  );
  return (token.kind === 'string' ? "'" : '`') + safe + (token.kind === 'string' ? "'" : '`');
}

const BACKSLASH = 0x5c;
const LAST_ASCII = 0x7f;

function hex(code: number): string {
  return `\\x${code.toString(16).padStart(2, '0')}`;
}
