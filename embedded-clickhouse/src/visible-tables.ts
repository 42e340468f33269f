import type { Engine } from './engine.ts';
import { quoteString } from './settings.ts';
import type { User } from './users.ts';

/** What the engine holds, as far as a reader's rights depend on it. */
export interface Catalogue {
  readonly databases: ReadonlySet<string>;
  readonly tables: readonly Table[];
  /** Lower-case names of all functions and table functions. */
  readonly functions: ReadonlySet<string>;
}

interface Table {
  readonly name: string;
  readonly hasWorkspace: boolean;
  readonly isView: boolean;
}

/** The rights of one user: tables by full name, and for limited readers the filters of every other table. */
export interface Rights {
  readonly tables: ReadonlySet<string>;
  /** Assignments for SET that bind a reader; empty for writers and admins. */
  readonly settings: readonly string[];
}

const CATALOGUE_SQL = `SELECT t.database || '.' || t.name AS name, t.engine = 'View' AS isView,
  (t.database, t.name) IN (SELECT database, table FROM system.columns WHERE name = 'workspace') AS hasWorkspace
  FROM system.tables AS t WHERE t.database NOT IN ('system', 'INFORMATION_SCHEMA', 'information_schema') AND NOT t.is_temporary`;

export interface VisibleTables {
  catalogue(): Promise<Catalogue>;
  /** To be called after every statement that may have changed the schema. */
  changed(): void;
}

/** Keeps the catalogue until the schema changes. All changes pass through this process, so it is never stale. */
export function createVisibleTables(engine: Engine): VisibleTables {
  let current: Promise<Catalogue> | undefined;
  return {
    async catalogue() {
      current ??= readCatalogue(engine);
      const reading = current;
      try {
        return await reading;
      } catch (error) {
        if (current === reading) current = undefined;
        throw error;
      }
    },
    changed() {
      current = undefined;
    },
  };
}

async function readCatalogue(engine: Engine): Promise<Catalogue> {
  const connection = engine.open();
  try {
    const rows = async (sql: string): Promise<string[][]> => {
      const { bytes } = await connection.query(sql, 'JSONCompactStringsEachRow');
      return bytes
        .toString()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as string[]);
    };
    const tables = await rows(CATALOGUE_SQL);
    const databases = await rows('SELECT name FROM system.databases');
    const functions = await rows(
      'SELECT lower(name) FROM system.functions UNION ALL SELECT lower(name) FROM system.table_functions'
    );
    return {
      databases: new Set(databases.map(([name = '']) => name)),
      functions: new Set(functions.map(([name = '']) => name)),
      tables: tables.map(([name = '', isView, hasWorkspace]) => ({
        name,
        isView: isView === '1',
        hasWorkspace: hasWorkspace === '1',
      })),
    };
  } finally {
    connection.close();
  }
}

/** Bind every reader: no changes, no introspection of the process, no expression as a statement. */
const READER_SETTINGS = [
  'allow_ddl = 0',
  'allow_introspection_functions = 0',
  'implicit_select = 0',
  'use_query_cache = 0',
];
/**
 * Bind a reader of some workspaces. The filter has to be evaluated before any expression of the reader, or an error
 * (a division, a conversion, throwIf) would tell of rows of other workspaces in the same granule: so conditions do not
 * move to PREWHERE, filters stay apart, and AND stops at the first false. A condition cache would carry one reader's
 * answer to another.
 */
const LIMITED_SETTINGS = [
  'optimize_move_to_prewhere = 0',
  'query_plan_optimize_prewhere = 0',
  'query_plan_merge_filters = 0',
  `short_circuit_function_evaluation = 'force_enable'`,
  'use_query_condition_cache = 0',
];

/**
 * What `user` may read. A limited reader sees tables and views that have a column `workspace`, filtered, and the tables
 * of `publicTables` (of those with a column `workspace` the rows of the reader and those of nobody); every other table is filtered to nothing, should a statement reach it past the other checks.
 */
export function rightsOf(user: User, catalogue: Catalogue, publicTables: ReadonlySet<string>): Rights {
  if (user.role !== 'reader') return { tables: new Set(catalogue.tables.map(({ name }) => name)), settings: [] };
  if (user.workspaces === '*') {
    return {
      tables: new Set(catalogue.tables.map(({ name }) => name)),
      settings: [...READER_SETTINGS, 'readonly = 1'],
    };
  }
  const own = user.workspaces.map(quoteString);
  const within = `workspace IN (${own.join(', ')})`;
  // What belongs to no workspace is for all; a price that one workspace negotiated is not.
  const withinPublic = `workspace IN (${["''", ...own].join(', ')})`;
  const visible = catalogue.tables.filter(({ name, hasWorkspace }) => hasWorkspace || publicTables.has(name));
  const filters = catalogue.tables
    .filter(({ name, isView, hasWorkspace }) => hasWorkspace || (!isView && !publicTables.has(name)))
    .map(({ name, hasWorkspace }) => {
      const filter = !hasWorkspace ? '0' : publicTables.has(name) ? withinPublic : within;
      return `${quoteString(name)}: ${quoteString(filter)}`;
    });
  return {
    tables: new Set(visible.map(({ name }) => name)),
    settings: [
      ...READER_SETTINGS,
      ...LIMITED_SETTINGS,
      `additional_table_filters = {${filters.join(', ')}}`,
      'readonly = 1',
    ],
  };
}
