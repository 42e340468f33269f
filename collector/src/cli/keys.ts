import { readConfig, type Config } from '../config.ts';
import { createKey } from '../receive/keys/create-key.ts';
import { KEY_ROLES } from '../receive/keys/key-format.ts';
import { listKeys, type ListedKey } from '../receive/keys/list-keys.ts';
import { revokeKey } from '../receive/keys/revoke-key.ts';
import { UsageError, type CliContext, type Command } from './command.ts';
import { readOptions } from './read-options.ts';

const DAY_MS = 86_400_000;
const MAX_DAYS = 36_500;

function keyFile(config: Config): string {
  if (config.keys === undefined) throw new Error('SPANLEDGER_KEYS is not set: it names the file that keys are kept in');
  return config.keys;
}

function expiry(days: string | undefined, now: number): Date | undefined {
  if (days === undefined) return undefined;
  if (!/^\d{1,5}$/.test(days) || Number(days) < 1 || Number(days) > MAX_DAYS) {
    throw new UsageError(`--expires-days must be a whole number from 1 to ${MAX_DAYS}`);
  }
  return new Date(now + Number(days) * DAY_MS);
}

async function create(args: readonly string[], config: Config, { now, answer, remark }: CliContext): Promise<number> {
  const { values } = readOptions(args, {
    role: { type: 'string', default: 'ingest' },
    workspace: { type: 'string', default: 'default' },
    label: { type: 'string', default: '' },
    'expires-days': { type: 'string' },
  });
  const role = KEY_ROLES.find((each) => each === values.role);
  if (role === undefined) throw new UsageError(`--role must be one of ${KEY_ROLES.join(', ')}`);
  const { key, stored } = await createKey({
    path: keyFile(config),
    pepper: config.keyPepper ?? '',
    role,
    workspace: values.workspace,
    label: values.label,
    expiresAt: expiry(values['expires-days'], now()),
    now,
  });
  remark(`Key ${stored.id} for workspace ${stored.workspace}, role ${role}. It is shown only this once:`);
  answer(key);
  remark('Running collectors accept it within 10 seconds.');
  return 0;
}

function stateOf({ revoked_at, expires_at }: ListedKey, now: number): string {
  if (revoked_at !== undefined) return `revoked ${revoked_at}`;
  if (expires_at === undefined) return 'valid';
  return Date.parse(expires_at) <= now ? `expired ${expires_at}` : `valid until ${expires_at}`;
}

async function list(args: readonly string[], config: Config, { now, answer }: CliContext): Promise<number> {
  readOptions(args, {});
  const rows = (await listKeys(keyFile(config))).map((key) => [
    key.id,
    key.role,
    key.workspace,
    key.created_at,
    stateOf(key, now()),
    key.label,
  ]);
  const table = [['id', 'role', 'workspace', 'created', 'state', 'label'], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const row of table)
    answer(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()
    );
  return 0;
}

async function revoke(args: readonly string[], config: Config, { now, answer }: CliContext): Promise<number> {
  const id = readOptions(args, {}, 1).positionals[0];
  if (id === undefined) throw new UsageError('say which key: the id that `spanledger keys list` shows');
  const revoked = await revokeKey({ path: keyFile(config), id, now });
  if (revoked === undefined) throw new Error(`there is no key with the id ${id}`);
  answer(`revoked ${id}; running collectors refuse it within 10 seconds`);
  return 0;
}

const actions: Readonly<
  Record<string, (args: readonly string[], config: Config, context: CliContext) => Promise<number>>
> = {
  create,
  list,
  revoke,
};

export const keys: Command = {
  name: 'keys',
  usage: [
    'create [--role ingest|read|admin] [--workspace NAME] [--label TEXT] [--expires-days N]',
    'list',
    'revoke ID',
  ].join('\n'),
  summary: 'Makes, lists and revokes the keys in the file SPANLEDGER_KEYS',
  run: async ([action = '', ...args], context) => {
    const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (run === undefined) throw new UsageError(`say what to do: ${Object.keys(actions).join(', ')}`);
    return run(args, readConfig(context.environment, context.readFile), context);
  },
};
