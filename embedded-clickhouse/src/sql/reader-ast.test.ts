import { checkReaderAst, readerMayCall } from './reader-ast.ts';
import { READER_FUNCTIONS } from './reader-functions.ts';
import type { Refusal } from './refusal.ts';

const scope = {
  database: 'genai',
  databases: new Set(['genai', 'system']),
  tables: new Set(['genai.spans', 'genai.parametrised']),
  withNames: new Set(['w', 'increment', 'system.processes', 'file']),
  engineFunctions: new Set(['file', 'plus']),
  limited: true,
};
const select = (...lines: string[]): string => ['SelectWithUnionQuery (children 1)', ...lines].join('\n');
const code = (ast: string): number | undefined => {
  try {
    checkReaderAst(ast, scope);
    return undefined;
  } catch (error) {
    return (error as Refusal).code;
  }
};

describe('checkReaderAst', () => {
  test.each([
    [select(' TableIdentifier genai.spans (alias s)'), undefined],
    [select(' TableIdentifier spans'), undefined],
    [select(' TableIdentifier w'), undefined],
    [select(' TableIdentifier other'), 60],
    [select(' TableIdentifier genai.other'), 60],
    [select(' TableIdentifier nowhere.other'), 81],
    [select(' TableIdentifier system.processes'), 497],
    [select(' TableIdentifier system.one'), undefined],
    [select(' Identifier system.processes'), 497],
    [select(' Identifier genai.spans.cost'), undefined],
    [select(' Identifier a.b'), undefined],
    [select(' Function sumIfOrNull (children 1)'), undefined],
    [select(' Function file (alias x) (children 1)'), 497],
    [select(' Function increment (children 1)'), undefined],
    [select(' Function unheardOf'), 497],
    [select(' TableExpression (children 1)', '  Function numbers (children 1)'), undefined],
    [select(' TableExpression (children 1)', '  Function parametrised (children 1)'), undefined],
    [select(' TableExpression (children 1)', '  Function genai.parametrised (children 1)'), undefined],
    [select(' TableExpression (children 1)', '  Function merge (children 1)'), 497],
    [select(' ColumnsApplyTransformer'), 497],
    [select(' Set'), 164],
    [select(' NewNode of a later engine'), 497],
    [select(' TableIdentifier system.tables', ' Asterisk'), 497],
    [select(' TableIdentifier system.tables', ' Identifier t.total_rows'), 497],
    [select(' TableIdentifier system.tables', ' Identifier name'), undefined],
    ['DropQuery  t (children 1)', 497],
    ['', 497],
    ['DescribeQuery (children 1)\n TableExpression (children 1)\n  TableIdentifier genai.spans', undefined],
    ['DescribeQuery (children 1)\n TableExpression (children 1)\n  Function numbers', 497],
    ['Explain EXPLAIN (children 1)\n SelectWithUnionQuery', undefined],
    ['Explain EXPLAIN ESTIMATE (children 1)\n SelectWithUnionQuery', 497],
    ['Explain EXPLAIN (children 1)\n DescribeQuery', 497],
  ])('%j → %s', (ast, expected) => {
    expect(code(ast)).toBe(expected);
  });

  test('a line forged through an identifier with a line break only adds nodes', () => {
    expect(code(select(" Literal 'a' (alias x", 'DropQuery)'))).toBe(497);
  });
});

test('names that reach beyond the visible rows are not among the functions', () => {
  const forbidden =
    'file joinget joingetornull dictget dictgetordefault hascolumnintable lowcardinalitykeys lowcardinalityindices getsetting getserversetting hostname fqdn sleep sleepeachrow catboostevaluate evalmlmethod aigenerate aiembed getmacro getserverport tcpport addresstoline demangle logtrace executable getclienthttpheader showcertificate formatrow structuretoprotobufschema filesystemavailable initializeaggregation indexhint'.split(
      ' '
    );
  expect(forbidden.filter((name) => READER_FUNCTIONS.has(name) || readerMayCall(name))).toEqual([]);
});
