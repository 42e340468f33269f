import { parseArgs } from 'node:util';

/** What the command line says. */
export interface Options {
  readonly data: string;
  readonly host: string;
  readonly port: number;
  readonly users?: string;
  readonly allowInsecure: boolean;
  readonly watchParent: boolean;
  readonly publicTables: readonly string[];
  /** Memory of the engine, bytes; undefined = by the machine. */
  readonly memoryBytes?: number;
}

export const USAGE = `embedded-clickhouse --data DIR [--listen HOST:PORT] [--users FILE] [--public-table DB.TABLE ...]
                    [--memory MIB] [--watch-parent] [--allow-insecure]
embedded-clickhouse hash-password        reads a password from standard input
`;

const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|::1|localhost)$/;
const MIB = 1024 * 1024;
const LEAST_MEMORY_MIB = 256;

/** Reads the arguments; all faults are told at once. A listener beyond loopback needs users. */
export function readOptions(args: readonly string[]): { options?: Options; faults: readonly string[] } {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        data: { type: 'string' },
        listen: { type: 'string', default: '127.0.0.1:8123' },
        users: { type: 'string' },
        'public-table': { type: 'string', multiple: true },
        memory: { type: 'string' },
        'allow-insecure': { type: 'boolean', default: false },
        'watch-parent': { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    return { faults: [error instanceof Error ? error.message : String(error)] };
  }
  const faults: string[] = [];
  const listen = /^(?:\[([0-9a-fA-F:]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(values.listen);
  const host = listen?.[1] ?? listen?.[2] ?? '';
  const port = Number(listen?.[3]);
  if (listen === null || port > 65_535) faults.push('--listen must be HOST:PORT');
  else if (!LOOPBACK.test(host) && values.users === undefined && !values['allow-insecure']) {
    faults.push(`--listen ${values.listen} is reachable from other machines: give --users FILE (or --allow-insecure)`);
  }
  if (values.data === undefined || values.data === '') faults.push('--data DIR is missing');
  const memory = values.memory === undefined ? undefined : Number(values.memory);
  if (memory !== undefined && !(Number.isInteger(memory) && memory >= LEAST_MEMORY_MIB))
    faults.push(`--memory must be at least ${LEAST_MEMORY_MIB} (MiB)`);
  if (faults.length > 0 || values.data === undefined) return { faults };
  return {
    faults,
    options: {
      data: values.data,
      host,
      port,
      allowInsecure: values['allow-insecure'],
      watchParent: values['watch-parent'],
      publicTables: values['public-table'] ?? ['genai.prices'],
      ...(values.users === undefined ? {} : { users: values.users }),
      ...(memory === undefined ? {} : { memoryBytes: memory * MIB }),
    },
  };
}
