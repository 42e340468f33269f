import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, readEngineError } from './engine.ts';
import type { NativeAddon } from './native-addon.ts';
import { loadNativeAddon } from './native-addon.ts';

describe('readEngineError', () => {
  test.each([
    ['Code: 60. DB::Exception: Unknown table x. (UNKNOWN_TABLE)', 60, 'Unknown table x', 'UNKNOWN_TABLE'],
    ['Query failed: Code: 62. DB::Exception: Syntax error: x. (SYNTAX_ERROR)', 62, 'Syntax error: x', 'SYNTAX_ERROR'],
    [
      'Code: 164. DB::Exception: Code: 164. DB::Exception: Cannot modify. (READONLY) (version 26.7.2.1). (READONLY)',
      164,
      'Cannot modify',
      'READONLY',
    ],
    ['chdb query returned a null result', 1002, 'chdb query returned a null result', 'UNKNOWN_EXCEPTION'],
  ])('%s', (text, code, message, label) => {
    expect(readEngineError({ message: text })).toMatchObject({ code, message, label });
  });
  test('takes anything that is thrown', () =>
    expect(readEngineError('odd')).toMatchObject({ code: 1002, message: 'odd' }));
});

describe('an addon without raw inserts', () => {
  const directory = mkdtempSync(join(tmpdir(), 'engine-'));
  const ran: string[] = [];
  const addon: NativeAddon = {
    CreateConnection: () => ({}),
    CloseConnection: () => undefined,
    QueryAsyncConnection: (_connection, sql) => {
      const file = /INFILE '([^']+)'/.exec(sql)?.[1];
      ran.push(file === undefined ? sql : `${sql.replace(file, 'FILE')} <- ${readFileSync(file).toString('hex')}`);
      return Promise.resolve({ bytes: Buffer.alloc(0), rowsRead: 0, bytesRead: 0 });
    },
    StreamQuery: () => ({}),
    StreamFetch: () => Promise.reject(new Error('not used')),
    StreamCancel: () => undefined,
  };
  afterAll(() => rmSync(directory, { recursive: true }));

  test('gets the body through a file that is gone afterwards', async () => {
    const connection = createEngine(addon, directory, []).open();
    const insert = {
      target: 'INSERT INTO t (a)',
      settings: 'SETTINGS x = 1',
      format: 'RowBinary',
      data: Buffer.from([10, 0]),
    };
    expect(await connection.insert(insert)).toEqual({ rows: 0, bytes: 0 });
    await connection.insertSelect('INSERT INTO t SELECT 1');
    expect(ran).toEqual([
      "INSERT INTO t (a) FROM INFILE 'FILE' COMPRESSION 'none' SETTINGS x = 1 FORMAT RowBinary <- 0a00",
      'INSERT INTO t SELECT 1',
    ]);
    expect(readdirSync(directory)).toEqual([]);
  });
  test('an error of the engine removes the file too, and files of a killed process go at start', async () => {
    writeFileSync(join(directory, 'insert-data-left'), 'x');
    const failing = {
      ...addon,
      QueryAsyncConnection: () => Promise.reject(new Error('Code: 60. DB::Exception: No table. (UNKNOWN_TABLE)')),
    };
    const connection = createEngine(failing, directory, []).open();
    await expect(
      connection.insert({ target: 'INSERT INTO t', settings: '', format: 'CSV', data: Buffer.from('1') })
    ).rejects.toMatchObject({ code: 60 });
    await expect(connection.insertSelect('INSERT INTO t SELECT 1')).rejects.toMatchObject({ code: 60 });
    expect(readdirSync(directory)).toEqual([]);
  });
});

test('a platform without a build is named', () => {
  expect(() => loadNativeAddon(__filename, 'win32-x64')).toThrow('chDB has no build for win32-x64');
  expect(() => loadNativeAddon(__filename, 'darwin-arm64')).toThrow(/cannot load @chdb\/lib-darwin-arm64 \(glibc only/);
});

test('the engine is closed when the last statement has ended and been stopped, and not before', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'engine-'));
  const closed: unknown[] = [];
  const ends: (() => void)[] = [];
  let opened = 0;
  const addon = {
    CreateConnection: () => (opened += 1),
    CloseConnection: (handle: unknown) => closed.push(handle),
    QueryAsyncConnection: () => new Promise((end) => ends.push(() => end({ bytes: Buffer.alloc(0) }))),
  } as unknown as NativeAddon;
  const engine = createEngine(addon, directory, []);
  const connection = engine.open();
  const query = connection.query('SELECT 1', 'TSV').then(() => connection.close());
  const kill = engine.kill('id');
  const closing = engine.close();
  ends[0]!();
  await query;
  expect(closed).toEqual([3]);
  ends[1]!();
  await Promise.all([kill, closing]);
  expect(closed).toEqual([3, 2, 1]);
  rmSync(directory, { recursive: true });
});
