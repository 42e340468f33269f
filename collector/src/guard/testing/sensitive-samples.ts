import { sampleSecrets } from './sample-secrets.ts';

const MIXED = 'aB3dE6gH9jK2mN5pQ8rS1tV4wX7yZ0cF3hJ6kL';

/** A made-up value of everything that is redacted by default, in the words that stand around it where it needs some. */
export const sensitiveSamples: Readonly<Record<string, string>> = {
  ...sampleSecrets,
  visa: '4111 1111 1111 1111',
  amex: ['3782', '82246310005'].join(''),
  iban: ['DE89', '3704', '0044', '0532', '0130', '00'].join(' '),
  'us-ssn': `SSN ${['123', '45', '6789'].join('-')}`,
  'connection-string': `postgres://app:${MIXED.slice(0, 20)}@db.internal/x`,
  authorization: `Authorization: Bearer ${MIXED.slice(0, 32)}`,
  'aws-secret-access-key': `aws_secret_access_key = ${MIXED}/+`,
  'assigned-secret': 'DB_PASSWORD=hT5kk9zQw2Lx',
  diners: ['3619', '845453', '9503'].join('-'),
  // The last one of a list that is longer than any number.
  'list of cards': ['4111111111111111', '5500000000000004', '6011000000000004', '5555555555554444'].join(', '),
  'basic-authorization': `Authorization: Basic ${Buffer.from(`ada:${MIXED.slice(0, 17)}`).toString('base64')}`,
  'session-cookie': `Cookie: session=${MIXED.slice(2, 36)}`,
  'command-line-password': `sshpass -p ${MIXED.slice(4, 20)}`,
  'sql-password': `CREATE USER app IDENTIFIED BY ${MIXED.slice(6, 20)}`,
  'encoded-private-key': Buffer.from(['-----BEGIN ', 'PRIVATE KEY-----\n', MIXED, MIXED].join(''))
    .toString('base64')
    .replaceAll('=', ''),
  sendgrid: ['SG', MIXED.slice(0, 22), MIXED.repeat(2).slice(5, 48)].join('.'),
};

/** Ways in which a text travels inside of another one. */
export const encodings: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  json: (text) => JSON.stringify({ note: text }),
  'JSON in JSON': (text) => JSON.stringify({ note: JSON.stringify({ inner: JSON.stringify([text]) }) }),
  percent: (text) => `https://x.example/?q=${encodeURIComponent(text)}&r=1`,
  'percent twice': (text) => `https://x.example/?q=${encodeURIComponent(encodeURIComponent(text))}`,
  'percent throughout': (text) =>
    `q=${Array.from(text, (character) => `%${character.charCodeAt(0).toString(16)}`).join('')}`,
};
