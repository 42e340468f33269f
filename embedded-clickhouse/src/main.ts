import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { endForSure } from './end-for-sure.ts';
import { readOptions, USAGE } from './options.ts';
import { hashPassword } from './password.ts';
import { startEmbeddedClickhouse } from './start.ts';
import { OWNER_VARIABLE, parseOwner } from './with-owner.ts';

function fail(lines: readonly string[]): never {
  for (const line of lines) process.stderr.write(`embedded-clickhouse: ${line}\n`);
  process.exit(1);
}

/** Running statements have 10 s to end; then the engine closes. */
const END_MS = 13_000;
let stopping = false;

const args = process.argv.slice(2);
if (args[0] === 'hash-password') {
  const password = (await text(process.stdin)).replace(/\r?\n$/, '');
  if (password === '') fail(['the password is empty']);
  process.stdout.write(`${await hashPassword(password)}\n`);
  process.exit(0);
}
if (args[0] === 'help' || args.includes('--help')) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const { options, faults } = readOptions(args);
if (options === undefined) fail(faults);
// Whoever started this may be gone before it is ready. An error without a listener would end the process through `exit`, where the
// engine, while it is open, was seen to wait for a lock of its own for ever.
process.stderr.on('error', () => undefined);
process.on('uncaughtException', (error) => {
  process.stderr.write(`embedded-clickhouse: ${error.message}\n`, () => process.kill(process.pid, 'SIGKILL'));
});
const owner = process.env[OWNER_VARIABLE];
Reflect.deleteProperty(process.env, OWNER_VARIABLE);
const running = await startEmbeddedClickhouse(options, {
  ...(owner === undefined ? {} : { owner: parseOwner(owner) }),
  now: Date.now,
  report: (line) => process.stderr.write(`embedded-clickhouse: ${line}\n`),
  from: fileURLToPath(import.meta.url),
  workerFile: new URL('./stream-worker.js', import.meta.url),
}).catch((error: unknown) => fail([error instanceof Error ? error.message : String(error)]));

function stop(): void {
  if (stopping) return;
  stopping = true;
  endForSure(END_MS);
  running.close().then(
    () => process.exit(0),
    (error: unknown) => fail([error instanceof Error ? error.message : String(error)])
  );
}
process.stdout.on('error', stop);
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
process.on('SIGHUP', stop);
if (options.watchParent) {
  // The parent holds the other end of standard input; when it is gone, however it ended, the pipe closes.
  process.stdin.on('end', stop).on('close', stop).on('error', stop).resume();
}
process.stdout.write(`${JSON.stringify({ ready: true, url: running.url })}\n`);
