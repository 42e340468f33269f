/** A statement of a migration file. */
export interface Statement {
  readonly text: string;
  /** Marked `-- @cluster`: runs only where tables are spread over a cluster. */
  readonly clusterOnly: boolean;
  /** Marked `-- @lock`: the lock of the migrations needs it, so it runs before that is taken. */
  readonly isForLock: boolean;
}

const CLUSTER_MARK = /^--\s*@cluster\s*$/;
const LOCK_MARK = /^--\s*@lock\s*$/;

/** Where the token that starts at `at` ends: a comment, a quoted text, or one character. */
function endOfToken(sql: string, at: number): number {
  const character = sql[at]!;
  if (sql.startsWith('--', at)) {
    const line = sql.indexOf('\n', at);
    return line < 0 ? sql.length : line;
  }
  if (sql.startsWith('/*', at)) {
    const end = sql.indexOf('*/', at + 2);
    if (end < 0) throw new Error('A comment is not closed');
    return end + 2;
  }
  if (character !== "'" && character !== '"' && character !== '`') return at + 1;
  for (let i = at + 1; i < sql.length; i++) {
    if (sql[i] === '\\') i++;
    else if (sql[i] === character) {
      if (sql[i + 1] !== character) return i + 1;
      i++;
    }
  }
  throw new Error(`A ${character} is not closed`);
}

/**
 * The statements of a SQL text, without comments before them and without their semicolons. A semicolon inside quotes or
 * comments does not separate. Throws when a quote or a comment is not closed: half a statement must never run.
 */
export function splitStatements(sql: string): Statement[] {
  const statements: Statement[] = [];
  let start = -1;
  let clusterOnly = false;
  let isForLock = false;
  const finish = (end: number) => {
    if (start >= 0) statements.push({ text: sql.slice(start, end).trim(), clusterOnly, isForLock });
    start = -1;
    clusterOnly = false;
    isForLock = false;
  };
  for (let at = 0; at < sql.length;) {
    const end = endOfToken(sql, at);
    const comment = sql.startsWith('--', at) || sql.startsWith('/*', at);
    if (start < 0 && comment) {
      const text = sql.slice(at, end).trim();
      clusterOnly ||= CLUSTER_MARK.test(text);
      isForLock ||= LOCK_MARK.test(text);
    } else if (sql[at] === ';') finish(at);
    else if (start < 0 && sql.slice(at, end).trim() !== '') start = at;
    at = end;
  }
  finish(sql.length);
  return statements;
}
