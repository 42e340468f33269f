import { READER_AGGREGATES } from './reader-aggregates.ts';
import { READER_FUNCTIONS } from './reader-functions.ts';
import { ErrorCode, Refusal } from './refusal.ts';

/** What a reader's statement may touch. */
export interface ReaderScope {
  /** Database that unqualified names belong to. */
  readonly database: string;
  /** Names of all databases; a dotted name that begins with one of them is a table. */
  readonly databases: ReadonlySet<string>;
  /** Tables and views (`database.table`) a reader may name. */
  readonly tables: ReadonlySet<string>;
  /** Names given by WITH in the statement. */
  readonly withNames: ReadonlySet<string>;
  /** Lower-case names of every function and table function of the engine. */
  readonly engineFunctions: ReadonlySet<string>;
  /** True for a reader that is limited to workspaces: sizes and counts of stored data are then hidden too. */
  readonly limited: boolean;
}

/** System tables that hold nothing about other people's statements or data. */
const READER_SYSTEM_TABLES: ReadonlySet<string> = new Set(
  'one numbers numbers_mt zeros zeros_mt databases tables columns functions table_functions formats settings data_type_families time_zones aggregate_function_combinators build_options'
    .split(' ')
    .map((name) => `system.${name}`)
);

export const READER_TABLE_FUNCTIONS: ReadonlySet<string> = new Set([
  'numbers',
  'numbers_mt',
  'zeros',
  'zeros_mt',
  'generate_series',
  'generateseries',
  'values',
  'view',
]);

const COMBINATORS =
  /(?:SimpleState|OrDefault|Distinct|Resample|ForEach|ArgMax|ArgMin|OrNull|Tuple|MergeState|Merge|State|Array|Null|Map|If)$/i;

/** True when a reader may call this ordinary, aggregate (with combinators) or window function. */
export function readerMayCall(name: string): boolean {
  const lower = name.toLowerCase();
  if (READER_FUNCTIONS.has(lower)) return true;
  let rest = name;
  while (!READER_AGGREGATES.has(rest.toLowerCase())) {
    const shorter = rest.replace(COMBINATORS, '');
    if (shorter === rest) return false;
    rest = shorter;
  }
  return true;
}

/** Kinds of nodes in EXPLAIN AST that carry nothing to check; every kind that is not known is refused. */
const PLAIN_NODES = new Set(
  `SelectWithUnionQuery SelectIntersectExceptQuery SelectQuery ExpressionList Literal Subquery WithElement TablesInSelectQuery
  TablesInSelectQueryElement TableExpression TableJoin ArrayJoin SampleRatio OrderByElement InterpolateElement WindowListElement
  WindowDefinition ColumnsTransformerList ColumnsExceptTransformer ColumnsReplaceTransformer ColumnsReplaceTransformer::Replacement
  ColumnsListMatcher QualifiedColumnsListMatcher ColumnsRegexpMatcher QualifiedColumnsRegexpMatcher Asterisk QualifiedAsterisk
  ShowTables ShowColumns ShowFunctions ShowCreateTableQuery ShowCreateViewQuery ShowCreateDatabaseQuery ExistsTableQuery ExistsViewQuery
  ExistsDatabaseQuery Collation`.split(/\s+/)
);
const ROOTS = new Set(
  'SelectWithUnionQuery SelectIntersectExceptQuery ShowTables ShowColumns ShowFunctions ShowCreateTableQuery ShowCreateViewQuery ShowCreateDatabaseQuery ExistsTableQuery ExistsViewQuery ExistsDatabaseQuery DescribeQuery Explain'.split(
    ' '
  )
);
const EXPLAIN_KINDS = new Set(['EXPLAIN', 'EXPLAIN AST', 'EXPLAIN SYNTAX', 'EXPLAIN QUERY TREE', 'EXPLAIN PIPELINE']);
/** Columns of system.tables, columns and databases that count or measure rows of every workspace, or name files. */
const SIZE_COLUMN =
  /(?:^|[._])(?:total|data|marks|parts|rows|bytes|primary_key_bytes|lifetime|active|has_own|loading|path|paths|statistics)(?:[._]|$)/i;

interface Node {
  readonly depth: number;
  readonly kind: string;
  readonly name: string;
}

/**
 * Checks what the engine itself understood of a reader's statement (rows of EXPLAIN AST, one node a line). Throws a
 * Refusal for anything outside the allow-lists: an unknown node, function, table function, table or system table.
 * A forged line (an identifier can hold a line break) can only add nodes and so only cause a refusal.
 */
