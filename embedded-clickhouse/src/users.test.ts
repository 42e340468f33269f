import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { hashPassword, verifyPassword } from './password.ts';
import { loadUsers, parseUsers } from './users.ts';

const sha = (password: string): string => `sha256$${createHash('sha256').update(password).digest('hex')}`;

describe('passwords', () => {
  test('scrypt and sha256 hashes match their password only', async () => {
    const hash = await hashPassword('secret');
    expect(hash).toMatch(/^scrypt\$16384\$8\$1\$/);
    expect(
      await Promise.all([
        verifyPassword('secret', hash),
        verifyPassword('Secret', hash),
        verifyPassword('x', sha('x')),
        verifyPassword('y', sha('x')),
      ])
    ).toEqual([true, false, true, false]);
  });
  test.each(['', 'plain', 'sha256$00', `scrypt$3$8$1$${'a'.repeat(16)}$${'b'.repeat(16)}`])(
    '%j never matches',
    async (hash) => {
      expect(await verifyPassword('plain', hash)).toBe(false);
    }
  );
});

describe('parseUsers', () => {
  test('reads names, roles and workspaces', () => {
    const users = [
      { name: 'a', password: sha('a'), role: 'admin' },
      { name: 'b', password: sha('b'), role: 'reader', workspaces: ['x', 'y'] },
      { name: 'c', password: sha('c'), role: 'reader', workspaces: ['*'] },
    ];
    const expected = {
      faults: [],
      accounts: [{ ...users[0], workspaces: '*' }, users[1], { ...users[2], workspaces: '*' }],
    };
    expect(parseUsers(JSON.stringify({ users }))).toEqual(expected);
    expect(parseUsers(JSON.stringify(users))).toEqual(expected);
  });
  test('names every fault at once', () => {
    const users = [
      null,
      { name: '', password: 'plain', role: 'root' },
      { name: 'r', password: sha('r'), role: 'reader' },
      { name: 'w', password: sha('w'), role: 'writer', workspaces: [] },
      { name: 's', password: sha('s'), role: 'reader', workspaces: ['*', 'x'] },
      { name: 'd', password: sha('d'), role: 'admin' },
      { name: 'd', password: sha('d'), role: 'admin' },
    ];
    expect(parseUsers(JSON.stringify({ users })).faults).toEqual([
      'user 1 is not an object',
      'user 2: name is missing',
      'user 2: password must be scrypt$… or sha256$… (see hash-password)',
      'user 2: role must be reader, writer or admin',
      'user 3: a reader needs workspaces, ["*"] for all',
      'user 4: workspaces must be a list of names',
      'user 5: "*" stands alone',
      'two users have the same name',
    ]);
    expect(parseUsers('{').faults).toEqual(['the users file is not JSON']);
    expect(parseUsers('{}').faults).toEqual(['the users file needs {"users": [...]}']);
    expect(parseUsers('[]').faults).toEqual(['the users file holds no user']);
  });
});

describe('loadUsers', () => {
  const directory = mkdtempSync(join(tmpdir(), 'users-'));
  const file = join(directory, 'users.json');
  const write = (users: unknown, seconds: number): void => {
    writeFileSync(file, JSON.stringify({ users }));
    utimesSync(file, seconds, seconds);
  };
  afterAll(() => rmSync(directory, { recursive: true }));

  test('authenticates, reads the file again when it changed, and keeps the old one when the new one is faulty', async () => {
    const faults: string[] = [];
    let now = 0;
    write([{ name: 'a', password: await hashPassword('one'), role: 'admin' }], 1000);
    const users = await loadUsers(
      file,
      () => now,
      (fault) => faults.push(fault)
    );
    const who = async (name: string, password: string): Promise<string | undefined> =>
      (await users.authenticate(name, password))?.role;
    expect(await Promise.all([who('a', 'one'), who('a', 'two'), who('b', 'one')])).toEqual([
      'admin',
      undefined,
      undefined,
    ]);
    expect(await who('a', 'one')).toBe('admin');
    write([{ name: 'a', password: sha('two'), role: 'writer' }], 2000);
    expect(await who('a', 'one')).toBe('admin');
    now = 6000;
    expect(await Promise.all([who('a', 'one'), who('a', 'two')])).toEqual([undefined, 'writer']);
    write([], 3000);
    now = 12_000;
    expect([await who('a', 'two'), faults]).toEqual([
      'writer',
      ['users file not read again: the users file holds no user'],
    ]);
    now = 18_000;
    expect([await who('a', 'two'), faults.length]).toEqual(['writer', 1]);
  });
  test('a faulty or missing file is an error at start', async () => {
    write([], 1);
    await expect(loadUsers(file, Date.now, () => undefined)).rejects.toThrow('holds no user');
    await expect(loadUsers(join(directory, 'none'), Date.now, () => undefined)).rejects.toThrow('ENOENT');
  });
});
