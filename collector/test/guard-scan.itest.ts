import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const PROGRAM = join(__dirname, '../bin/spanledger.mjs');

describe('guard-scan', () => {
  it('ends without a word when whoever reads its answers has read enough', async () => {
    const scan = spawn(process.execPath, [PROGRAM, 'guard-scan'], { stdio: ['pipe', 'pipe', 'pipe'] });
    scan.stdin.on('error', () => undefined);
    const remarks = text(scan.stderr);
    const exit = once(scan, 'exit');
    scan.stdin.write('{"id":1,"text":"ada@example.org"}\n');
    await once(scan.stdout, 'data');
    scan.stdout.destroy();
    // The pipe stays open: it ends because of its output, not of its input.
    for (let sent = 0; sent < 3; sent += 1) scan.stdin.write('{"id":1,"text":"ada@example.org"}\n'.repeat(2000));
    expect([await exit, await remarks]).toEqual([[0, null], '']);
  });
});
