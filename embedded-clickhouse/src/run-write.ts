import type { Connection, Engine, Written } from './engine.ts';

/** An INSERT: the text before the data, and the data as they came. */
export interface Write {
  readonly prefix: string;
  readonly data: Buffer;
  /** False when the statement takes its rows from a SELECT. */
  readonly takesData: boolean;
  readonly setup: readonly string[];
}

/** Makes the function that runs an INSERT on a fresh connection; rejects with an EngineError. */
export function createRunWrite(engine: Engine) {
  return async ({ prefix, data, takesData, setup }: Write): Promise<Written> => {
    const connection: Connection = engine.open();
    try {
      for (const statement of setup) await connection.query(statement, 'TabSeparated');
      return await connection.insert(takesData ? prefix : prefix.trimEnd(), data);
    } finally {
      connection.close();
    }
  };
}
