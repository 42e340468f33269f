import type { PolicyTable, PolicyVersion } from '../policy-table.ts';

export interface MemoryTable extends PolicyTable {
  readonly rows: PolicyVersion[];
  /** While true, everything rejects. */
  down: boolean;
  /** Called before a version is added: room for somebody else. */
  beforeAdd: () => void;
}

/** A table in memory that keeps the first of each version, as the store does. */
export function memoryTable(): MemoryTable {
  const rows: PolicyVersion[] = [];
  const table: MemoryTable = {
    rows,
    down: false,
    beforeAdd: () => undefined,
    readNewer: (known) => {
      if (table.down) return Promise.reject(new Error('the store is down'));
      return Promise.resolve(rows.filter(({ workspace, version }) => version > (known.get(workspace) ?? 0)));
    },
    readVersions: (workspace, before, limit) => {
      if (table.down) return Promise.reject(new Error('the store is down'));
      const own = rows.filter((row) => row.workspace === workspace && row.version < before);
      return Promise.resolve(own.sort((a, b) => b.version - a.version).slice(0, limit));
    },
    add: (version) => {
      table.beforeAdd();
      if (table.down) return Promise.reject(new Error('the store is down'));
      const taken = rows.some((row) => row.workspace === version.workspace && row.version === version.version);
      if (!taken) rows.push(version);
      return Promise.resolve(!taken);
    },
  };
  return table;
}
