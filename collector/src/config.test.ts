import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, readConfig } from './config.ts';
import { configTable } from './config/config-table.ts';

const noFile = (): string => {
  throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
};

function faultsOf(environment: Record<string, string>, file = ''): readonly string[] {
  try {
    readConfig(environment, file === '' ? noFile : () => file);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

describe('the configuration', () => {
  it('has a default for everything that is needed', () => {
    expect(readConfig({ PATH: '/bin' }, noFile)).toEqual({
      dataDir: './data',
      httpListen: { host: '127.0.0.1', port: 4318 },
      grpcListen: { host: '127.0.0.1', port: 4317 },
      sqlListen: { host: '127.0.0.1', port: 8123 },
      insecure: false,
      keepOtherSpans: 'all',
      departmentAttributes: ['department', 'team', 'cost_center'],
      retentionDays: 400,
      ledgerQuotaGib: 16,
      rateLimitPerHour: 0,
      restRatePerMinute: 1200,
      externalGuardKind: 'moderation',
      externalGuardSamplePercent: 10,
      externalGuardAllowPrivate: false,
      logLevel: 'info',
    });
  });

  it('comes from a file and from the environment, which wins', () => {
    const file =
      'http_listen: "[::1]:0"\nretention_days: 90\ndepartment_attributes: [team, squad]\ninsecure: true\nkeys:\n';
    const config = readConfig(
      { SPANLEDGER_CONFIG: 'c.yaml', SPANLEDGER_RETENTION_DAYS: '30', SPANLEDGER_LOG_LEVEL: '' },
      () => file
    );
    expect(config).toEqual({
      ...readConfig({}, noFile),
      httpListen: { host: '::1', port: 0 },
      retentionDays: 30,
      departmentAttributes: ['team', 'squad'],
      insecure: true,
    });
  });

  it('reports every fault at once and repeats no value', () => {
    const environment = {
      SPANLEDGER_CONFIG: 'c.yaml',
      SPANLEDGER_HTTP_LISTEN: 'everywhere',
      SPANLEDGER_GRPC_LISTEN: '0.0.0.0:99999',
      SPANLEDGER_CLICKHOUSE_URL: 'clickhouse://user:hunter2@host',
      SPANLEDGER_KEY_PEPPER: 'hunter2',
      SPANLEDGER_KEY: 'hunter2',
      SPANLEDGER_HTTP_LISTENER: 'x',
    };
    const faults = faultsOf(environment, 'retention_days: 31\nlog_levle: hunter2\nsql_users: {a: hunter2}\n');
    expect(faults).toEqual([
      'c.yaml: sql_users must be a text, a number, true, false or a list of texts',
      'c.yaml: log_levle: there is no such setting, did you mean log_level?',
      'SPANLEDGER_KEY: there is no such setting, did you mean SPANLEDGER_KEYS?',
      'SPANLEDGER_HTTP_LISTENER: there is no such setting, did you mean SPANLEDGER_HTTP_LISTEN?',
      'SPANLEDGER_HTTP_LISTEN: must be HOST:PORT, for example 127.0.0.1:4318 or [::1]:4318',
      'SPANLEDGER_GRPC_LISTEN: must be HOST:PORT, for example 127.0.0.1:4318 or [::1]:4318',
      'SPANLEDGER_CLICKHOUSE_URL: must be a URL that begins with http:// or https://',
      'SPANLEDGER_KEY_PEPPER: must be at least 16 characters long',
      'c.yaml: retention_days: must be one of 30, 90, 400',
    ]);
    expect(faults.join()).not.toContain('hunter2');
  });

  it('says when the file cannot be read or is no YAML', () => {
    expect(faultsOf({ SPANLEDGER_CONFIG: 'c.yaml' })).toEqual(['SPANLEDGER_CONFIG: c.yaml cannot be read (ENOENT)']);
    expect(faultsOf({ SPANLEDGER_CONFIG: 'c.yaml' }, 'a: [secret')).toEqual(['c.yaml: no valid YAML at line 1']);
    expect(faultsOf({ SPANLEDGER_CONFIG: 'c.yaml' }, '- a')).toEqual(['c.yaml: must hold keys and values']);
  });

  it('lets only this machine in when there are no keys', () => {
    const open = { SPANLEDGER_HTTP_LISTEN: '0.0.0.0:4318', SPANLEDGER_GRPC_LISTEN: '[::]:4317' };
    expect(faultsOf(open)).toEqual([
      'SPANLEDGER_HTTP_LISTEN: 0.0.0.0:4318 can be reached from other machines, but there are no keys: ' +
        'set SPANLEDGER_KEYS or SPANLEDGER_BOOTSTRAP_KEY, or SPANLEDGER_INSECURE=1 if the network is closed',
      'SPANLEDGER_GRPC_LISTEN: [::]:4317 can be reached from other machines, but there are no keys: ' +
        'set SPANLEDGER_KEYS or SPANLEDGER_BOOTSTRAP_KEY, or SPANLEDGER_INSECURE=1 if the network is closed',
    ]);
    expect(faultsOf({ ...open, SPANLEDGER_INSECURE: '1' })).toEqual([]);
    expect(faultsOf({ ...open, SPANLEDGER_BOOTSTRAP_KEY: 'a-long-enough-key' })).toEqual([]);
    expect(faultsOf({ ...open, SPANLEDGER_KEYS: 'keys.yaml' })).toEqual([
      'SPANLEDGER_KEY_PEPPER: must be set when SPANLEDGER_KEYS is',
    ]);
  });

  it('lets only this machine query the embedded store when there are no users, also when insecure', () => {
    const open = { SPANLEDGER_SQL_LISTEN: '0.0.0.0:8123', SPANLEDGER_INSECURE: '1' };
    expect(faultsOf(open)).toEqual([
      'SPANLEDGER_SQL_LISTEN: 0.0.0.0:8123 can be reached from other machines, but there are no users: set SPANLEDGER_SQL_USERS',
    ]);
    expect(faultsOf({ ...open, SPANLEDGER_SQL_USERS: 'users.yaml' })).toEqual([]);
    expect(faultsOf({ ...open, SPANLEDGER_CLICKHOUSE_URL: 'http://store:8123' })).toEqual([]);
  });

  it('refuses two listeners on one port', () => {
    expect(faultsOf({ SPANLEDGER_GRPC_LISTEN: '127.0.0.1:4318' })).toEqual([
      'SPANLEDGER_GRPC_LISTEN: 127.0.0.1:4318 is taken by SPANLEDGER_HTTP_LISTEN',
    ]);
    expect(faultsOf({ SPANLEDGER_GRPC_LISTEN: '127.0.0.1:0', SPANLEDGER_HTTP_LISTEN: '127.0.0.1:0' })).toEqual([]);
  });

  it('lets spans be forwarded to public addresses, and to others only when they are named', () => {
    const inside = { SPANLEDGER_FORWARD_URL: 'http://127.0.0.1:4320' };
    expect(faultsOf(inside)).toEqual([
      'SPANLEDGER_FORWARD_URL: 127.0.0.1 is not a public address; SPANLEDGER_OUTBOUND_ALLOW must name its network',
    ]);
    expect(faultsOf({ ...inside, SPANLEDGER_OUTBOUND_ALLOW: '::1, 127.0.0.0/8' })).toEqual([]);
    expect(
      faultsOf({ SPANLEDGER_FORWARD_URL: 'https://otlp.example.com', SPANLEDGER_FORWARD_HEADERS: 'x-key=a=b,y=' })
    ).toEqual([]);
    expect(faultsOf({ SPANLEDGER_OUTBOUND_ALLOW: '10.0.0.0/40', SPANLEDGER_FORWARD_HEADERS: 'x-key: hidden' })).toEqual(
      [
        'SPANLEDGER_FORWARD_HEADERS: must be a list of NAME=VALUE, separated by commas',
        'SPANLEDGER_OUTBOUND_ALLOW: must be a list of addresses and networks such as 127.0.0.1 or 10.0.0.0/8, separated by commas',
      ]
    );
  });

  it('refuses another database than ours', () => {
    expect(faultsOf({ SPANLEDGER_CLICKHOUSE_URL: 'https://u:p@store:8443/other' })).toEqual([
      'SPANLEDGER_CLICKHOUSE_URL: the database is always genai; leave the path out',
    ]);
    expect(faultsOf({ SPANLEDGER_CLICKHOUSE_URL: 'https://u:p@store:8443/genai' })).toEqual([]);
  });

  it('can be what stands in the example', () => {
    const path = join(__dirname, '../../examples/spanledger.yaml');
    const { rateLimitPerHour } = readConfig(
      { SPANLEDGER_CONFIG: path, SPANLEDGER_KEY_PEPPER: 'a pepper that only tests know' },
      (file) => readFileSync(file, 'utf8')
    );
    expect(rateLimitPerHour).toBe(10_000);
  });

  it('is the table in the README', () => {
    const readme = readFileSync(join(__dirname, '../README.md'), 'utf8');
    const table = /<!-- settings -->\n\n([\s\S]*?)\n\n<!-- end of settings -->/.exec(readme)?.[1] ?? '';
    const cells = (text: string): string[][] =>
      text.split('\n').map((line) => line.split('|').map((cell) => cell.trim().replace(/^-+$/, '---')));
    expect(cells(table)).toEqual(cells(configTable()));
  });
});
