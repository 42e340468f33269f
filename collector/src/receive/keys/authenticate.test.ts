import { createAuthenticate, type CredentialHeaders } from './authenticate.ts';
import { generateKey, type KeyRole } from './key-format.ts';
import type { Principal } from './key-store.ts';

const key = { ingest: generateKey('ingest'), read: generateKey('read'), admin: generateKey('admin') };
const owner = (role: KeyRole): Principal => ({ workspace: 'shop', role, keyId: `${role}-1` });
const owners = new Map((['ingest', 'read', 'admin'] as const).map((role) => [key[role], owner(role)]));
const asked: string[] = [];
const keys = {
  find: (text: string): Principal | undefined => {
    asked.push(text);
    return owners.get(text);
  },
};
const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const authenticate = createAuthenticate({ keys, pepper: 'pepper' });

describe('a key is found', () => {
  test.each<[string, CredentialHeaders]>([
    ['as bearer token', { authorization: `Bearer ${key.ingest}` }],
    ['whatever the case of the scheme', { authorization: `bEaReR   ${key.ingest}` }],
    ['as password of Basic', { authorization: basic('pk-lf-1', key.ingest) }],
    ['as user of Basic when the password is none', { authorization: basic(key.ingest, '') }],
    ['as user of Basic when only that has the shape', { authorization: basic(key.ingest, 'x') }],
    ['in X-API-Key', { 'x-api-key': key.ingest }],
    [
      'in X-API-Key beside the credentials of a proxy',
      { authorization: basic('proxy', 'secret'), 'x-api-key': key.ingest },
    ],
  ])('%s', (_name, headers) => {
    expect(authenticate(headers, 'ingest')).toEqual(owner('ingest'));
  });
});

test('a role may do its own, admin everything', () => {
  const needs = ['ingest', 'read', 'admin'] as const;
  const allowed = Object.fromEntries(
    needs.map((role) => [
      role,
      needs.filter((need) => authenticate({ authorization: `Bearer ${key[role]}` }, need) !== 'forbidden'),
    ])
  );
  expect(allowed).toEqual({ ingest: ['ingest'], read: ['read'], admin: ['ingest', 'read', 'admin'] });
});

test('no credentials are missing; unknown, wrong and unreadable ones are invalid', () => {
  expect(authenticate({}, 'ingest')).toBe('missing');
  expect(authenticate({ authorization: '', 'x-api-key': '' }, 'ingest')).toBe('missing');
  for (const authorization of [
    `Bearer ${generateKey('ingest')}`,
    `Bearer ${key.ingest.slice(0, -1)}`,
    'Bearer',
    key.ingest,
    'Basic %%%',
    `Digest ${key.ingest}`,
    `Bearer ${'x'.repeat(100_000)}`,
  ]) {
    expect(authenticate({ authorization }, 'ingest')).toBe('invalid');
  }
});

test('credentials beyond any key are never hashed', () => {
  asked.length = 0;
  authenticate({ authorization: basic('u', 'x'.repeat(1000)), 'x-api-key': 'y'.repeat(1000) }, 'ingest');
  expect(asked).toEqual(['u']);
});

test('without keys everybody is admin of the default workspace, whatever they send', () => {
  const open = createAuthenticate({ pepper: '' });
  const everybody = { workspace: 'default', role: 'admin', keyId: 'none' };
  expect(open({}, 'admin')).toEqual(everybody);
  expect(open({ authorization: 'Bearer anything' }, 'ingest')).toEqual(everybody);
});

test('the bootstrap key has every role for the default workspace, alone and beside a key file', () => {
  const bootstrap = { workspace: 'default', role: 'admin', keyId: 'bootstrap' };
  for (const withBootstrap of [
    createAuthenticate({ bootstrapKey: 'first start', pepper: '' }),
    createAuthenticate({ bootstrapKey: 'first start', keys, pepper: 'p' }),
  ]) {
    expect(withBootstrap({ 'x-api-key': 'first start' }, 'admin')).toEqual(bootstrap);
    expect(withBootstrap({ authorization: basic('public', 'first start') }, 'read')).toEqual(bootstrap);
    expect(withBootstrap({ 'x-api-key': 'second start' }, 'read')).toBe('invalid');
    expect(withBootstrap({}, 'read')).toBe('missing');
  }
});