export function checkReaderAst(ast: string, scope: ReaderScope): void {
  const nodes = ast.replace(/\n$/, '').split('\n').map(readNode);
  const root = nodes[0];
  if (root === undefined || !ROOTS.has(root.kind)) {
    throw new Refusal(
      ErrorCode.ACCESS_DENIED,
      `A reader may only run SELECT, SHOW, DESCRIBE, EXISTS and EXPLAIN of a SELECT.`
    );
  }
  const system = nodes.some(
    ({ kind, name }) => kind === 'TableIdentifier' && /^system\.(?:tables|columns|databases)$/.test(name)
  );
  const parents: string[] = [];
  for (const node of nodes) {
    parents.length = node.depth;
    checkNode(node, parents.at(-1), scope);
    if (system && scope.limited) checkSizeColumn(node);
    parents[node.depth] = node.kind;
  }
  if (root.kind === 'DescribeQuery' && nodes[2]?.kind !== 'TableIdentifier')
    throw deniedNode('DESCRIBE of anything but a table');
  if (root.kind === 'Explain') checkExplain(root, nodes[1]);
}

function readNode(line: string): Node {
  const depth = /^ */.exec(line)?.[0].length ?? 0;
  const text = line
    .slice(depth)
    .replace(/ \(children \d+\)$/, '')
    .replace(/ \(alias .*\)$/, '');
  const space = text.indexOf(' ');
  return { depth, kind: space < 0 ? text : text.slice(0, space), name: space < 0 ? '' : text.slice(space + 1) };
}

function checkNode({ kind, name }: Node, parent: string | undefined, scope: ReaderScope): void {
  if (kind === 'Function') checkFunction(name, parent, scope);
  else if (kind === 'TableIdentifier') checkTable(name, scope);
  else if (kind === 'Identifier') checkIdentifier(name, scope);
  else if (kind === 'Set')
    throw new Refusal(
      ErrorCode.READONLY,
      'Cannot change settings in readonly mode: SETTINGS is not allowed for a reader.'
    );
  else if (kind !== 'DescribeQuery' && kind !== 'Explain' && !PLAIN_NODES.has(kind))
    throw deniedNode(`\`${kind.slice(0, 64)}\``);
}

function deniedNode(what: string): Refusal {
  return new Refusal(ErrorCode.ACCESS_DENIED, `Not enough privileges: ${what} is not allowed for a reader.`);
}

function checkFunction(name: string, parent: string | undefined, scope: ReaderScope): void {
  if (parent === 'TableExpression') {
    const isView = name.includes('.') ? scope.tables.has(name) : scope.tables.has(`${scope.database}.${name}`);
    if (READER_TABLE_FUNCTIONS.has(name.toLowerCase()) || isView) return;
    throw deniedNode(`table function ${name.slice(0, 64)}`);
  }
  // A lambda named by WITH, unless the engine has a function of that name, which would be called instead.
  const isLambda = scope.withNames.has(name) && !scope.engineFunctions.has(name.toLowerCase());
  if (!readerMayCall(name) && !isLambda) throw deniedNode(`function ${name.slice(0, 64)}`);
}

function checkTable(name: string, scope: ReaderScope): void {
  // An unqualified name can only reach the current database, whose tables are all filtered; a dot could reach others.
  if ((scope.withNames.has(name) && !name.includes('.')) || READER_SYSTEM_TABLES.has(name)) return;
  const qualified = name.includes('.') ? name : `${scope.database}.${name}`;
  if (scope.tables.has(qualified)) return;
  const [database = ''] = name.split('.', 1);
  if (!name.includes('.') || scope.databases.has(database)) {
    throw /^(?:system|information_schema)\./i.test(qualified)
      ? deniedNode(`table ${qualified.slice(0, 128)}`)
      : new Refusal(
          ErrorCode.UNKNOWN_TABLE,
          `Unknown table expression identifier '${name.slice(0, 128)}' (or no privilege to read it).`
        );
  }
  throw new Refusal(ErrorCode.UNKNOWN_DATABASE, `Database of '${name.slice(0, 128)}' does not exist.`);
}

/** `x IN system.processes` names a table in an expression: whatever begins with a database has to be allowed. */
function checkIdentifier(name: string, scope: ReaderScope): void {
  const parts = name.split('.');
  if (parts.length < 2 || !scope.databases.has(parts[0] ?? '')) return;
  const table = `${parts[0] ?? ''}.${parts[1] ?? ''}`;
  if (!scope.tables.has(table) && !READER_SYSTEM_TABLES.has(table)) throw deniedNode(`table ${table.slice(0, 128)}`);
}

function checkSizeColumn({ kind, name }: Node): void {
  if (/Asterisk|Matcher/.test(kind) || (kind === 'Identifier' && SIZE_COLUMN.test(name))) {
    throw deniedNode(
      `${kind === 'Identifier' ? `column ${name.slice(0, 64)}` : 'an asterisk'} of system.tables, columns or databases`
    );
  }
}

function checkExplain(root: Node, inner: Node | undefined): void {
  if (!EXPLAIN_KINDS.has(root.name)) throw deniedNode(root.name.slice(0, 64));
  if (inner?.kind !== 'SelectWithUnionQuery' && inner?.kind !== 'SelectIntersectExceptQuery')
    throw deniedNode('EXPLAIN of anything but a SELECT');
}
