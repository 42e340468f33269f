import { createLog } from './log.ts';

function linesOf(write: (log: ReturnType<typeof createLog>) => void, level: 'info' | 'silent' = 'info'): unknown[] {
  const lines: string[] = [];
  write(createLog(level, { write: (line: string) => void lines.push(line) }));
  return lines.map((line) => {
    const { time, ...rest } = JSON.parse(line) as { time: string };
    expect(new Date(time).toISOString()).toBe(time);
    return rest;
  });
}

describe('the log', () => {
  it('writes one JSON line with level, fields and message', () => {
    expect(linesOf((log) => log.warn({ spans: 3 }, 'the ledger is nearly full'))).toEqual([
      { level: 'warn', spans: 3, msg: 'the ledger is nearly full' },
    ]);
  });

  it('writes nothing below its level', () => {
    expect(linesOf((log) => log.debug('detail'))).toEqual([]);
    expect(linesOf((log) => log.fatal('end'), 'silent')).toEqual([]);
  });

  it('hides what could be a secret or content, also inside of objects', () => {
    const [line] = linesOf((log) =>
      log.info(
        {
          authorization: 'hunter2',
          config: { keyPepper: 'hunter2', deep: { password: 'hunter2' } },
          span: { attributes: 'hunter2', id: 7 },
        },
        'x'
      )
    );
    expect(line).toEqual({
      level: 'info',
      authorization: '[Redacted]',
      config: { keyPepper: '[Redacted]', deep: { password: '[Redacted]' } },
      span: { attributes: '[Redacted]', id: 7 },
      msg: 'x',
    });
  });

  it('keeps of an error its type, code, message and stack, without passwords in URLs', () => {
    const error = Object.assign(new Error('connect http://user:hunter2@store:8123 failed'), {
      code: 'ECONNREFUSED',
      request: { body: 'hunter2' },
    });
    const [line] = linesOf((log) => log.error({ err: error }, 'the store does not answer')) as [
      { err: { stack: string } },
    ];
    expect(line).toEqual({
      level: 'error',
      err: {
        type: 'Error',
        code: 'ECONNREFUSED',
        message: 'connect http://[Redacted]@store:8123 failed',
        stack: expect.stringContaining('log.test.ts') as string,
      },
      msg: 'the store does not answer',
    });
    expect(JSON.stringify(line)).not.toContain('hunter2');
  });

  it('cuts what a server answered when it is long', () => {
    const [line] = linesOf((log) => log.warn({ err: new Error('page '.repeat(10_000)) }, 'x')) as [
      { err: { message: string; stack: string } },
    ];
    expect([line.err.message.length, line.err.stack.length]).toEqual([4_000, 4_000]);
  });
});
