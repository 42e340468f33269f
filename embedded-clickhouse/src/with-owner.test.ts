import type { User } from './users.ts';
import { parseOwner, withOwner } from './with-owner.ts';

const ada: User = { name: 'ada', role: 'reader', workspaces: ['a'] };
const users = {
  authenticate: (name: string, password: string) =>
    Promise.resolve(name === 'ada' && password === 'lovelace' ? ada : undefined),
};

describe('withOwner', () => {
  const all = withOwner(users, parseOwner('ledger:with:colons'));

  it('knows the owner, the users, and nobody else', async () => {
    expect([
      await all.authenticate('ledger', 'with:colons'),
      await all.authenticate('ada', 'lovelace'),
      await all.authenticate('ledger', 'wrong'),
      await all.authenticate('ada', 'with:colons'),
    ]).toEqual([{ name: 'ledger', role: 'admin', workspaces: '*' }, ada, undefined, undefined]);
  });

  it.each(['', 'name', ':password', 'name:'])('refuses %j', (text) => {
    expect(() => parseOwner(text)).toThrow('EMBEDDED_CLICKHOUSE_OWNER must be name:password');
  });
});
