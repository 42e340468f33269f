import type { InsertWithData } from '../engine.ts';
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

/**
 * Joins the `query` of the URL and the body as ClickHouse does: body as data of an INSERT, or as the rest of the
 * statement, or as the whole of it. Data are never decoded. Throws a Refusal (62, 229) for an empty, an over-long or a
 * second statement.
 */
export function readPlan(
  urlQuery: string,
  body: Buffer,
  inputFormat: string | undefined,
  statementBytes: number
): Plan {
  const plan = join(urlQuery, body, inputFormat, statementBytes);
  const { statement } = plan;
  if (statement.verb === '') throw new Refusal(ErrorCode.SYNTAX_ERROR, 'Syntax error: Empty query.');
  if (statement.second !== undefined) {
    throw new Refusal(
      ErrorCode.SYNTAX_ERROR,
      `Syntax error (Multi-statements are not allowed): failed at position ${statement.second + 1} (end of query).`
    );
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
    return { statement: head, insert: { ...splitInsert(head, (text) => text), format, data: body } };
  }
  if (urlQuery.length + body.length > statementBytes)
    throw new Refusal(ErrorCode.QUERY_IS_TOO_LARGE, `The statement is longer than ${statementBytes} bytes.`);
  const rest = body.length === 0 ? '' : `${inBody ? '' : '\n'}${body.toString()}`;
  return { statement: readStatement(urlQuery + rest) };
}

function withStatedData(head: Statement, inBody: boolean, body: Buffer): Plan {
  const last = head.tokens.at(-1)?.text ?? '';
  const end = head.tokens.at(-1)?.end ?? 0;
  const format = /^values$/i.test(last) ? 'Values' : last;
  const parts = splitInsert(head, (text) => (inBody ? Buffer.from(text, 'latin1').toString() : text));
  const start = end + gapBeforeData(head.text, end);
  if (inBody) return { statement: head, insert: { ...parts, format, data: body.subarray(start) } };
  const rows = head.text.slice(start);
  const data = rows.trim() === '' ? body : Buffer.concat([Buffer.from(`${rows}\n`), body]);
  return { statement: head, insert: { ...parts, format, data } };
}

/** Blanks and one line break between FORMAT name and the data do not belong to the data (ParserInsertQuery). */
function gapBeforeData(text: string, from: number): number {
  const gap = /[ \t\f]*\r?\n?/y;
  gap.lastIndex = from;
  return gap.exec(text)?.[0].length ?? 0;
}

/** The text up to SETTINGS, FORMAT or VALUES, and the SETTINGS clause that stands before the latter two. */
function splitInsert(
  { text, tokens }: Statement,
  decode: (text: string) => string
): { target: string; settings: string } {
  const clause = (names: RegExp): number | undefined => {
    let depth = 0;
    return tokens.find((token) => {
      if (token.text === '(') depth += 1;
      if (token.text === ')') depth -= 1;
      return depth === 0 && token.kind === 'word' && names.test(token.text);
    })?.start;
  };
  const dataAt = clause(/^(?:format|values)$/i) ?? text.length;
  const settingsAt = clause(/^settings$/i) ?? dataAt;
  return {
    target: decode(text.slice(0, settingsAt)).trimEnd(),
    settings: decode(text.slice(settingsAt, dataAt)).trim(),
  };
}
