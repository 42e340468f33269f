import { ErrorCode, Refusal } from '../sql/refusal.ts';
import { readStatement } from '../sql/statement.ts';
import type { Statement } from '../sql/statement.ts';

/** What a request asks to run: the statement, and the parts of an INSERT that brings its data. */
export interface Plan {
  readonly statement: Statement;
  readonly insert?: InsertWithData;
}

/** Part of a body that is looked at to find the head of an INSERT. */
const HEAD_BYTES = 256 * 1024;
const NOTHING = Buffer.alloc(0);

/**
 * Joins the `query` of the URL and the body as ClickHouse does: body as data of an INSERT, or as the rest of the
 * statement, or as the whole of it. Data are never decoded. Throws a Refusal (62, 229) for an empty, an over-long or a
 * second statement.
 */
export function readPlan(urlQuery: string, body: Buffer, inputFormat: string | undefined, statementBytes: number): Plan {
  const plan = join(urlQuery, body, inputFormat, statementBytes);
  const { statement } = plan;
  if (statement.verb === '') throw new Refusal(ErrorCode.SYNTAX_ERROR, 'Syntax error: Empty query.');
  if (statement.second !== undefined) {
    throw new Refusal(ErrorCode.SYNTAX_ERROR, `Syntax error (Multi-statements are not allowed): failed at position ${statement.second + 1} (end of query).`);
  }
  return plan;
}

function join(urlQuery: string, body: Buffer, inputFormat: string | undefined, statementBytes: number): Plan {
  const inBody = urlQuery.trim() === '';
  // latin1 keeps the offsets of the bytes, so data behind the head of an INSERT can be cut off without decoding them.
  const head = readStatement(inBody ? body.toString('latin1', 0, HEAD_BYTES) : urlQuery);
  if (head.kind === 'insert' && head.data === 'stated') return withStatedData(head, inBody, body);
  if (head.kind === 'insert' && head.data === 'unstated' && !inBody) {
    const format = inputFormat !== undefined && /^\w{1,64}$/.test(inputFormat) ? inputFormat : 'Values';
    return { statement: head, insert: { ...splitInsert(head.text, head.tokens), format, data: body } };
  }
  if (urlQuery.length + body.length > statementBytes) throw new Refusal(ErrorCode.QUERY_IS_TOO_LARGE, `The statement is longer than ${statementBytes} bytes.`);
  const rest = body.length === 0 ? '' : `${inBody ? '' : '\n'}${body.toString()}`;
  return { statement: readStatement(urlQuery + rest) };
}

function withStatedData(head: Statement, inBody: boolean, body: Buffer): Plan {
  const last = head.tokens.at(-1);
  const end = last?.end ?? 0;
  const text = head.text.slice(0, end);
  const parts = splitInsert(inBody ? Buffer.from(text, 'latin1').toString() : text, head.tokens);
  const format = /^values$/i.test(last?.text ?? '') ? 'Values' : (last?.text ?? '');
  if (inBody) return { statement: head, insert: { ...parts, format, data: body.subarray(end + gapBeforeData(head.text, end)) } };
  const rows = head.text.slice(end + gapBeforeData(head.text, end));
  const data = rows.trim() === '' ? body : Buffer.concat([Buffer.from(`${rows}\n`), body]);
  return { statement: head, insert: { ...parts, format, data } };
}

/** Blanks and one line break between FORMAT name and the data do not belong to the data (ParserInsertQuery). */
function gapBeforeData(text: string, from: number): number {
  const gap = /[ \t\f]*\r?\n?/y;
  gap.lastIndex = from;
  return gap.exec(text)?.[0].length ?? 0;
}

/** Target with columns, and the SETTINGS clause, which stands before FORMAT or VALUES. */
function splitInsert(text: string, tokens: readonly Token[]): { target: string; settings: string } {
  let depth = 0;
  const clause = tokens.find((token) => {
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    return depth === 0 && token.kind === 'word' && /^(?:settings|format|values)$/i.test(token.text);
  });
  const before = tokens.at(/^values$/i.test(tokens.at(-1)?.text ?? '') ? -1 : -2);
  const isSettings = clause !== undefined && /^settings$/i.test(clause.text);
  const cut = (offset: number): number => Buffer.from(text).length === text.length ? offset : offset;
  return {
    target: clause === undefined ? text.trimEnd() : text.slice(0, cut(clause.start)).trimEnd(),
    settings: isSettings ? text.slice(clause.start, before !== undefined && before.start > clause.start ? before.start : text.length).trim() : '',
  };
}
