import { tokenize } from './tokenize.ts';
import type { Token } from './tokenize.ts';

/** How a statement is run: a result for the client, rows into a table, or a change of the schema or the data. */
type StatementKind = 'read' | 'insert' | 'change' | 'session';

/** What a look at the elements tells. */
export interface Statement {
  readonly kind: StatementKind;
  /** First word in upper case: SELECT, WITH, INSERT, …; `(` for a SELECT in parentheses. */
  readonly verb: string;
  /** The statement without trailing semicolons and blanks. */
  readonly text: string;
  readonly tokens: readonly Token[];
  /** Name in the trailing FORMAT clause of a read, as written, and the index of FORMAT among the elements. */
  readonly format?: { readonly name: string; readonly index: number };
  /** True when the statement can be read to its end; false means a guard must refuse it. */
  readonly understood: boolean;
  /** Offset of a second statement behind a semicolon. */
  readonly second?: number;
  /** Of an INSERT: data follow FORMAT or VALUES; the format is not stated; or it takes rows from a SELECT or a file. */
  readonly data: 'stated' | 'unstated' | 'none';
}

const READ_VERBS = new Set([
  'SELECT',
  'WITH',
  'FROM',
  'SHOW',
  'DESCRIBE',
  'DESC',
  'EXISTS',
  'EXPLAIN',
  '(',
  'CHECK',
  'KILL',
  'EXECUTE',
]);
const SESSION_VERBS = new Set(['SET', 'USE']);
const CHANGE_VERBS = new Set(
  'CREATE REPLACE ATTACH DETACH DROP UNDROP ALTER RENAME EXCHANGE TRUNCATE OPTIMIZE DELETE UPDATE SYSTEM GRANT REVOKE MOVE BACKUP RESTORE WATCH COPY PARALLEL BEGIN COMMIT ROLLBACK START'.split(
    ' '
  )
);

/**
 * Looks at a statement. Data behind `FORMAT x` or `VALUES` of an INSERT are never looked at, so a body of any bytes may
 * follow. A text that starts with no known verb counts as a read: chDB takes `1 + 1` as SELECT.
 */
export function readStatement(sql: string): Statement {
  const head = tokenize(sql, 1).tokens[0];
  const verb = head === undefined ? '' : head.text.toUpperCase();
  if (verb === 'INSERT') return readInsert(sql);
  const { tokens: all, stoppedAt } = tokenize(sql);
  const semicolon = all.findIndex((token) => token.text === ';');
  const tokens = semicolon < 0 ? all : all.slice(0, semicolon);
  const second = semicolon < 0 ? undefined : all.slice(semicolon).find((token) => token.text !== ';');
  const format = trailingFormat(tokens);
  const last = tokens.at(-1);
  return {
    kind: SESSION_VERBS.has(verb) ? 'session' : CHANGE_VERBS.has(verb) ? 'change' : 'read',
    verb:
      READ_VERBS.has(verb) || SESSION_VERBS.has(verb) || CHANGE_VERBS.has(verb)
        ? verb
        : verb === ''
          ? ''
          : 'EXPRESSION',
    text: stoppedAt !== undefined ? sql : sql.slice(0, last?.end ?? 0),
    tokens,
    understood: stoppedAt === undefined,
    data: 'none',
    ...(format === undefined ? {} : { format }),
    ...(second === undefined ? {} : { second: second.start }),
  };
}

function trailingFormat(tokens: readonly Token[]): Statement['format'] {
  let depth = 0;
  for (let index = tokens.length - 1; index > 0; index -= 1) {
    const token = tokens[index]!;
    if (token.text === ')' || token.text === ']') depth += 1;
    else if (token.text === '(' || token.text === '[') depth -= 1;
    if (depth !== 0 || token.kind !== 'word' || token.text.toUpperCase() !== 'FORMAT') continue;
    const name = tokens[index + 1];
    const after = tokens[index + 2];
    const isClause = name?.kind === 'word' && (after === undefined || after.text.toUpperCase() === 'SETTINGS');
    return isClause ? { name: name.text, index } : undefined;
  }
  return undefined;
}

/** Elements that can stand between INSERT and the data: a bound, so that a body of data is never split as SQL. */
const MOST_HEAD_TOKENS = 20_000;

function readInsert(sql: string): Statement {
  const step = 64;
  for (let limit = step; ; limit *= 4) {
    const { tokens, stoppedAt } = tokenize(sql, limit);
    const cut = dataStart(tokens);
    const whole = tokens.length < limit && stoppedAt === undefined;
    if (cut === undefined && !whole && stoppedAt === undefined && limit < MOST_HEAD_TOKENS) continue;
    const head = cut === undefined ? tokens : tokens.slice(0, cut);
    const semicolon = cut === undefined ? tokens.findIndex((token) => token.text === ';') : -1;
    const second = semicolon < 0 ? undefined : tokens.slice(semicolon).find((token) => token.text !== ';');
    const end = semicolon < 0 ? sql.length : (tokens[semicolon - 1]?.end ?? sql.length);
    return {
      kind: 'insert',
      verb: 'INSERT',
      text: second === undefined && cut === undefined && stoppedAt === undefined ? sql.slice(0, end) : sql,
      tokens: head,
      understood: cut !== undefined || whole,
      data: selects(head) ? 'none' : cut === undefined ? 'unstated' : 'stated',
      ...(second === undefined ? {} : { second: second.start }),
    };
  }
}

/** Index of the element behind `FORMAT name` or `VALUES` at depth 0, or undefined for INSERT … SELECT. */
function dataStart(tokens: readonly Token[]): number | undefined {
  let depth = 0;
  for (let index = 1; index < tokens.length; index += 1) {
    const token = tokens[index]!;
    if (token.text === '(') depth += 1;
    else if (token.text === ')') depth -= 1;
    if (depth !== 0 || token.kind !== 'word') continue;
    const word = token.text.toUpperCase();
    if (word === 'SELECT' || word === 'WITH' || word === 'WATCH') return undefined;
    if (word === 'VALUES') return index + 1;
    if (word === 'FORMAT' && tokens[index + 1]?.kind === 'word') return index + 2;
  }
  return undefined;
}

function selects(tokens: readonly Token[]): boolean {
  return tokens.some((token) => token.kind === 'word' && /^(?:select|watch|infile)$/i.test(token.text));
}
