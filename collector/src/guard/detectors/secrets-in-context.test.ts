import { defaultGuardPolicy } from '../guard-policy.ts';
import { contextAt } from '../rule-scope.ts';
import { createTextInspector } from '../inspect-text.ts';
import { sampleSecrets } from '../testing/sample-secrets.ts';

const inspector = createTextInspector(defaultGuardPolicy);
const MIXED_40 = 'aB3dE6gH9jK2mN5pQ8rS1tV4wX7yZ0cF3hJ6kL/+';
const HEX_32 = '3fa9c07be2d418563fa9c07be2d41857';
/** Put together from parts so that this file holds no armour line in a piece. */
const PRIVATE = 'PRIVATE';
const BODY = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n'.repeat(3);
const PEM = `-----BEGIN ${PRIVATE} KEY-----\n${BODY}-----END ${PRIVATE} KEY-----`;

function found(text: string): readonly [rule: string, value: string][] {
  if (!inspector.mayHold(text, 'attribute')) return [];
  return inspector
    .inspect(text, { steps: 0 }, contextAt('attribute'))
    .map(({ detector, start, end }) => [detector.rule, text.slice(start, end)]);
}

describe('AWS secret access keys', () => {
  it('are found behind their name', () => {
    expect(found(`aws_secret_access_key = ${MIXED_40}\nregion = eu-west-1`)).toEqual([
      ['aws-secret-access-key', MIXED_40],
    ]);
    expect(found(`{"SecretAccessKey": "${MIXED_40}"}`)).toEqual([['aws-secret-access-key', MIXED_40]]);
  });

  it('are found behind a key id', () => {
    const keyId = sampleSecrets['aws-access-key-id'] ?? '';
    expect(found(`use ${keyId} and ${MIXED_40} please`)).toEqual([
      ['aws-access-key-id', keyId],
      ['aws-secret-access-key', MIXED_40],
    ]);
  });

  it('are not any forty characters, nor a SHA-1', () => {
    expect(found(`digest ${MIXED_40}`)).toEqual([]);
    expect(found(`aws_secret_access_key file has sha1 ${HEX_32}3fa9c07b`)).toEqual([]);
  });
});

describe('Azure keys', () => {
  it('of 32 hex digits are found behind the name of a key header or variable', () => {
    expect(found(`-H "api-key: ${HEX_32}"`)).toEqual([['azure-api-key', HEX_32]]);
    expect(found(`AZURE_OPENAI_API_KEY='${HEX_32}'`)).toEqual([['azure-api-key', HEX_32]]);
    expect(found(`etag: ${HEX_32}`)).toEqual([]);
  });

  it('of a storage account are found in the connection string', () => {
    const key = `${MIXED_40}${MIXED_40}abCD12==`;
    expect(found(`AccountName=ledger;AccountKey=${key};EndpointSuffix=core.windows.net`)).toEqual([
      ['azure-api-key', key],
    ]);
  });
});

describe('private keys', () => {
  it('are found whole, on one line, indented and cut', () => {
    expect(found(`key:\n${PEM}\nnext`)).toEqual([['private-key', PEM]]);
    const oneLine = PEM.replaceAll('\n', ' ');
    expect(found(oneLine)).toEqual([['private-key', oneLine]]);
    const indented = PEM.replaceAll('\n', '\n    ');
    expect(found(`data:\n    ${indented}`)).toEqual([['private-key', indented]]);
    const cut = PEM.slice(0, 150);
    expect(found(`${cut} and that was the key`)).toEqual([['private-key', cut]]);
  });

  it('are not public keys, certificates or an empty frame', () => {
    expect(found(PEM.replaceAll('PRIVATE', 'PUBLIC'))).toEqual([]);
    expect(found(`-----BEGIN CERTIFICATE-----\n${BODY}-----END CERTIFICATE-----`)).toEqual([]);
    expect(found(`-----BEGIN ${PRIVATE} KEY-----\n…\n-----END ${PRIVATE} KEY-----`)).toEqual([]);
  });
});

describe('passwords in connection strings', () => {
  it.each([
    ['postgres://ledger:h0tel-Sierra9@db.internal:5432/books', 'h0tel-Sierra9'],
    ['redis://:h0telSierra9@cache:6379/0', 'h0telSierra9'],
    ['https://ci:h0telSierra9@git.internal/repo.git', 'h0telSierra9'],
    ['Server=db;Database=books;User Id=ledger;Password=h0tel!Sierra9;Encrypt=true', 'h0tel!Sierra9'],
  ])('are found in %s', (text, password) => {
    expect(found(text)).toEqual([['connection-string-password', password]]);
  });

  it.each([
    'postgres://user:password@localhost/db',
    'postgres://postgres:postgres@localhost/db',
    'mysql://root:${MYSQL_PASSWORD}@db/books',
    'mongodb://<user>:<password>@cluster',
    'http://localhost:8123/path?a=b',
    'at 12:30 see https://spanledger.dev: it works',
    'http://host/search?pwd=abcdef',
  ])('are not found in %s', (text) => {
    expect(found(text)).toEqual([]);
  });
});

describe('e-mail addresses', () => {
  it.each([
    ['write to ada.lovelace+books@mail.example.co.uk, please', 'ada.lovelace+books@mail.example.co.uk'],
    ['<mailto:ada@example.org>', 'ada@example.org'],
    ['Ada@Example.ORG.', 'Ada@Example.ORG'],
  ])('are found in %s', (text, address) => {
    expect(found(text)).toEqual([['email', address]]);
  });

  it.each([
    'logo@2x.png',
    'git@github.com:owner/repository.git',
    'root@localhost',
    'react@18.2.0',
    '@spanledger/collector',
  ])('are not found in %s', (text) => {
    expect(found(text)).toEqual([]);
  });
});
