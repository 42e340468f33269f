import { createHash, createHmac, randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { hashPassword, isPasswordHash, verifyPassword } from './password.ts';

/** reader: SELECT within their workspaces; writer: also inserts and changes; admin: everything. */
type Role = 'reader' | 'writer' | 'admin';

/** Who a request speaks for. */
export interface User {
  readonly name: string;
  readonly role: Role;
  /** Workspaces a reader sees; `*` alone means all. Writers and admins see all. */
  readonly workspaces: readonly string[] | '*';
}

interface Account extends User {
  readonly password: string;
}

/** Who a request without a users file speaks for: only allowed on a loopback listener. */
export const LOCAL_ADMIN: User = { name: 'default', role: 'admin', workspaces: '*' };

/** Reads a users file; the second part holds every fault that was found (then the list must not be used). */
export function parseUsers(text: string): { accounts: readonly Account[]; faults: readonly string[] } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { accounts: [], faults: ['the users file is not JSON'] };
  }
  const list = isRecord(parsed) ? parsed['users'] : parsed;
  if (!Array.isArray(list)) return { accounts: [], faults: ['the users file needs {"users": [...]}'] };
  const faults: string[] = [];
  const accounts = list.flatMap((entry: unknown, index) => {
    const account = readAccount(entry, `user ${index + 1}`, faults);
    return account === undefined ? [] : [account];
  });
  const names = new Set(accounts.map(({ name }) => name));
  if (names.size < accounts.length) faults.push('two users have the same name');
  if (list.length === 0) faults.push('the users file holds no user');
  return { accounts, faults };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readAccount(entry: unknown, where: string, faults: string[]): Account | undefined {
  if (!isRecord(entry)) {
    faults.push(`${where} is not an object`);
    return undefined;
  }
  const before = faults.length;
  const { name, password, role, workspaces } = entry;
  if (typeof name !== 'string' || name === '' || name.length > 256) faults.push(`${where}: name is missing`);
  if (typeof password !== 'string' || !isPasswordHash(password))
    faults.push(`${where}: password must be scrypt$… or sha256$… (see hash-password)`);
  if (role !== 'reader' && role !== 'writer' && role !== 'admin')
    faults.push(`${where}: role must be reader, writer or admin`);
  const lists =
    Array.isArray(workspaces) &&
    workspaces.length > 0 &&
    workspaces.every((item) => typeof item === 'string' && item !== '');
  if (role === 'reader' && !lists) faults.push(`${where}: a reader needs workspaces, ["*"] for all`);
  if (role !== 'reader' && workspaces !== undefined && !lists)
    faults.push(`${where}: workspaces must be a list of names`);
  if (lists && workspaces.includes('*') && workspaces.length > 1) faults.push(`${where}: "*" stands alone`);
  if (faults.length > before) return undefined;
  const all = role !== 'reader' || !lists || workspaces.includes('*');
  return {
    name: name as string,
    password: password as string,
    role: role as Role,
    workspaces: all ? '*' : (workspaces as string[]),
  };
}

/** Milliseconds between two looks at the file. */
const LOOK_EVERY_MS = 5_000;
/** Credentials that were found right, kept as keyed digests, so that scrypt runs once for each. */
const MOST_REMEMBERED = 1_000;

export interface Users {
  /** The user for a name and password, or undefined; unknown names take as long as wrong passwords. */
  authenticate(name: string, password: string): Promise<User | undefined>;
}

/**
 * Users of a file. The file is read again when it changes (within five seconds); a faulty new version is reported and
 * the one before stays in force. Throws at first reading when the file is missing or faulty, with every fault named.
 */
export async function loadUsers(path: string, now: () => number, report: (fault: string) => void): Promise<Users> {
  const first = parseUsers(readFileSync(path, 'utf8'));
  if (first.faults.length > 0) throw new Error(first.faults.join('; '));
  let accounts = first.accounts;
  let version = statSync(path).mtimeMs;
  let looked = now();
  const remembered = new Set<string>();
  const secret = randomBytes(32);
  const decoy = await hashPassword(randomBytes(16).toString('hex'));

  function look(): void {
    if (now() - looked < LOOK_EVERY_MS) return;
    looked = now();
    try {
      const modified = statSync(path).mtimeMs;
      if (modified === version) return;
      version = modified;
      const next = parseUsers(readFileSync(path, 'utf8'));
      if (next.faults.length > 0) throw new Error(next.faults.join('; '));
      accounts = next.accounts;
      remembered.clear();
    } catch (error) {
      report(`users file not read again: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  return {
    async authenticate(name, password) {
      look();
      const account = accounts.find((candidate) => candidate.name === name);
      const hash = account?.password ?? decoy;
      const digest = createHmac('sha256', secret)
        .update(createHash('sha256').update(password).digest())
        .update(hash)
        .update(name)
        .digest('base64');
      if (!remembered.has(digest)) {
        const right = await verifyPassword(password, hash);
        if (!right || account === undefined) return undefined;
        if (remembered.size >= MOST_REMEMBERED) remembered.clear();
        remembered.add(digest);
      }
      return account;
    },
  };
}
