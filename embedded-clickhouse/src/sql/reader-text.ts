import { canonicalSql } from './canonical-sql.ts';
import { READER_TABLE_FUNCTIONS, readerMayCall } from './reader-ast.ts';
import { ErrorCode, Refusal } from './refusal.ts';
import type { Statement } from './statement.ts';
import type { Token } from './tokenize.ts';

const READER_VERBS = new Set(['SELECT', 'WITH', 'FROM', '(', 'SHOW', 'DESCRIBE', 'DESC', 'EXISTS', 'EXPLAIN']);
const SHOW_SUBJECTS = new Set(['TABLES', 'DATABASES', 'CREATE', 'COLUMNS', 'FIELDS']);
/** A text without these is read by every lexer as one statement without clauses that EXPLAIN AST hides. */
const NEEDS_CARE = /[;\\$]|outfile|infile|prewhere|identifier/i;

/** A reader's statement without its FORMAT clause, for the engine's own check, and the names its WITH clauses give. */
export interface ReaderText {
  readonly sql: string;
  readonly withNames: ReadonlySet<string>;
}

/**
 * The part of a reader's check that EXPLAIN AST cannot do: kinds of statement, PREWHERE, INTO OUTFILE, Identifier
 * parameters, clauses that are not in the AST. `engineFunctions` are the lower-case names the engine knows: one of them
 * followed by `(` must be allowed wherever it stands. Throws a Refusal. Where two lexers could disagree the text is
 * written anew (canonicalSql).
 */
export function checkReaderText(
  statement: Statement,
  engineFunctions: ReadonlySet<string>,
  limited: boolean
): ReaderText {
  const { verb, format } = statement;
  const tokens = format === undefined ? statement.tokens : statement.tokens.slice(0, format.index);
  if (format !== undefined && statement.tokens.length > format.index + 2)
    throw new Refusal(
      ErrorCode.READONLY,
      'Cannot change settings in readonly mode: SETTINGS is not allowed for a reader.'
    );
  if (statement.kind === 'insert' || statement.kind === 'change') {
    throw new Refusal(ErrorCode.READONLY, `Cannot execute query in readonly mode.`);
  }
  if (!statement.understood)
    throw new Refusal(
      ErrorCode.SYNTAX_ERROR,
      'Syntax error: the statement holds a character that is not allowed for a reader.'
    );
  if (!READER_VERBS.has(verb)) throw denied(verb || 'an empty statement');
  if (verb === 'SHOW' || verb === 'EXISTS') checkShow(tokens, verb);
  tokens.forEach((token, index) => checkToken(tokens, index, token, engineFunctions, limited));
  const plain = statement.text.slice(0, tokens.at(-1)?.end ?? 0);
  return { sql: NEEDS_CARE.test(statement.text) ? canonicalSql(tokens) : plain, withNames: withNames(tokens) };
}

function denied(what: string): Refusal {
  return new Refusal(ErrorCode.ACCESS_DENIED, `Not enough privileges: ${what} is not allowed for a reader.`);
}

/** SHOW … WHERE expression is not part of the AST, so only names, LIKE and LIMIT with literals remain. */
function checkShow(tokens: readonly Token[], verb: string): void {
  const words = tokens.map((token) => (token.kind === 'word' ? token.text.toUpperCase() : ''));
  const subject = words[1] === 'FULL' || words[1] === 'EXTENDED' ? words[2] : words[1];
  if (verb === 'SHOW' && !SHOW_SUBJECTS.has(subject ?? '')) throw denied(`SHOW ${subject ?? ''}`);
  if (
    verb === 'SHOW' &&
    subject === 'CREATE' &&
    /^(?:USER|ROLE|ROW|POLICY|QUOTA|SETTINGS|PROFILE|ACCESS|MASKING)$/.test(words[2] ?? '')
  )
    throw denied(`SHOW CREATE ${words[2] ?? ''}`);
  if (words.includes('WHERE') || tokens.some(({ text }) => text === '(')) throw denied('an expression in SHOW');
}

function checkToken(
  tokens: readonly Token[],
  index: number,
  token: Token,
  engineFunctions: ReadonlySet<string>,
  limited: boolean
): void {
  const next = tokens[index + 1]?.text;
  if (token.kind === 'word') {
    const word = token.text.toUpperCase();
    if (word === 'OUTFILE' || word === 'INFILE') throw denied(`INTO ${word}`);
    if (word === 'PREWHERE' && limited) throw denied('PREWHERE (it would run before the filter of your workspaces)');
  }
  if (token.text === '{' && tokens[index + 2]?.text === ':' && tokens[index + 3]?.text.toLowerCase() === 'identifier')
    throw denied('a parameter of type Identifier');
  if (token.kind !== 'word' && token.kind !== 'quoted-identifier') return;
  if (next !== '(' || tokens[index - 1]?.text === '.') return;
  const name = identifierText(token).toLowerCase();
  if (engineFunctions.has(name) && !readerMayCall(name) && !READER_TABLE_FUNCTIONS.has(name))
    throw denied(`function ${name.slice(0, 64)}`);
}

/** The name an identifier stands for. Names with escapes are left as they are written: they name nothing a reader may use. */
function identifierText(token: Token): string {
  return token.kind === 'quoted-identifier' ? token.text.slice(1, -1) : token.text;
}

function withNames(tokens: readonly Token[]): Set<string> {
  const names = new Set<string>();
  if (!tokens.some(({ text, kind }) => kind === 'word' && text.toUpperCase() === 'WITH')) return names;
  tokens.forEach((token, index) => {
    if (token.kind !== 'word' || token.text.toUpperCase() !== 'AS') return;
    const name = tokens[index - 1];
    const after = tokens[index + 1]?.text.toUpperCase();
    const isQuery =
      after === '(' ||
      ((after === 'MATERIALIZED' || after === 'NOT') &&
        tokens.slice(index + 1, index + 4).some(({ text }) => text === '('));
    if (name !== undefined && isQuery && (name.kind === 'word' || name.kind === 'quoted-identifier'))
      names.add(identifierText(name));
    // WITH x -> x + 1 AS increment: a lambda that is later called by its name.
    const called = tokens[index + 1];
    if (called !== undefined && tokens.slice(0, index).some(({ text }) => text === '->'))
      names.add(identifierText(called));
  });
  return names;
}
