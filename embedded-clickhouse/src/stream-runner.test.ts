import type { NativeAddon } from './native-addon.ts';
import { createStreamRunner } from './stream-runner.ts';

type Fetched = Awaited<ReturnType<NativeAddon['StreamFetch']>>;

function fakeAddon(fetched: (Fetched | Error)[], notes: string[]): NativeAddon {
  return {
    CreateConnection: () => (notes.push('connect'), {}),
    CloseConnection: () => void notes.push('disconnect'),
    QueryAsyncConnection: (_connection, sql) => (
      notes.push(sql),
      Promise.resolve({ bytes: Buffer.alloc(0), rowsRead: 0, bytesRead: 0 })
    ),
    StreamQuery: (_connection, sql, format) => {
      notes.push(`${sql} ${format}`);
      if (sql === 'bad') throw new Error('Code: 62. DB::Exception: Syntax error. (SYNTAX_ERROR)');
      return {};
    },
    StreamFetch: () => {
      const next = fetched.shift();
      return next instanceof Error
        ? Promise.reject(next)
        : Promise.resolve(next ?? { bytes: Buffer.alloc(0), numRows: 0, done: true });
    },
    StreamCancel: () => void notes.push('cancel'),
  };
}
const open = (sql: string) => ({ type: 'open', setup: ['SET a = 1'], sql, format: 'TSV' }) as const;

describe('createStreamRunner', () => {
  test('hands over whole buffers, copies shared ones, and frees the connection at the end', async () => {
    const notes: string[] = [];
    const whole = Buffer.from(new ArrayBuffer(2));
    const shared = Buffer.from('xyz').subarray(1);
    const run = createStreamRunner(
      fakeAddon(
        [
          { bytes: whole, numRows: 1, done: false },
          { bytes: shared, numRows: 1, done: false },
        ],
        notes
      ),
      'd',
      []
    );
    expect(await run(open('SELECT 1'))).toEqual({ type: 'opened', transfer: [] });
    expect(await run({ type: 'next' })).toEqual({ type: 'piece', bytes: whole, rows: 1, transfer: [whole.buffer] });
    const second = await run({ type: 'next' });
    expect([Buffer.from(second.bytes ?? []).toString(), second.transfer[0]?.byteLength]).toEqual(['yz', 2]);
    expect((await run({ type: 'next' })).type).toBe('end');
    expect((await run({ type: 'next' })).type).toBe('end');
    expect(notes).toEqual(['connect', 'SET a = 1', 'SELECT 1 TSV', 'cancel', 'disconnect']);
  });
  test('an early close cancels, and errors free the connection', async () => {
    const notes: string[] = [];
    const run = createStreamRunner(
      fakeAddon([new Error('Code: 394. DB::Exception: Query was cancelled. (QUERY_WAS_CANCELLED)')], notes),
      'd',
      []
    );
    await run(open('SELECT 1'));
    expect((await run({ type: 'close' })).type).toBe('closed');
    expect(await run(open('bad'))).toMatchObject({ type: 'error', code: 62, label: 'SYNTAX_ERROR' });
    await run(open('SELECT 2'));
    expect(await run({ type: 'next' })).toMatchObject({ type: 'error', code: 394 });
    expect(notes.filter((note) => note === 'connect').length).toBe(
      notes.filter((note) => note === 'disconnect').length
    );
  });
});
