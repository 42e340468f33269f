#!/usr/bin/env node
// libuv reads the size of its thread pool before the first module of ours runs, so the size has to be in the
// environment of the process. When it is not there, the same program is started once more with it.
import { spawn } from 'node:child_process';

const NEEDED_THREADS = 16;
if (Number(process.env['UV_THREADPOOL_SIZE']) >= NEEDED_THREADS) {
  await import('../dist/main.js');
} else {
  const given = process.argv.slice(2);
  const readsInput = given.includes('--watch-parent') || given[0] === 'hash-password';
  // The pipe makes the second process end with this one, even when this one is killed.
  const watched = given[0] === 'hash-password' || readsInput ? given : [...given, '--watch-parent'];
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1], ...watched], {
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { ...process.env, UV_THREADPOOL_SIZE: String(NEEDED_THREADS) },
  });
  if (readsInput) process.stdin.pipe(child.stdin);
  child.stdin.on('error', () => undefined);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
}
