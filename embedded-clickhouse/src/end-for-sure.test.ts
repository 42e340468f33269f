import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const FILE = join(process.cwd(), 'embedded-clickhouse/dist/end-for-sure.js');

async function run(then: string): Promise<unknown> {
  const program = `import { endForSure } from '${FILE}'; endForSure(300); ${then}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return code ?? signal;
}

describe('the end of a process', () => {
  it('comes though its main thread is blocked for ever', async () => {
    expect(
      await run(
        'await new Promise((go) => setTimeout(go, 50)); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);'
      )
    ).toBe('SIGKILL');
  });

  it('is not put off by the watch', async () => {
    expect(await run('await new Promise((go) => setTimeout(go, 50));')).toBe(0);
  });
});
