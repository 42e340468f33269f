import { ErrorCode, Refusal } from '../sql/refusal.ts';
import { readStatement } from '../sql/statement.ts';
import type { Statement } from '../sql/statement.ts';

/** What a request asks to run: the statement, and for an INSERT the text before the data and the data. */
export interface Plan {
  readonly statement: Statement;
  readonly prefix: string;
  readonly data: Buffer;
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
  const head = urlQuery.trim() === '' ? body.toString('latin1', 0, HEAD_BYTES) : urlQuery;
  const statement = readStatement(head);
  if (statement.kind !== 'insert') {
    if (urlQuery.length + body.length > statementBytes) throw new Refusal(ErrorCode.QUERY_IS_TOO_LARGE, `The statement is longer than ${statementBytes} bytes.`);
    const text = body.length === 0 ? urlQuery : `${urlQuery.trim() === '' ? '' : `${urlQuery}\n`}${body.toString()}`;
    return { statement: readStatement(text), prefix: text, data: NOTHING };
  }
  if (urlQuery.trim() === '') {
    // Data begin somewhere in the body; latin1 kept its offsets, so the text before them is the same bytes.
    if (statement.data === 'stated') return { statement, prefix: '', data: body };
    if (body.length > HEAD_BYTES) throw new Refusal(ErrorCode.QUERY_IS_TOO_LARGE, `The head of the INSERT is longer than ${HEAD_BYTES} bytes.`);
    return { statement: readStatement(body.toString()), prefix: body.toString(), data: NOTHING };
  }
  if (statement.data === 'none') {
    const text = body.length === 0 ? urlQuery : `${urlQuery}\n${body.toString()}`;
    return { statement: readStatement(text), prefix: text, data: NOTHING };
  }
  const format = statement.data === 'unstated' ? ` FORMAT ${safeFormat(inputFormat)}` : '';
  return { statement, prefix: statement.text.trimEnd() + format, data: body };
}

function safeFormat(format: string | undefined): string {
  return format !== undefined && /^\w{1,64}$/.test(format) ? format : 'Values';
}
