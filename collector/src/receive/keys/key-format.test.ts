import { generateKey, hashKey, hasKeyShape, KEY_ROLES } from './key-format.ts';

test('a new key has the shape of a key, its role in clear and 24 random characters', () => {
  for (const role of KEY_ROLES) {
    const key = generateKey(role);
    expect(key).toMatch(new RegExp(`^sl_${role}_[0-9A-Za-z]{24}_[0-9a-f]{8}$`));
    expect(hasKeyShape(key)).toBe(true);
  }
  const keys = new Set(Array.from({ length: 1000 }, () => generateKey('ingest')));
  expect(keys.size).toBe(1000);
});

test('a mistyped or cut key has not', () => {
  const key = 'sl_ingest_AAAAAAAAAAAAAAAAAAAAAAAA_';
  expect(hasKeyShape(`${key}00000000`)).toBe(false);
  const good = generateKey('read');
  const swapped = good.slice(0, 9) + (good[9] === 'x' ? 'y' : 'x') + good.slice(10);
  for (const text of [
    swapped,
    good.slice(0, -1),
    `${good} `,
    good.toUpperCase(),
    good.replace('read', 'admin'),
    '',
    'x'.repeat(10_000),
  ]) {
    expect(hasKeyShape(text)).toBe(false);
  }
});

test('the stored hash depends on key and pepper', () => {
  // RFC 4231, test case 2.
  expect(hashKey('Jefe', 'what do ya want for nothing?').toString('hex')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
  );
  expect(hashKey('a', 'key').equals(hashKey('b', 'key'))).toBe(false);
});
