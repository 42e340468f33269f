import type { Collector, CollectorEnvironment } from '../collector.ts';
import type { Config } from '../config.ts';
import type { Readable } from 'node:stream';
import type { DestinationStream } from 'pino';

/** What a command may touch: the process is main.ts's, so that tests run commands without one. */
export interface CliContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Rejects a missing file with an error that has a `code`. */
  readonly readFile: (path: string) => string;
  /** Standard input. */
  readonly input: Readable;
  /** A line to standard output: the answer. */
  readonly answer: (line: string) => void;
  /** A line to standard error: everything said beside the answer. */
  readonly remark: (line: string) => void;
  readonly logDestination: DestinationStream;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Milliseconds of a clock that never goes back, with fractions. */
  readonly monotonicNow: () => number;
  /** Folder of the numbered migrations. */
  readonly sqlDirectory: string;
  readonly embeddedProgram: string;
  readonly version: string;
  readonly startCollector: (config: Config, environment: CollectorEnvironment) => Promise<Collector>;
  /** Resolves with the name of the signal when the process is asked to stop. */
  readonly untilStopped: () => Promise<string>;
}

/** One command of `spanledger`. */
export interface Command {
  readonly name: string;
  /** Arguments, as the usage shows them. */
  readonly usage: string;
  /** What it does, in a line. */
  readonly summary: string;
  /** Exit code: 0 = done, 1 = a fault that it has described. Throws UsageError, ConfigError, or an error whose message a person can read. */
  readonly run: (args: readonly string[], context: CliContext) => Promise<number>;
}

/** The command line is wrong; the message says how it must be. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
