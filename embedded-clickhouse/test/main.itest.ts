import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

const program = join(__dirname, '..', 'bin', 'embedded-clickhouse.mjs');
const directory = mkdtempSync(join(tmpdir(), 'embedded-clickhouse-main-'));
const children: Program['child'][] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  // A process that was killed with its first one ends a moment later, and writes until then.
  rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 500 });
});

interface Program {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly url: string;
  readonly ended: Promise<unknown[]>;
}

/** Starts the program and waits for its ready line; `threads` stands in the environment as a parent would set it. */
async function start(args: readonly string[], threads?: string): Promise<Program> {
  const environment = { ...process.env };
  delete environment['UV_THREADPOOL_SIZE'];
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...environment, ...(threads === undefined ? {} : { UV_THREADPOOL_SIZE: threads }) },
  });
  children.push(child);
  const ended = once(child, 'exit');
  const line = await new Promise<string>((resolve, reject) => {
    let out = '';
    let faults = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (out.includes('\n')) resolve(out);
    });
    child.stderr.on('data', (chunk: Buffer) => (faults += chunk.toString()));
    child.on('exit', () => reject(new Error(faults)));
  });
  const ready = JSON.parse(line) as { ready: boolean; url: string };
  expect(ready).toEqual({ ready: true, url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) });
  return { child, url: ready.url, ended };
}

const run = async ({ url }: Program, sql: string): Promise<string> =>
  (await fetch(url, { method: 'POST', body: sql })).text();

test('stores rows, ends with 0 on SIGTERM, and finds them again', async () => {
  const args = ['--data', join(directory, 'kept'), '--listen', '127.0.0.1:0'];
  const first = await start(args);
  await run(first, 'CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a');
  await run(first, 'INSERT INTO t VALUES (1)');
  first.child.kill('SIGTERM');
  expect(await first.ended).toEqual([0, null]);
  const second = await start(args, '16');
  expect(await run(second, 'SELECT a FROM t')).toBe('1\n');
  const other = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
  expect([other.status, other.stderr]).toEqual([
    1,
    expect.stringMatching(/embedded-clickhouse: cannot open .*another process/),
  ]);
  await run(second, 'INSERT INTO t VALUES (2)');
  second.child.kill('SIGKILL');
  await second.ended;
  const third = await start(args, '16');
  expect(await run(third, 'SELECT a FROM t ORDER BY a')).toBe('1\n2\n');
  third.child.kill('SIGINT');
  expect(await third.ended).toEqual([0, null]);
});

test('rows are on disk before an insert is answered', async () => {
  const program = await start(['--data', join(directory, 'durable'), '--listen', '127.0.0.1:0'], '16');
  expect(
    await run(
      program,
      "SELECT name, value FROM system.merge_tree_settings WHERE name IN ('fsync_after_insert', 'fsync_part_directory') ORDER BY name"
    )
  ).toBe('fsync_after_insert\t1\nfsync_part_directory\t1\n');
  expect(
    await run(program, "SELECT count() FROM system.tables WHERE database = 'system' AND name LIKE '%\\_log'")
  ).toBe('0\n');
  program.child.kill('SIGTERM');
  await program.ended;
});

test('ends when its parent is gone, also when the first process is killed', async () => {
  const watched = await start(
    ['--data', join(directory, 'watched'), '--listen', '127.0.0.1:0', '--watch-parent'],
    '16'
  );
  watched.child.stdin.end();
  expect(await watched.ended).toEqual([0, null]);
  const restarted = await start(['--data', join(directory, 'watched'), '--listen', '127.0.0.1:0']);
  restarted.child.kill('SIGKILL');
  await restarted.ended;
  let alive = true;
  while (alive)
    alive = await fetch(`${restarted.url}/ping`).then(
      () => true,
      () => false
    );
  expect(alive).toBe(false);
});

