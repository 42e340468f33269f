import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { CliContext } from '../command.ts';
import { runCli } from '../run-cli.ts';

export interface CommandRun {
  readonly code: number;
  readonly answers: readonly string[];
  readonly remarks: readonly string[];
}

/** Runs a command line with a process of the test's own. */
export async function runCommand(args: readonly string[], changes: Partial<CliContext> = {}): Promise<CommandRun> {
  const answers: string[] = [];
  const remarks: string[] = [];
  const code = await runCli(args, {
    environment: {},
    readFile: (path) => readFileSync(path, 'utf8'),
    input: Readable.from([]),
    answer: (line) => void answers.push(line),
    remark: (line) => void remarks.push(line),
    logDestination: { write: () => undefined },
    now: () => Date.UTC(2026, 0, 31, 12),
    monotonicNow: () => 0,
    sqlDirectory: join(__dirname, '../../../../sql/migrations'),
    embeddedProgram: '/embedded.mjs',
    version: '1.2.3',
    startCollector: () => Promise.reject(new Error('not in this test')),
    untilStopped: () => Promise.resolve('SIGTERM'),
    ...changes,
  });
  return { code, answers, remarks };
}
