import { createStreamPool } from './stream-pool.ts';
import type { StreamThread } from './stream-pool.ts';
import type { StreamAnswer, StreamRequest } from './stream-runner.ts';

/** A thread that answers from a list and notes what it was asked. */
function fakeThread(
  answers: Partial<StreamAnswer>[]
): StreamThread & { asked: string[]; terminated: boolean; dead: boolean } {
  return {
    asked: [],
    terminated: false,
    dead: false,
    ask(request: StreamRequest) {
      this.asked.push(request.type);
      return Promise.resolve({ type: 'closed', transfer: [], ...(request.type === 'close' ? {} : answers.shift()) });
    },
    terminate() {
      this.terminated = true;
      return Promise.resolve();
    },
  };
}
const piece = (text: string): Partial<StreamAnswer> => ({ type: 'piece', bytes: Buffer.from(text) });

describe('createStreamPool', () => {
  test('gives pieces in order and uses the thread again', async () => {
    const thread = fakeThread([
      { type: 'opened' },
      piece('a'),
      piece('b'),
      { type: 'end' },
      { type: 'opened' },
      { type: 'end' },
    ]);
    let started = 0;
    const pool = createStreamPool(() => ((started += 1), thread));
    const pieces = await pool.open([], 'SELECT 1', 'TSV');
    const seen: string[] = [];
    for await (const bytes of pieces) seen.push(bytes.toString());
    await pieces.close();
    await pieces.close();
    const empty = await pool.open([], 'SELECT 2', 'TSV');
    for await (const bytes of empty) seen.push(bytes.toString());
    await empty.close();
    await pool.close();
    expect([seen, started, thread.asked, thread.terminated]).toEqual([
      ['a', 'b'],
      1,
      ['open', 'next', 'next', 'next', 'open', 'next'],
      true,
    ]);
  });
  test('an error before the first piece rejects at once, a later one while reading', async () => {
    const refused = createStreamPool(() =>
      fakeThread([{ type: 'error', code: 62, message: 'no', label: 'SYNTAX_ERROR' }])
    );
    await expect(refused.open([], 'x', 'TSV')).rejects.toMatchObject({
      code: 62,
      message: 'no',
      label: 'SYNTAX_ERROR',
    });
    const thread = fakeThread([{ type: 'opened' }, piece('a'), { type: 'error' }]);
    const pieces = await createStreamPool(() => thread).open([], 'x', 'TSV');
    await expect(async () => {
      for await (const bytes of pieces) expect(bytes.toString()).toBe('a');
    }).rejects.toMatchObject({ code: 1002 });
    await pieces.close();
    expect(thread.asked).toEqual(['open', 'next', 'next']);
  });
  test('a result that nobody reads is closed, and a dead thread is not used again', async () => {
    const threads = [fakeThread([{ type: 'opened' }, piece('a')]), fakeThread([{ type: 'opened' }, { type: 'end' }])];
    let next = 0;
    const pool = createStreamPool(() => threads[next++]!);
    const pieces = await pool.open([], 'x', 'TSV');
    threads[0]!.dead = true;
    await pieces.close();
    await (await pool.open([], 'y', 'TSV')).close();
    expect([threads[0]!.asked, threads[1]!.asked]).toEqual([
      ['open', 'next', 'close'],
      ['open', 'next'],
    ]);
  });
});
