import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const FILE = join(process.cwd(), 'embedded-clickhouse/dist/end-for-sure.js');

async function run(ms: number, then: string): Promise<unknown> {
  const program = `import { endForSure } from '${FILE}'; endForSure(${ms}); ${then}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return code ?? signal;
}

describe('the end of a process', () => {
  it('comes though its main thread is blocked for ever', async () => {
    expect(
      await run(
        300,
        'await new Promise((go) => setTimeout(go, 50)); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);'
      )
    ).toBe('SIGKILL');
  });

  it('comes though a thread never ends for which the exit waits', async () => {
    // Nothing ever comes through the pipe.
    const blocked = "(await import('node:fs')).read(0, Buffer.alloc(1), 0, 1, null, () => undefined);";
    expect(await run(300, `${blocked} setTimeout(() => process.exit(0), 50);`)).toBe('SIGKILL');
  });

  it('is not put off by the watch', async () => {
    expect(await run(3_600_000, 'await new Promise((go) => setTimeout(go, 50));')).toBe(0);
  });
});
