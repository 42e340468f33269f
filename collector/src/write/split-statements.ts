/** A statement of a migration file. */
export interface Statement {
  readonly text: string;
  /** Marked `-- @cluster`: runs only where tables are spread over a cluster. */
  readonly clusterOnly: boolean;
}

const CLUSTER_MARK = /^--\s*@cluster\s*$/;

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
  const finish = (end: number) => {
    if (start >= 0) statements.push({ text: sql.slice(start, end).trim(), clusterOnly });
    start = -1;
    clusterOnly = false;
  };
  for (let at = 0; at < sql.length;) {
    const end = endOfToken(sql, at);
    const comment = sql.startsWith('--', at) || sql.startsWith('/*', at);
    if (start < 0 && comment) clusterOnly ||= CLUSTER_MARK.test(sql.slice(at, end).trim());
    else if (sql[at] === ';') finish(at);
    else if (start < 0 && sql.slice(at, end).trim() !== '') start = at;
    at = end;
  }
  finish(sql.length);
  return statements;
}
