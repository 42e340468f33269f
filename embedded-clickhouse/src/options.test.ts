import { readOptions } from './options.ts';

describe('readOptions', () => {
  test('has defaults for everything but the directory', () => {
    expect(readOptions(['--data', 'd'])).toEqual({
      faults: [],
      options: {
        data: 'd',
        host: '127.0.0.1',
        port: 8123,
        allowInsecure: false,
        watchParent: false,
        publicTables: ['genai.prices'],
      },
    });
  });
  test('reads every option', () => {
    const args =
      '--data d --listen [::1]:0 --users u --public-table a.b --public-table c.d --memory 512 --allow-insecure --watch-parent'.split(
        ' '
      );
    expect(readOptions(args).options).toEqual({
      data: 'd',
      host: '::1',
      port: 0,
      users: 'u',
      allowInsecure: true,
      watchParent: true,
      publicTables: ['a.b', 'c.d'],
      memoryBytes: 512 * 1024 * 1024,
    });
  });
  test('a listener beyond loopback needs users or the word for it', () => {
    expect(readOptions(['--data', 'd', '--listen', '0.0.0.0:1']).faults).toEqual([
      '--listen 0.0.0.0:1 is reachable from other machines: give --users FILE (or --allow-insecure)',
    ]);
    expect(readOptions(['--data', 'd', '--listen', '0.0.0.0:1', '--allow-insecure']).options?.host).toBe('0.0.0.0');
    expect(readOptions(['--data', 'd', '--listen', '0.0.0.0:1', '--users', 'u']).options?.users).toBe('u');
  });
  test('tells all faults at once', () => {
    expect(readOptions(['--listen', 'x', '--memory', '1']).faults).toEqual([
      '--listen must be HOST:PORT',
      '--data DIR is missing',
      '--memory must be at least 256 (MiB)',
    ]);
    expect(readOptions(['--nope']).faults).toHaveLength(1);
  });
});
