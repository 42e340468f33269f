import {
  choiceParser,
  integerParser,
  numberChoiceParser,
  parseFlag,
  parseIdentifier,
  parseList,
  parseNetworks,
  parsePairs,
  parseListen,
  parseText,
  secretParser,
  urlParser,
  type Field,
} from './field.ts';

const MIN_SECRET_LENGTH = 16;

function field<T>(definition: Field<T>): Field<T> {
  return definition;
}

/** Every setting there is. The table in the README is made from this. */
export const configFields = {
  dataDir: field({
    name: 'data_dir',
    default: './data',
    unit: 'directory',
    meaning: 'Ledger, embedded store and dead letters.',
    reason:
      'Each collector needs a persistent directory of its own: what was acknowledged is kept here until the store has it.',
    parse: parseText,
  }),
  httpListen: field({
    name: 'http_listen',
    default: '127.0.0.1:4318',
    unit: 'host:port',
    meaning: 'OTLP/HTTP, REST API, `/healthz`, `/readyz`, `/metrics`.',
    reason: 'The port OpenTelemetry SDKs use. Only this machine, until there are keys.',
    parse: parseListen,
  }),
  grpcListen: field({
    name: 'grpc_listen',
    default: '127.0.0.1:4317',
    unit: 'host:port',
    meaning: 'OTLP/gRPC.',
    reason: 'The port OpenTelemetry SDKs use. Only this machine, until there are keys.',
    parse: parseListen,
  }),
  sqlListen: field({
    name: 'sql_listen',
    default: '127.0.0.1:8123',
    unit: 'host:port',
    meaning: 'ClickHouse HTTP endpoint of the embedded store. Not used with `SPANLEDGER_CLICKHOUSE_URL`.',
    reason: 'The port ClickHouse clients use. Beyond this machine only with users.',
    parse: parseListen,
  }),
  clickhouseUrl: field({
    name: 'clickhouse_url',
    default: undefined,
    unit: 'URL',
    meaning: 'ClickHouse server, `https://user:password@host:8443`. Unset = the embedded store.',
    reason: 'One command must start everything; production sets one URL.',
    parse: urlParser('http', 'https'),
  }),
  clickhouseCluster: field({
    name: 'clickhouse_cluster',
    default: undefined,
    unit: 'name',
    meaning: 'Cluster in `remote_servers` of the ClickHouse server. Set = replicated and distributed tables.',
    reason: 'The same migrations make a single server and a cluster.',
    parse: parseIdentifier,
  }),
  redisUrl: field({
    name: 'redis_url',
    default: undefined,
    unit: 'URL',
    meaning:
      'Redis, `redis://user:password@host:6379` or `rediss://`. Collectors share rate limits and revoked keys in it.',
    reason: 'Only needed with several collectors; each goes on by what it knows when Redis is slow or gone.',
    parse: urlParser('redis', 'rediss'),
  }),
  rateLimitPerHour: field({
    name: 'rate_limit_per_hour',
    default: '0',
    unit: 'events per hour, 0 = no limit',
    meaning:
      'Spans and log records that each key may send in an hour of the clock; beyond it 429 / RESOURCE_EXHAUSTED.',
    reason: 'Off: telemetry that is refused is lost. For keys that are handed to others.',
    parse: integerParser(0, 1_000_000_000),
  }),
  keys: field({
    name: 'keys',
    default: undefined,
    unit: 'file',
    meaning: 'Keys for ingest, read and admin, made by `spanledger keys create`.',
    reason: 'Without keys only loopback listeners are allowed.',
    parse: parseText,
  }),
  keyPepper: field({
    name: 'key_pepper',
    default: undefined,
    unit: `text, ≥ ${MIN_SECRET_LENGTH} characters`,
    meaning: 'Secret that keys are hashed with. Needed with `SPANLEDGER_KEYS`.',
    reason: 'The key file alone must be useless to a thief.',
    parse: secretParser(MIN_SECRET_LENGTH),
  }),
  bootstrapKey: field({
    name: 'bootstrap_key',
    default: undefined,
    unit: `text, ≥ ${MIN_SECRET_LENGTH} characters`,
    meaning: 'One key in clear with every role for the workspace `default`.',
    reason: 'For a first start in a container, before there is a key file.',
    parse: secretParser(MIN_SECRET_LENGTH),
  }),
  insecure: field({
    name: 'insecure',
    default: '0',
    unit: '1 or 0',
    meaning: '1 = listen beyond this machine without keys.',
    reason: 'For networks that are closed by other means: then everybody in them is admin.',
    parse: parseFlag,
  }),
  sqlUsers: field({
    name: 'sql_users',
    default: undefined,
    unit: 'file',
    meaning: 'Users of the embedded SQL endpoint: name, password hash, role, workspaces.',
    reason: 'An SQL endpoint beyond this machine without users refuses to start.',
    parse: parseText,
  }),
  keepOtherSpans: field({
    name: 'keep_other_spans',
    default: 'all',
    unit: 'all, none',
    meaning: 'Spans that are not GenAI, in lean form, for 7 days.',
    reason: 'A trace can be drawn whole.',
    parse: choiceParser('all', 'none'),
  }),
  departmentAttributes: field({
    name: 'department_attributes',
    default: 'department,team,cost_center',
    unit: 'list',
    meaning: 'Span and resource attributes that name the department, the first that is set wins.',
    reason: 'Organisations name it differently.',
    parse: parseList,
  }),
  retentionDays: field({
    name: 'retention_days',
    default: '400',
    unit: 'days: 30, 90, 400',
    meaning: 'How long spans are kept.',
    reason:
      '400 days hold a year and the month to compare it with. Three classes, because whole partitions are dropped.',
    parse: numberChoiceParser(30, 90, 400),
  }),
  ledgerQuotaGib: field({
    name: 'ledger_quota_gib',
    default: '16',
    unit: 'GiB',
    meaning: 'Disk space of the ledger. Full = senders are asked to wait (503).',
    reason: 'About a day of 500 spans a second with content while the store is down.',
    parse: integerParser(1, 65_536),
  }),
  forwardUrl: field({
    name: 'forward_url',
    default: undefined,
    unit: 'URL',
    meaning:
      'OTLP/HTTP endpoint that gets every GenAI span too, with cost and guard verdict as attributes, without content.',
    reason:
      'A second backend need not be sent to by every application. Two minutes late: then it is settled what a call cost.',
    parse: urlParser('http', 'https'),
  }),
  forwardHeaders: field({
    name: 'forward_headers',
    default: undefined,
    unit: 'list of NAME=VALUE',
    meaning: 'Headers of these requests, for example the key of the other backend.',
    reason: 'Keys do not belong into URLs.',
    parse: parsePairs,
  }),
  outboundAllow: field({
    name: 'outbound_allow',
    default: undefined,
    unit: 'list of addresses and networks',
    meaning:
      'Addresses beyond the public ones that `SPANLEDGER_FORWARD_URL` may lead to: `127.0.0.1` for a sidecar, `10.0.0.0/8`.',
    reason: 'Nobody who can change a URL or a DNS record should reach inner systems.',
    parse: parseNetworks,
  }),
  userIdKey: field({
    name: 'user_id_key',
    default: undefined,
    unit: `text, ≥ ${MIN_SECRET_LENGTH} characters`,
    meaning: 'When set, `user_id` is stored as a token that only this key can make (HMAC-SHA-256).',
    reason: 'Usage per user without knowing who it is.',
    parse: secretParser(MIN_SECRET_LENGTH),
  }),
  logLevel: field({
    name: 'log_level',
    default: 'info',
    unit: 'trace, debug, info, warn, error, fatal, silent',
    meaning: 'Least severe level that is written to standard error, as JSON lines.',
    reason: 'info: what an operator must know, nothing per request.',
    parse: choiceParser('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
  }),
} as const;