test('slow reads in every place leave room for inserts', async () => {
  const program = await start(['--data', join(directory, 'lanes'), '--listen', '127.0.0.1:0'], '16');
  await run(program, 'CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a');
  const slow = Array.from({ length: 6 }, () =>
    run(program, 'SELECT sum(sleepEachRow(0.5)) FROM numbers(4) SETTINGS max_block_size = 1 FORMAT JSONCompact')
  );
  await run(program, 'INSERT INTO t VALUES (1)');
  expect(await run(program, 'SELECT a FROM t')).toBe('1\n');
  expect((await Promise.all(slow)).every((text) => text.includes('"data"'))).toBe(true);
  program.child.kill('SIGTERM');
  expect(await program.ended).toEqual([0, null]);
});

test('asks for a name and password when there are users', async () => {
  const file = join(directory, 'users.json');
  const hashed = spawnSync(process.execPath, [program, 'hash-password'], { input: 'secret\n', encoding: 'utf8' });
  expect([hashed.status, hashed.stdout]).toEqual([0, expect.stringMatching(/^scrypt\$[^\n]+\n$/)]);
  const users = [
    { name: 'grafana', password: hashed.stdout.trim(), role: 'reader', workspaces: ['*'] },
    { name: 'default', password: `sha256$${createHash('sha256').update('').digest('hex')}`, role: 'admin' },
  ];
  writeFileSync(file, JSON.stringify({ users }));
  const running = await start(['--data', join(directory, 'users'), '--listen', '127.0.0.1:0', '--users', file], '16');
  const ask = async (headers: Record<string, string>, query = ''): Promise<[number, string | null, string]> => {
    const response = await fetch(`${running.url}/?query=SELECT+currentDatabase()${query}`, { headers });
    return [response.status, response.headers.get('x-clickhouse-exception-code'), await response.text()];
  };
  const basic = (text: string): Record<string, string> => ({
    Authorization: `Basic ${Buffer.from(text).toString('base64')}`,
  });
  const right: [number, null, string] = [200, null, 'default\n'];
  expect(await ask(basic('grafana:secret'))).toEqual(right);
  expect(await ask({ 'X-ClickHouse-User': 'grafana', 'X-ClickHouse-Key': 'secret' })).toEqual(right);
  expect(await ask({ 'X-ClickHouse-Key': '' })).toEqual(right);
  expect(await ask({}, '&user=grafana&password=secret')).toEqual(right);
  expect(await ask({}, '&user=default')).toEqual(right);
  expect((await ask({})).slice(0, 2)).toEqual([401, '194']);
  for (const headers of [
    basic('grafana:wrong'),
    basic('nobody:secret'),
    basic('grafana'),
    { ...basic('grafana:secret'), 'X-ClickHouse-User': 'grafana' },
  ]) {
    const [status, code, text] = await ask(headers);
    expect([status, code, text.includes('secret')]).toEqual([403, '516', false]);
  }
  expect((await fetch(`${running.url}/ping`)).status).toBe(200);
  running.child.kill('SIGTERM');
  expect(await running.ended).toEqual([0, null]);
});

test.each([
  [['--listen', '0.0.0.0:0', '--data', 'x'], /reachable from other machines/],
  [[], /--data DIR is missing/],
  [['--data', join(tmpdir(), 'never-made'), '--users', '/no/such/file'], /ENOENT/],
  [['--data', '/dev/null/x'], /ENOTDIR/],
])('refuses to start with %j', (args, fault) => {
  const { status, stderr, stdout } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(fault);
});

test('an empty password is refused, and --help explains', () => {
  expect(spawnSync(process.execPath, [program, 'hash-password'], { input: '\n', encoding: 'utf8' })).toMatchObject({
    status: 1,
    stderr: 'embedded-clickhouse: the password is empty\n',
  });
  expect(spawnSync(process.execPath, [program, '--help'], { encoding: 'utf8' })).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('--data DIR'),
  });
});

test('ends, and lets go of its directory, when whoever started it is gone before it is ready', async () => {
  const args = ['--data', join(directory, 'orphaned'), '--listen', '127.0.0.1:0', '--watch-parent'];
  for (const delayMs of [0, 200, 400]) {
    const child = spawn(process.execPath, [program, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
    });
    children.push(child);
    const ended = once(child, 'exit');
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
    await ended;
  }
  const next = await start(args, '16');
  expect(await run(next, 'SELECT 1')).toBe('1\n');
  next.child.kill('SIGTERM');
  expect(await next.ended).toEqual([0, null]);
});
