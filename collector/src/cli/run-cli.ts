import { ConfigError } from '../config.ts';
import { nearestName } from '../config/nearest-name.ts';
import { UsageError, type CliContext, type Command } from './command.ts';
import { audit } from './audit.ts';
import { doctor } from './doctor.ts';
import { drain } from './drain.ts';
import { guardScan } from './guard-scan.ts';
import { invoices } from './invoices.ts';
import { keys } from './keys.ts';
import { migrate } from './migrate.ts';
import { prices } from './prices.ts';
import { replayDeadLetters } from './replay-dead-letters.ts';
import { serve } from './serve.ts';

const FAULT = 1;
const WRONG_USAGE = 2;

/** Every command there is. */
const commands: readonly Command[] = [
  serve,
  migrate,
  keys,
  prices,
  invoices,
  audit,
  doctor,
  guardScan,
  drain,
  replayDeadLetters,
];

function usage(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const lines = commands.flatMap(({ name, usage: form, summary }) => [
    `  ${name.padEnd(width)}  ${summary}`,
    ...(form === '' ? [] : form.split('\n').map((line) => `  ${' '.repeat(width)}  ${line}`)),
  ]);
  return [
    'Usage: spanledger <command>',
    '',
    ...lines,
    `  ${'help'.padEnd(width)}  this text`,
    `  ${'version'.padEnd(width)}  the version`,
    '',
    'Settings: environment variables SPANLEDGER_…, see collector/README.md',
  ].join('\n');
}

/** Runs a command line and gives the exit code: 0 done, 1 a fault, 2 a wrong command line. Never throws. */
export async function runCli(args: readonly string[], context: CliContext): Promise<number> {
  const [name = 'help', ...rest] = args;
  if (name === 'help' || name === '--help' || name === '-h' || rest.includes('--help')) {
    context.answer(usage());
    return 0;
  }
  if (name === 'version' || name === '--version') {
    context.answer(context.version);
    return 0;
  }
  const command = commands.find((each) => each.name === name);
  if (command === undefined) {
    const nearest = nearestName(
      name,
      commands.map((each) => each.name)
    );
    context.remark(
      `spanledger: there is no command ${name}${nearest === undefined ? '' : `, did you mean ${nearest}?`}`
    );
    context.remark(usage());
    return WRONG_USAGE;
  }
  try {
    return await command.run(rest, context);
  } catch (error) {
    if (error instanceof UsageError) {
      context.remark(`spanledger ${name}: ${error.message}`);
      context.remark(`Usage: spanledger ${name} ${command.usage}`);
      return WRONG_USAGE;
    }
    const lines =
      error instanceof ConfigError ? error.faults : [error instanceof Error ? error.message : String(error)];
    for (const line of lines) context.remark(`spanledger: ${line}`);
    return FAULT;
  }
}
