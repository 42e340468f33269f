import { execFile, spawnSync } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { INSTALL_MS, whyOffline } from './why-offline.ts';

const run = promisify(execFile);

export type Command = readonly [program: string, ...parameters: string[]];

export interface Example {
  /** Its folder. */
  readonly name: string;
  /** Commands that succeed where its runtime is present. */
  readonly needs: readonly Command[];
  readonly install: readonly Command[];
  readonly start: Command;
}

/** What an example printed; a reason when its packages could not be fetched from here. */
export type Outcome = { readonly printed: string } | { readonly offline: string };

const RUN_MS = 180_000;
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
/** What somebody who tried the example left behind: bound to its place. */
const INSTALLED = new Set(['node_modules', '.venv', 'target']);
/** Variables that would lead a program elsewhere than the test wants. */
const FOREIGN = /^(OTEL_|OPENAI_|ANTHROPIC_|SPANLEDGER_|NODE_OPTIONS$|JAVA_TOOL_OPTIONS$)/;

/** The command that is missing on this machine, or undefined. */
export function missingCommand({ needs }: Example): string | undefined {
  return needs.find(([program, ...parameters]) => spawnSync(program, parameters).status !== 0)?.join(' ');
}

/**
 * Copies an example out of the repository, installs what it pins and runs it. Rejects with what it printed when a step fails for
 * another reason than a registry out of reach.
 */
export async function runExample(example: Example, variables: Readonly<Record<string, string>>): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'spanledger-example-'));
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN.test(name)));
  const options = { cwd: folder, env: { ...inherited, ...variables }, maxBuffer: MAX_OUTPUT_BYTES };
  try {
    const isSource = (path: string): boolean => !INSTALLED.has(basename(path));
    await cp(join(process.cwd(), 'examples', example.name), folder, { recursive: true, filter: isSource });
    for (const [program, ...parameters] of example.install) {
      const offline = await run(program, parameters, { ...options, timeout: INSTALL_MS }).then(
        () => undefined,
        whyOffline
      );
      if (offline !== undefined) return { offline };
    }
    const [program, ...parameters] = example.start;
    const { stdout } = await run(program, parameters, { ...options, timeout: RUN_MS });
    return { printed: stdout.trim() };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
