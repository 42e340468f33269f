import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Limits } from '../src/limits.ts';
import { hashPassword } from '../src/password.ts';
import { startEmbeddedClickhouse } from '../src/start.ts';
import type { User } from '../src/users.ts';

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly bytes: Buffer;
  readonly headers: Headers;
}

export interface TestServer {
  readonly url: string;
  readonly directory: string;
  /** Runs a statement by POST; `as` is a user name, whose password is the name. */
  run(sql: string, parameters?: Record<string, string>, as?: string): Promise<Answer>;
  request(path: string, init?: RequestInit): Promise<Answer>;
  close(): Promise<void>;
}

const root = join(__dirname, '..');

/** Starts the server in this process on a directory of its own; with `users` everyone needs a name and password. */
export async function startTestServer(
  users: readonly User[] = [],
  limits?: Limits,
  publicTables = ['genai.prices']
): Promise<TestServer> {
  const directory = mkdtempSync(join(tmpdir(), 'embedded-clickhouse-'));
  const usersFile = join(directory, 'users.json');
  const accounts = await Promise.all(
    users.map(async (user) => ({
      ...user,
      workspaces: user.workspaces === '*' ? ['*'] : user.workspaces,
      password: await hashPassword(user.name),
    }))
  );
  if (users.length > 0) writeFileSync(usersFile, JSON.stringify({ users: accounts }));
  const running = await startEmbeddedClickhouse(
    {
      data: join(directory, 'store'),
      host: '127.0.0.1',
      port: 0,
      allowInsecure: false,
      watchParent: false,
      publicTables,
      ...(users.length > 0 ? { users: usersFile } : {}),
    },
    {
      now: Date.now,
      report: () => undefined,
      from: join(root, 'dist', 'main.js'),
      workerFile: join(root, 'dist', 'stream-worker.js'),
      ...(limits === undefined ? {} : { limits }),
    }
  );
  async function request(path: string, init?: RequestInit): Promise<Answer> {
    const response = await fetch(running.url + path, init);
    const bytes = Buffer.from(await response.arrayBuffer());
    return { status: response.status, text: bytes.toString(), bytes, headers: response.headers };
  }
  return {
    url: running.url,
    directory,
    request,
    run: (sql, parameters = {}, as) =>
      request(`/?${new URLSearchParams(parameters).toString()}`, {
        method: 'POST',
        body: sql,
        headers: as === undefined ? {} : { 'X-ClickHouse-User': as, 'X-ClickHouse-Key': as },
      }),
    async close() {
      await running.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
