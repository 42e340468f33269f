import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFragment, makePricedSpan } from '../guard/testing/make-span.ts';
import type { Log } from '../log.ts';
import { createChangePolicy } from './change-policy.ts';
import { followPolicies } from './follow-policies.ts';
import { policyChanges } from './policy-changes.ts';
import type { PolicyRegistry } from './policy-registry.ts';
import type { StoredPolicy } from './stored-policy.ts';
import { memoryTable } from './testing/memory-table.ts';
import { startRegistry } from './testing/start-registry.ts';

const NOW = Date.UTC(2026, 0, 31);
const REDACT_EMAIL = { rules: { email: { action: 'redact' } } };
const noLog = { error: () => undefined, warn: () => undefined } as unknown as Log;

const stored = (version: number, data: StoredPolicy['data'], workspace = 'shop'): StoredPolicy => ({
  workspace,
  version,
  data,
  updatedBy: 'key',
  updatedAtMs: NOW,
});

/** What is stored of a prompt in a workspace. */
function keptOf(registry: PolicyRegistry, workspace: string, content = 'write to ada@example.org'): string | undefined {
  const span = makePricedSpan({ workspace, fragments: [makeFragment(JSON.stringify([content]))] });
  const checked = registry.guard.check({ spans: [span], others: [], fragments: [], scores: [] });
  return checked.spans[0]?.span.fragments[0]?.body;
}

describe('the policies of workspaces', () => {
  it('are each in force in their own workspace only, by the latest version, never by an older one', () => {
    const { registry } = startRegistry();
    registry.learn([stored(2, REDACT_EMAIL)]);
    expect(keptOf(registry, 'shop')).toBe('["write to [REDACTED:email]"]');
    expect(keptOf(registry, 'bank')).toBe('["write to ada@example.org"]');
    expect(registry.learn([stored(1, {})])).toBe(false);
    expect(keptOf(registry, 'shop')).toBe('["write to [REDACTED:email]"]');
    registry.learn([stored(3, {})]);
    expect(keptOf(registry, 'shop')).toBe('["write to ada@example.org"]');
    expect(registry.inForce('shop').version).toBe('v3');
  });

  it('go on as they were when the latest cannot be used, and withhold content when none could ever be', () => {
    const { registry, unusable } = startRegistry();
    registry.learn([stored(1, REDACT_EMAIL), stored(1, { future: 1 }, 'bank')]);
    registry.learn([stored(2, { rules: { 'a-rule-of-tomorrow': {} } })]);
    expect(keptOf(registry, 'shop')).toBe('["write to [REDACTED:email]"]');
    expect(keptOf(registry, 'bank')).toContain('[WITHHELD:guard-policy]');
    expect(unusable).toEqual([
      ['bank', ['policy.future: is not known']],
      ['shop', ['rules.a-rule-of-tomorrow: is not the name of a rule']],
    ]);
    expect(registry.unusable()).toBe(2);
    const span = makePricedSpan({ workspace: 'bank' });
    const [checked] = registry.guard.check({ spans: [span], others: [], fragments: [], scores: [] }).spans;
    expect(checked?.span).toEqual({ ...span.span, userId: expect.stringMatching(/^user-/) });
  });

  it('keep more guards than are ready at a time', () => {
    const { registry } = startRegistry();
    const names = Array.from({ length: 70 }, (_, index) => `w${index}`);
    registry.learn(names.map((name) => stored(1, REDACT_EMAIL, name)));
    for (const name of [...names, ...names]) expect(keptOf(registry, name)).toContain('[REDACTED:email]');
  });

  it('need the keys that they make use of', () => {
    const tokens = { tokens: { values: true, user_id: true } };
    expect(startRegistry().registry.compile(tokens, 1)).toEqual({
      faults: [
        'tokens.values: needs the setting SPANLEDGER_GUARD_TOKEN_KEY',
        'tokens.user_id: needs the setting SPANLEDGER_USER_ID_KEY',
      ],
    });
    const { registry } = startRegistry({ tokenKey: Buffer.from('t'), userIdKey: Buffer.from('u') });
    registry.learn([stored(1, { ...REDACT_EMAIL, ...tokens })]);
    const first = keptOf(registry, 'shop', 'ada@example.org');
    expect(first).toMatch(/^\["\[EMAIL:tok_[\w-]{16}\]"\]$/);
    expect(keptOf(registry, 'shop', 'ada@example.org')).toBe(first);
    expect(keptOf(registry, 'shop', 'bob@example.org')).not.toBe(first);
  });
});

