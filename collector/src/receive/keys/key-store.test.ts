import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKey } from './create-key.ts';
import { KeyFileError, parseKeyFile } from './key-file.ts';
import type { KeyRole } from './key-format.ts';
import { createKeyStore, type KeyStore } from './key-store.ts';
import { listKeys } from './list-keys.ts';
import { revokeKey } from './revoke-key.ts';

const PEPPER = 'pepper';
let directory: string;
let path: string;
let clock = Date.parse('2026-01-01T00:00:00Z');
const now = (): number => clock;
const stores: KeyStore[] = [];
const errors: string[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'keys-'));
  path = join(directory, 'keys.yaml');
  errors.length = 0;
});
afterEach(async () => {
  for (const store of stores.splice(0)) store.close();
  await rm(directory, { recursive: true });
});

const add = (role: KeyRole = 'ingest', expiresAt?: Date): ReturnType<typeof createKey> =>
  createKey({ path, pepper: PEPPER, role, workspace: 'shop', label: 'till', expiresAt, now });
const open = async (pollMs = 1_000_000): Promise<KeyStore> => {
  const onReloadError = (error: KeyFileError): void => void errors.push(error.message);
  const store = await createKeyStore({ path, pepper: PEPPER, now, pollMs, onReloadError });
  stores.push(store);
  return store;
};

test.each(['keys.yaml', 'keys.json'])(
  '%s: a new key is found, is stored as a hash only, and the file is private',
  async (name) => {
    path = join(directory, name);
    const first = await add();
    const { key, stored } = await add('read');
    const store = await open();
    expect(store.find(first.key)).toEqual({ workspace: 'shop', role: 'ingest', keyId: first.stored.id });
    expect(store.find(key)).toEqual({ workspace: 'shop', role: 'read', keyId: stored.id });
    expect(store.find(`${key}x`)).toBeUndefined();
    const text = await readFile(path, 'utf8');
    expect(text).not.toContain(key);
    expect(text).toContain(stored.hmac);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(directory)).toEqual([name]);
    expect(await listKeys(path)).toEqual([
      { id: first.stored.id, role: 'ingest', workspace: 'shop', label: 'till', created_at: '2026-01-01T00:00:00.000Z' },
      { id: stored.id, role: 'read', workspace: 'shop', label: 'till', created_at: '2026-01-01T00:00:00.000Z' },
    ]);
  }
);

test('another pepper finds nothing', async () => {
  const { key } = await add();
  const store = await createKeyStore({ path, pepper: 'other', now, onReloadError: () => undefined });
  stores.push(store);
  expect(store.find(key)).toBeUndefined();
});

test('an expired key is refused from its time on', async () => {
  const { key } = await add('ingest', new Date(clock + 1000));
  const store = await open();
  clock += 999;
  expect(store.find(key)?.workspace).toBe('shop');
  clock += 1;
  expect(store.find(key)).toBeUndefined();
});

test('a revoked key is refused after the next look at the file, by itself', async () => {
  const { key, stored } = await add();
  const store = await open(5);
  expect(store.find(key)?.keyId).toBe(stored.id);
  expect(await revokeKey({ path, id: stored.id, now })).toEqual({
    ...stored,
    revoked_at: new Date(clock).toISOString(),
  });
  while (store.find(key)) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(errors).toEqual([]);
  expect(await revokeKey({ path, id: 'nobody', now })).toBeUndefined();
});

test('a broken file keeps the last good keys and is counted until it is mended', async () => {
  const { key, stored } = await add();
  const good = await readFile(path, 'utf8');
  const store = await open();
  for (const broken of ['{', 'text: 1', good.replace('ingest', 'owner'), good + good]) {
    await writeFile(path, broken);
    await store.refresh();
    expect(store.find(key)?.keyId).toBe(stored.id);
  }
  await rm(path);
  await store.refresh();
  expect(errors).toEqual([
    'the key file is neither YAML nor JSON',
    'the key file must be a list',
    'key 1: role is not valid',
    'two keys in the key file have the same id',
    'the key file cannot be read: ENOENT',
  ]);
  await writeFile(path, '[]');
  await store.refresh();
  expect(store.find(key)).toBeUndefined();
});

test('a start without a readable key file fails', async () => {
  await expect(open()).rejects.toThrow(new KeyFileError('the key file cannot be read: ENOENT'));
  await writeFile(path, '- 1');
  await expect(open()).rejects.toThrow(new KeyFileError('key 1 is not an object'));
});

test('two changes at once: one is refused, none is lost; a crashed one is cleared away', async () => {
  await add();
  await writeFile(`${path}.tmp`, 'half');
  await expect(add()).rejects.toThrow('another change of the key file is under way');
  await utimes(`${path}.tmp`, 0, 0);
  await add();
  expect(await listKeys(path)).toHaveLength(2);
});

test('a broken file is not overwritten, and a bad workspace is refused', async () => {
  await writeFile(path, '{');
  await expect(add()).rejects.toThrow('the key file is neither YAML nor JSON');
  expect(await readFile(path, 'utf8')).toBe('{');
  expect(await readdir(directory)).toEqual(['keys.yaml']);
  const bad = createKey({ path, pepper: PEPPER, role: 'read', workspace: '../x', label: '', now });
  await expect(bad).rejects.toThrow('the workspace must be 1 to 64 letters, digits, . _ -');
});

test.each([
  ['hmac', 'ab'],
  ['role', 'root'],
  ['workspace', ''],
  ['created_at', 'yesterday'],
  ['expires_at', 'never'],
  ['id', 5],
])('an entry with a bad %s is refused without its value', (field, value) => {
  const entry = { id: 'a', hmac: '0'.repeat(64), role: 'read', workspace: 'w', created_at: '2026-01-01' };
  expect(() => parseKeyFile(JSON.stringify([entry, { ...entry, id: 'b', [field]: value }]))).toThrow(
    new KeyFileError(`key 2: ${field} is not valid`)
  );
  expect(parseKeyFile(JSON.stringify([entry]))).toEqual([{ ...entry, label: '' }]);
});
