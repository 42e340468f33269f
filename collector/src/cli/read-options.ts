import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from './command.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** The options and arguments of a command. Throws UsageError for an unknown option, a missing value or too many arguments. */
export function readOptions<const T extends Options>(
  args: readonly string[],
  options: T,
  maxArguments = 0
): ReturnType<typeof parseArgs<{ options: T; args: string[]; allowPositionals: true }>> {
  try {
    const parsed = parseArgs({ args: [...args], options, allowPositionals: true });
    if (parsed.positionals.length > maxArguments)
      throw new UsageError(`unexpected argument ${parsed.positionals.at(-1) ?? ''}`);
    return parsed;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
