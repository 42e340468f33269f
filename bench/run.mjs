// All benches, one after another, each in a process of its own. Compare only figures of one run.
//   npm run bench            all
//   npm run bench price      those named
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

const ALL = ['decode', 'normalise', 'price', 'guard', 'encode', 'ledger', 'pipeline', 'reprice'];

const wanted = process.argv.slice(2);
process.stdout.write(`Node ${process.version}, ${cpus().length} × ${cpus()[0].model}\n`);
for (const name of wanted.length > 0 ? wanted : ALL) {
  const file = fileURLToPath(new URL(`${name}.mjs`, import.meta.url));
  if (!existsSync(file)) throw new Error(`there is no bench ${name}; there are ${ALL.join(', ')}`);
  const { status } = spawnSync(process.execPath, [file], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
