import type { Engine, InsertWithData, Written } from './engine.ts';

/** An INSERT: with its data, or as a text that takes its rows from a SELECT. */
export interface Write {
  readonly sql: string;
  readonly insert?: InsertWithData;
  readonly setup: readonly string[];
}

/** Makes the function that runs an INSERT on a fresh connection; rejects with an EngineError. */
export function createRunWrite(engine: Engine) {
  return async ({ sql, insert, setup }: Write): Promise<Written> => {
    const connection = engine.open();
    try {
      for (const statement of setup) await connection.query(statement, 'TabSeparated');
      return await (insert === undefined ? connection.insertSelect(sql) : connection.insert(insert));
    } finally {
      connection.close();
    }
  };
}