describe('following the policies', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'policies-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));
  const follow = (table = memoryTable()) => {
    const { registry } = startRegistry();
    const path = join(directory, 'guard', 'policies.json');
    return { registry, table, path, follow: followPolicies({ registry, table, path, log: noLog }) };
  };

  it('begins with what it last knew while the store is down, and with the default when that is lost', async () => {
    const first = follow();
    first.table.rows.push({ ...stored(4, REDACT_EMAIL), changes: [] });
    await first.follow.refresh();
    expect(keptOf(first.registry, 'shop')).toContain('[REDACTED:email]');

    const down = memoryTable();
    down.down = true;
    const second = follow(down);
    await second.follow.refresh();
    expect(keptOf(second.registry, 'shop')).toContain('[REDACTED:email]');
    expect(second.follow.failures()).toBe(1);

    const emptied = follow();
    await emptied.follow.refresh();
    expect(keptOf(emptied.registry, 'shop')).toContain('[REDACTED:email]');

    writeFileSync(first.path, readFileSync(first.path, 'utf8').slice(0, -5));
    const damaged = follow(down);
    expect(damaged.follow.failures()).toBe(1);
    expect(keptOf(damaged.registry, 'shop')).toBe('["write to ada@example.org"]');
  });
});

describe('a change of a policy', () => {
  const start = () => {
    const table = memoryTable();
    const { registry } = startRegistry();
    const change = createChangePolicy({ registry, table, save: () => Promise.resolve(), now: () => NOW });
    const edit = (expected: number, data: StoredPolicy['data']) =>
      change({ workspace: 'shop', expected, data, by: 'key' });
    return { table, registry, edit };
  };

  it('is a new version with what changed, rule by rule, in force at once', async () => {
    const { table, registry, edit } = start();
    const custom = { name: 'birds', keywords: ['heron'] };
    expect(await edit(0, { ...REDACT_EMAIL, custom: [custom] })).toMatchObject({
      kind: 'stored',
      policy: { version: 1 },
    });
    expect(registry.inForce('shop').version).toBe('v1');
    expect((await edit(1, { custom: [custom], ...REDACT_EMAIL })).kind).toBe('unchanged');
    expect((await edit(1, { custom: [{ ...custom, enabled: false }] })).kind).toBe('stored');
    expect(table.rows[1]?.changes).toEqual([
      {
        rule: 'custom.birds',
        before: '{"keywords":["heron"],"name":"birds"}',
        after: '{"enabled":false,"keywords":["heron"],"name":"birds"}',
      },
      { rule: 'rules.email', before: '{"action":"redact"}', after: '' },
    ]);
  });

  it('is refused when it was made from another version, also when another collector is quicker', async () => {
    const { table, edit } = start();
    await edit(0, REDACT_EMAIL);
    expect(await edit(0, {})).toMatchObject({ kind: 'conflict', policy: { version: 1 } });
    table.beforeAdd = () => {
      table.beforeAdd = () => undefined;
      table.rows.push({ ...stored(2, { allow: ['x'] }), changes: [] });
    };
    expect(await edit(1, {})).toMatchObject({ kind: 'conflict', policy: { version: 2, data: { allow: ['x'] } } });
  });

  it('says every fault and rejects when the store is down', async () => {
    const { table, edit } = start();
    expect(await edit(0, { rules: 1, custom: [{ name: 'x', pattern: '(' }] })).toMatchObject({
      kind: 'invalid',
      faults: ['rules: must be an object', expect.stringContaining('custom[0]: not a pattern in RE2 syntax')],
    });
    table.down = true;
    await expect(edit(0, {})).rejects.toThrow('down');
  });

  it('names parts that came and went', () => {
    expect(policyChanges({ models: true }, { allow: ['a'] })).toEqual([
      { rule: 'allow', before: '', after: '["a"]' },
      { rule: 'models', before: 'true', after: '' },
    ]);
  });
});
