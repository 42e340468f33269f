import { ErrorCode, Refusal } from './refusal.ts';
import type { Statement } from './statement.ts';

const WRITER_CHANGES = new Set([
  'CREATE',
  'REPLACE',
  'DROP',
  'UNDROP',
  'ALTER',
  'RENAME',
  'EXCHANGE',
  'TRUNCATE',
  'OPTIMIZE',
  'DELETE',
  'UPDATE',
]);
/** Functions, table functions, table engines and dictionary sources that reach files, other servers or programs. */
const REACHES_OUT =
  /^(?:file|filecluster|filesystem|url|urlcluster|s3.*|gcs|oss|cosn|azureblobstorage.*|hdfs.*|remote|remotesecure|cluster|clusterallreplicas|mysql|postgresql|mongodb|redis|sqlite|odbc|jdbc|executable|executablepool|iceberg.*|deltalake.*|hudi.*|paimon.*|ytsaurus|materializedpostgresql|materializedmysql|kafka|rabbitmq|nats|http|aigenerate|aiembed|aiclassify|aiextract|aitranslate|catboostevaluate|eval)$/i;
const READS_AND_WRITES_FILES = new Set(['INFILE', 'OUTFILE']);

/**
 * What a writer may run: inserts, reads and changes of tables, without leaving the store. This keeps honest programs
 * within their bounds; it is no wall like the reader's: whoever may create views and mutate tables sees all data.
 */
export function checkWriterText(statement: Statement): void {
  const { verb, tokens, kind } = statement;
  if (!statement.understood)
    throw new Refusal(ErrorCode.SYNTAX_ERROR, 'Syntax error: the statement holds a character that is not known.');
  if (kind === 'change' && !WRITER_CHANGES.has(verb)) throw denied(verb);
  if (verb === 'KILL' || verb === 'EXECUTE') throw denied(verb);
  const second = tokens[1]?.text.toUpperCase() ?? '';
  if (verb === 'CREATE' && /^(?:USER|ROLE|ROW|QUOTA|SETTINGS|PROFILE|NAMED|FUNCTION|MASKING)$/.test(second))
    throw denied(`CREATE ${second}`);
  tokens.forEach((token, index) => {
    if (token.kind === 'string' || token.kind === 'number' || token.kind === 'symbol') return;
    const name = token.kind === 'quoted-identifier' ? token.text.slice(1, -1) : token.text;
    if (token.kind === 'word' && READS_AND_WRITES_FILES.has(name.toUpperCase())) throw denied(name.toUpperCase());
    const isCall = tokens[index + 1]?.text === '(' && tokens[index - 1]?.text !== '.';
    const isEngine = tokens[index - 1]?.text === '=' && tokens[index - 2]?.text.toUpperCase() === 'ENGINE';
    if ((isCall || isEngine) && REACHES_OUT.test(name) && !isTarget(tokens[index - 1]?.text)) throw denied(name);
  });
}

/** `INSERT INTO file (a, b)` and `CREATE TABLE url (…)` name a table, not a function. */
function isTarget(before: string | undefined): boolean {
  return /^(?:into|table|view|exists|to)$/i.test(before ?? '');
}

function denied(what: string): Refusal {
  return new Refusal(
    ErrorCode.ACCESS_DENIED,
    `Not enough privileges: ${what.slice(0, 64)} is not allowed for a writer.`
  );
}
