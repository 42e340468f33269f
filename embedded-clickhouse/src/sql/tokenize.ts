/** One lexical element. `text` is the source text; white space and comments are not elements. */
export interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'quoted-identifier' | 'symbol';
  readonly text: string;
  /** Offset of the first character in the source. */
  readonly start: number;
  readonly end: number;
}

/** What could be read: all elements, or those before the first character that no rule knows. */
export interface Tokens {
  readonly tokens: readonly Token[];
  /** Offset of the first character that is not SQL here (an open quote, a control or non-ASCII character, `$`). */
  readonly stoppedAt?: number;
}

/**
 * Splits a statement the way ClickHouse's own lexer does (src/Parsers/Lexer.cpp): nested block comments, `--`, `//`
 * and `# ` comments, backslash and doubled quotes. Whatever it does not know for certain stops it, so a caller that
 * guards something can refuse the statement. Stops after `limit` elements, which callers use to look at a head only.
 */
export function tokenize(sql: string, limit = Number.POSITIVE_INFINITY): Tokens {
  const tokens: Token[] = [];
  let at = 0;
  while (tokens.length < limit) {
    at = skipBlank(sql, at);
    if (at < 0) return { tokens, stoppedAt: sql.length };
    if (at >= sql.length) break;
    const token = readToken(sql, at);
    if (token === undefined) return { tokens, stoppedAt: at };
    tokens.push(token);
    at = token.end;
  }
  return { tokens };
}

const BLANK = /[ \t\n\r\f\v]*/y;
const LINE_COMMENT = /(?:--|\/\/|#[ !])[^\n]*/y;
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER =
  /(?:0[xX][0-9a-fA-F_.pP+]+|[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9]+)?|\.[0-9][0-9_]*(?:[eE][+-]?[0-9]+)?)(?![A-Za-z_])/y;
const WORD_AFTER_DIGITS = /[0-9]+[A-Za-z_][A-Za-z0-9_]*/y;
const HEX_STRING = /[xXbB]'[0-9a-fA-F]*'/y;
const SYMBOL = /::|->|==|!=|<=>|<=|>=|<>|\|\||[()[\]{},;.+*/%=<>?:|@^-]/y;
const QUOTED: Readonly<Record<string, RegExp>> = {
  "'": /'(?:[^'\\]|''|\\[\s\S])*'/y,
  '"': /"(?:[^"\\]|""|\\[\s\S])*"/y,
  '`': /`(?:[^`\\]|``|\\[\s\S])*`/y,
};

function match(pattern: RegExp, sql: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(sql)?.[0];
}

function skipBlank(sql: string, from: number): number {
  let at = from;
  for (;;) {
    at += match(BLANK, sql, at)?.length ?? 0;
    const line = match(LINE_COMMENT, sql, at);
    if (line !== undefined) at += line.length;
    else if (sql.startsWith('/*', at)) at = blockCommentEnd(sql, at);
    else return at;
    if (at < 0) return at;
  }
}

function blockCommentEnd(sql: string, from: number): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = from;
  let depth = 0;
  for (let found = edge.exec(sql); found !== null; found = edge.exec(sql)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  return -1;
}

function readToken(sql: string, at: number): Token | undefined {
  const first = sql[at] ?? '';
  const token = (kind: Token['kind'], text: string | undefined): Token | undefined =>
    text === undefined ? undefined : { kind, text, start: at, end: at + text.length };
  const quoted = QUOTED[first];
  if (quoted !== undefined) return token(first === "'" ? 'string' : 'quoted-identifier', match(quoted, sql, at));
  return (
    token('string', match(HEX_STRING, sql, at)) ??
    token('word', match(WORD, sql, at)) ??
    token('number', match(NUMBER, sql, at)) ??
    token('word', match(WORD_AFTER_DIGITS, sql, at)) ??
    token('symbol', match(SYMBOL, sql, at))
  );
}
