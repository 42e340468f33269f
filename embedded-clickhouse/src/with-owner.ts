import { createHash, timingSafeEqual } from 'node:crypto';
import type { User, Users } from './users.ts';

export interface Owner {
  readonly name: string;
  readonly password: string;
}

/** Where a parent process names the owner as `name:password`; never on the command line, which everyone can read. */
export const OWNER_VARIABLE = 'EMBEDDED_CLICKHOUSE_OWNER';

/** Reads `name:password`; throws when it has no such shape. */
export function parseOwner(text: string): Owner {
  const colon = text.indexOf(':');
  if (colon < 1 || colon === text.length - 1) throw new Error(`${OWNER_VARIABLE} must be name:password`);
  return { name: text.slice(0, colon), password: text.slice(colon + 1) };
}

const digest = (text: string) => createHash('sha256').update(text).digest();

/** The users of a file and, before them, the process that started this one: it writes and may do everything. */
export function withOwner(users: Users, owner: Owner): Users {
  const user: User = { name: owner.name, role: 'admin', workspaces: '*' };
  const expected = digest(owner.password);
  return {
    authenticate: async (name, password) => {
      if (name === owner.name && timingSafeEqual(digest(password), expected)) return user;
      return users.authenticate(name, password);
    },
  };
}
