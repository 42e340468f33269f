import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { decodeTracesJson } from '../receive/decode-traces-json.ts';
import { decodeTracesProtobuf } from '../receive/decode-traces-protobuf.ts';
import { readMigrations } from '../write/migrate.ts';
import { runCommand, type CommandRun } from './testing/run-command.ts';
import { startStandInCollector, type StandInBehaviour, type StandInCollector } from './testing/stand-in-collector.ts';
import { startStandInStore, type StandInStore, type StoreAnswer } from './testing/stand-in-store.ts';

/** A port that nothing listens on and that fetch does not refuse by itself. */
const NOBODY = '127.0.0.1:64';
const NOW = Date.now();
const SPAN_ROW = {
  workspace: 'default',
  service_name: 'spanledger-doctor',
  input_tokens: '1000',
  output_tokens: '100',
  cost_state: 'computed',
  cost_usd: '0.00021',
  price_id: 'openai/gpt-4o-mini@2024-07-18',
};

describe('the doctor', () => {
  let directory: string;
  let sqlDirectory: string;
  let migrations: { name: string; checksum: string }[];
  let collector: StandInCollector;
  let store: StandInStore;

  const healthy = (statement: string): StoreAnswer => {
    if (statement.includes('version()')) return { rows: [{ version: '26.7.3' }] };
    if (statement.includes('schema_migrations')) return { rows: migrations };
    if (statement.includes('now64')) return { rows: [{ ms: String(Date.now() + 400) }] };
    return { rows: [SPAN_ROW] };
  };

  /** A store that answers `healthy`, except to statements that hold `part`. */
  const except =
    (part: string, answer: StoreAnswer) =>
    (statement: string): StoreAnswer =>
      statement.includes(part) ? answer : healthy(statement);

  const examine = async (
    { behaviour, answer = healthy }: { behaviour?: StandInBehaviour; answer?: (statement: string) => StoreAnswer } = {},
    ...options: string[]
  ): Promise<CommandRun> => {
    collector = await startStandInCollector(behaviour);
    store = await startStandInStore(answer);
    const addresses = ['--http', collector.http, '--grpc', collector.grpc, '--sql', store.url, '--wait', '1'];
    const run = await runCommand(['doctor', ...addresses, ...options], {
      environment: { SPANLEDGER_DATA_DIR: join(directory, 'data') },
      sqlDirectory,
      now: Date.now,
    });
    return { ...run, answers: run.answers.map(general) };
  };

  const general = (line: string): string =>
    line
      .replaceAll(collector.http, 'HTTP-URL')
      .replaceAll(collector.grpc, 'GRPC')
      .replaceAll(directory, 'DIRECTORY')
      .replaceAll(/\d+\.\d GiB/g, 'N GiB')
      .replaceAll(/\d+\.\d s\b/g, 'N s');

  const faultsOf = ({ answers }: CommandRun): string[] =>
    answers.filter((line, at) => line.startsWith('FAULT') || answers[at - 1]?.startsWith('FAULT'));

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'spanledger-'));
    sqlDirectory = directory;
    await writeFile(join(directory, '0001_database.sql'), 'CREATE DATABASE IF NOT EXISTS ${DATABASE};\n');
    await writeFile(join(directory, '0002_spans.sql'), 'CREATE TABLE IF NOT EXISTS ${DATABASE}.spans;\n');
    migrations = (await readMigrations(directory)).map(({ name, checksum }) => ({ name, checksum }));
  });
  afterEach(async () => {
    await collector.close();
    await store.close();
    await rm(directory, { recursive: true });
  });

  it('finds nothing wrong when nothing is', async () => {
    const stored = 'stored in workspace default after N s, priced at 0.00021 USD by openai/gpt-4o-mini@2024-07-18';
    expect(await examine({}, '--key', 'sl_ingest_x')).toEqual({
      code: 0,
      answers: [
        'ok       settings: no faults',
        'ok       data directory: DIRECTORY/data can be written, N GiB free',
        'ok       HTTP receiver: the collector at HTTP-URL is ready',
        'ok       gRPC receiver: GRPC accepts connections',
        'ok       store: ClickHouse 26.7.3 answers',
        'ok       schema: the schema is up to date (0002_spans.sql)',
        'ok       clock: the clocks of this machine and of the store agree (N s apart)',
        `ok       a span by OTLP/HTTP protobuf: ${stored}`,
        `ok       a span by OTLP/HTTP JSON: ${stored}`,
        `ok       a span by OTLP/gRPC: ${stored}`,
        'Everything works.',
      ],
      remarks: [],
    });
  });

  it('sends the same marked span by every protocol, each with ids of its own and with the key', async () => {
    await examine({}, '--key', 'sl_ingest_x');
    const { received } = collector;
    expect(received.map(({ protocol, authorization }) => [protocol, authorization])).toEqual([
      ['POST /v1/traces application/x-protobuf', 'Bearer sl_ingest_x'],
      ['POST /v1/traces application/json', 'Bearer sl_ingest_x'],
      ['gRPC', 'Bearer sl_ingest_x'],
    ]);
    const spans = received.map(({ protocol, body }) => {
      const { spans: decoded, rejected } = protocol.includes('json')
        ? decodeTracesJson(body)
        : decodeTracesProtobuf(body);
      expect(rejected.count).toBe(0);
      return decoded[0];
    });
    const names = ['OTLP/HTTP protobuf', 'OTLP/HTTP JSON', 'OTLP/gRPC'];
    for (const [index, span] of spans.entries()) {
      expect(span?.name).toBe(`doctor ${names[index] ?? ''}`);
      expect(span?.kind).toBe(3);
      expect((span?.endTimeUnixNano ?? 0n) - (span?.startTimeUnixNano ?? 0n)).toBe(5_000_000n);
      expect(span?.resource.attributes).toEqual(new Map([['service.name', 'spanledger-doctor']]));
      expect(span?.attributes).toEqual(
        new Map<string, unknown>([
          ['gen_ai.operation.name', 'chat'],
          ['gen_ai.provider.name', 'openai'],
          ['gen_ai.request.model', 'gpt-4o-mini'],
          ['gen_ai.response.model', 'gpt-4o-mini'],
          ['gen_ai.usage.input_tokens', 1000],
          ['gen_ai.usage.output_tokens', 100],
          ['spanledger.doctor.protocol', names[index]],
        ])
      );
    }
    expect(new Set(spans.map((span) => span?.traceId)).size).toBe(3);
    expect(new Set(spans.map((span) => span?.spanId)).size).toBe(3);
  });

  it('says what to do when nothing runs', async () => {
    const run = await examine({}, '--http', `http://${NOBODY}`, '--grpc', NOBODY, '--sql', `http://${NOBODY}`);
    const start =
      '         → start the collector (npm start, or spanledger serve), or say where it is with --http and --grpc';
    expect(run).toEqual({
      code: 1,
      answers: [
        'ok       settings: no faults',
        'ok       data directory: DIRECTORY/data can be written, N GiB free',
        `FAULT    HTTP receiver: nothing answers at http://${NOBODY} (ECONNREFUSED)`,
        start,
        `FAULT    gRPC receiver: nothing answers at ${NOBODY} (ECONNREFUSED)`,
        start,
        'FAULT    store: the store does not answer (ECONNREFUSED)',
        '         → start it, or correct SPANLEDGER_CLICKHOUSE_URL or --sql; without a server, npm start runs the embedded store',
        'skipped  schema: the store does not answer',
        'skipped  clock: the store does not answer',
        'skipped  a span by OTLP/HTTP protobuf: the receiver does not answer',
        'skipped  a span by OTLP/HTTP JSON: the receiver does not answer',
        'skipped  a span by OTLP/gRPC: the receiver does not answer',
        '3 faults.',
      ],
      remarks: [],
    });
  });

  it('still sends when only the store is away', async () => {
    const run = await examine({}, '--sql', `http://${NOBODY}`);
    expect(run.code).toBe(1);
    expect(run.answers.slice(-4)).toEqual([
      'skipped  a span by OTLP/HTTP protobuf: accepted; not looked for in the store, which does not answer',
      'skipped  a span by OTLP/HTTP JSON: accepted; not looked for in the store, which does not answer',
      'skipped  a span by OTLP/gRPC: accepted; not looked for in the store, which does not answer',
      '1 fault.',
    ]);
  });

  it('tells another program from a collector that is not ready', async () => {
    const other = await examine({ behaviour: { readyz: { status: 404, body: 'Not Found' } } });
    expect(faultsOf(other)[0]).toBe('FAULT    HTTP receiver: another program answers at HTTP-URL');
    await collector.close();
    await store.close();
    const unready = await examine({
      behaviour: { readyz: { status: 503, body: '{"ready":false,"reasons":["the ledger cannot write to its disk"]}' } },
    });
    expect(faultsOf(unready)[0]).toBe(
      'FAULT    HTTP receiver: the collector at HTTP-URL is not ready: the ledger cannot write to its disk'
    );
  });

  it('says that a key is missing, or not good', async () => {
    const behaviour = { exportStatus: 401, grpcStatus: status.UNAUTHENTICATED };
    const missing = '         → give an ingest key with --key (spanledger keys create makes one)';
    expect(faultsOf(await examine({ behaviour }))).toEqual([
      'FAULT    a span by OTLP/HTTP protobuf: the collector asks for a key',
      missing,
      'FAULT    a span by OTLP/HTTP JSON: the collector asks for a key',
      missing,
      'FAULT    a span by OTLP/gRPC: the collector asks for a key',
      missing,
    ]);
    await collector.close();
    await store.close();
    const refused = await examine({ behaviour }, '--key', 'sl_ingest_wrong');
    expect(faultsOf(refused).filter((line) => line.includes('the collector refuses the key'))).toHaveLength(3);
    expect(refused.answers.join('\n')).not.toContain('sl_ingest_wrong');
  });

  it('says that a collector is overloaded or speaks something else', async () => {
    const overloaded = await examine({ behaviour: { exportStatus: 503, grpcStatus: status.UNAVAILABLE } });
    expect(faultsOf(overloaded).filter((line) => line.includes('overloaded'))).toHaveLength(3);
    await collector.close();
    await store.close();
    const foreign = await examine({ behaviour: { exportStatus: 500, grpcStatus: status.UNIMPLEMENTED } });
    expect(faultsOf(foreign).filter((line) => line.startsWith('FAULT'))).toEqual([
      'FAULT    a span by OTLP/HTTP protobuf: the collector answers with HTTP 500',
      'FAULT    a span by OTLP/HTTP JSON: the collector answers with HTTP 500',
      'FAULT    a span by OTLP/gRPC: the collector answers with UNIMPLEMENTED',
    ]);
  });

  it.each<[string, StoreAnswer, string]>([
    [
      'version()',
      { status: 403, code: 516, text: 'default: Authentication failed. (AUTHENTICATION_FAILED)' },
      'store: the store refuses user or password',
    ],
    [
      'version()',
      { status: 500, code: 999, text: 'Session expired. (KEEPER_EXCEPTION)' },
      'store: the store answers with error 999 (KEEPER_EXCEPTION)',
    ],
    [
      'schema_migrations',
      { status: 404, code: 81, text: 'Database genai does not exist. (UNKNOWN_DATABASE)' },
      'schema: the database genai is missing',
    ],
    ['schema_migrations', { rows: [] }, 'schema: the schema lacks 0001_database.sql, 0002_spans.sql'],
    ['now64', { rows: [{ ms: String(NOW + 3_600_000) }] }, 'clock: the clock of the store is N s ahead'],
    [
      'genai.spans',
      { status: 404, code: 60, text: 'Unknown table. (UNKNOWN_TABLE)' },
      'a span by OTLP/HTTP protobuf: a table is missing',
    ],
    ['genai.spans', { rows: [] }, 'a span by OTLP/HTTP protobuf: accepted, but not in the store after 1 s'],
    [
      'genai.spans',
      { rows: [{ ...SPAN_ROW, cost_state: 'unpriced', cost_usd: '0' }] },
      'a span by OTLP/HTTP protobuf: stored in workspace default after N s, but without a price (cost_state unpriced)',
    ],
    [
      'genai.spans',
      { rows: [{ ...SPAN_ROW, input_tokens: '0' }] },
      'a span by OTLP/HTTP protobuf: stored in workspace default after N s, but not as it was sent',
    ],
  ])('says what is wrong when the store answers to %s with %j', async (part, answer, message) => {
    const run = await examine({ answer: except(part, answer) });
    expect(run.code).toBe(1);
    expect(faultsOf(run)[0]).toBe(`FAULT    ${message}`);
    expect(faultsOf(run)[1]).toMatch(/^ {9}→ \S/);
  });

  it('knows a schema that is newer or was changed', async () => {
    const newer = await examine({
      answer: except('schema_migrations', { rows: [...migrations, { name: '0009_new.sql', checksum: 'x' }] }),
    });
    expect(faultsOf(newer)[0]).toBe('FAULT    schema: the schema is newer than this version (0009_new.sql)');
    await collector.close();
    await store.close();
    const changed = await examine({
      answer: except('schema_migrations', { rows: migrations.map(({ name }) => ({ name, checksum: 'x' })) }),
    });
    expect(faultsOf(changed)[0]).toBe(
      'FAULT    schema: an applied migration was changed (0001_database.sql, 0002_spans.sql)'
    );
  });
});
