import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { pino } from 'pino';
import { runCli } from './cli/run-cli.ts';
import { startCollector } from './collector.ts';
import { createSteadyClock } from './steady-clock.ts';

const STANDARD_ERROR = 2;
const SETTINGS = /^SPANLEDGER_/;

// Rows on their way to the store count as growth of the heap, of which the engine allows itself about a half: under load it then walks
// the whole heap several times a second to free some buffers. The heap's limit stays what it is.
setFlagsFromString('--heap-growing-percent=300');

const fileBeside = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { version } = JSON.parse(readFileSync(fileBeside('../package.json'), 'utf8')) as { version: string };

const environment = { ...process.env };
// Child processes inherit what is left here: they need no key and no pepper.
for (const name of Object.keys(process.env)) if (SETTINGS.test(name)) Reflect.deleteProperty(process.env, name);

function untilStopped(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        resolve(signal);
        // A second one means now. What is not delivered is in the ledger.
        process.once(signal, () => process.exit(1));
      });
    }
  });
}

// `spanledger … | head` has read enough; a collector goes on without whoever read its ready line.
process.stdout.on('error', () => {
  if (process.argv[2] !== 'serve') process.exit();
});

process.exitCode = await runCli(process.argv.slice(2), {
  environment,
  readFile: (path) => readFileSync(path, 'utf8'),
  input: process.stdin,
  answer: (line) => process.stdout.write(`${line}\n`),
  remark: (line) => process.stderr.write(`${line}\n`),
  logDestination: pino.destination({ dest: STANDARD_ERROR, sync: true }),
  now: createSteadyClock(Date.now, () => performance.now()),
  monotonicNow: () => performance.now(),
  sqlDirectory: fileBeside('../../sql/migrations'),
  embeddedProgram: fileBeside('../../embedded-clickhouse/bin/embedded-clickhouse.mjs'),
  version,
  startCollector,
  untilStopped,
});
// A timer or a socket that something forgot must not keep a command alive that has answered.
process.exit();
