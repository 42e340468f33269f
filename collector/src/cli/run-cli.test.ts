import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './testing/run-command.ts';

const FORMS = [
  'Usage: spanledger <command>',
  '',
  '  serve                Receives telemetry until it is stopped (SIGTERM or Ctrl-C)',
  '                       [--demo]   also fills the workspace demo with a month of made-up traffic',
  '  migrate              Brings the schema of the store to this version',
  '                       [--sql URL]',
  '  keys                 Makes, lists and revokes the keys in the file SPANLEDGER_KEYS',
  '                       create [--role ingest|read|admin] [--workspace NAME] [--label TEXT] [--expires-days N]',
  '                       list',
  '                       revoke ID',
  '  prices               Shows, sets and explains prices, and re-prices stored calls',
  '                       list [--own] [--provider P] [--model M]',
  '                       explain TRACE_ID SPAN_ID',
  '                       diff --from DAY [--to DAY] [--provider P] [--model M] [--file PRICE.yaml]',
  '                       set ID --file PRICE.yaml | --model M --input USD --output USD … [--above TOKENS:UNIT=USD,…] [--hours HH:MM-HH:MM:UNIT=USD,…] [--reprice-from DAY]',
  '                       unset ID',
  '                       reprice --from DAY [--to DAY] [--provider P] [--model M]',
  '                       (each with [--http URL] [--key KEY]; UTC days, both included, without --to until today; docs/prices.md shows more)',
  '  invoices             Compares the usage and cost exports of providers with the spans',
  '                       import FILE [--provider NAME] [--workspace NAME] [--account NAME] [--mapping FILE] [--sql URL]',
  '                       reconcile --provider NAME --from DAY [--to DAY] [--workspace NAME] [--account NAME] [--tolerance PERCENT] [--csv] [--sql URL]',
  '                       (UTC days, both included; without --to one day)',
  '  audit                Compares the sums with the spans and repairs what differs',
  '                       [--dry-run] [--hours N] [--sql URL]   the last 48 closed hours, or N',
  '  doctor               Checks the whole way of a span, by every protocol, and says what to do about faults',
  '                       [--key KEY] [--http URL] [--grpc HOST:PORT] [--sql URL] [--wait SECONDS]',
  '  guard-scan           Says what the guard finds in texts; needs no store and keeps nothing',
  '                       [--policy FILE] < TEXTS.jsonl   lines {"id", "text"} in, lines {"id", "verdicts", "ms"} out',
  '  drain                Delivers what a collector holds, before it is removed: stops the intake of a running one. Exit code 0 = empty',
  '                       [--timeout SECONDS] [--http URL] [--key KEY]',
  '  replay-dead-letters  Inserts the rows that the store refused again; doing it twice is harmless',
  '                       [--workspace NAME] [--sql URL]',
  '  help                 this text',
  '  version              the version',
  '',
  'Settings: environment variables SPANLEDGER_…, see collector/README.md',
].join('\n');

describe('the command line', () => {
  it.each([[[]], [['help']], [['serve', '--help']]])('shows every command for %j', async (args) => {
    expect(await runCommand(args)).toEqual({ code: 0, answers: [FORMS], remarks: [] });
  });

  it('says its version', async () => {
    expect(await runCommand(['version'])).toEqual({ code: 0, answers: ['1.2.3'], remarks: [] });
  });

  it('knows what was probably meant', async () => {
    expect(await runCommand(['docter'])).toEqual({
      code: 2,
      answers: [],
      remarks: ['spanledger: there is no command docter, did you mean doctor?', FORMS],
    });
  });

  it('ends with 2 for wrong options and with 1 for wrong settings, all of them', async () => {
    expect((await runCommand(['serve', '--verbose'])).code).toBe(2);
    expect((await runCommand(['migrate', 'now'])).remarks).toEqual([
      'spanledger migrate: unexpected argument now',
      'Usage: spanledger migrate [--sql URL]',
    ]);
    const environment = { SPANLEDGER_HTTP_LISTEN: 'x', SPANLEDGER_RETENTION_DAYS: '1' };
    expect(await runCommand(['serve'], { environment })).toEqual({
      code: 1,
      answers: [],
      remarks: [
        'spanledger: SPANLEDGER_HTTP_LISTEN: must be HOST:PORT, for example 127.0.0.1:4318 or [::1]:4318',
        'spanledger: SPANLEDGER_RETENTION_DAYS: must be one of 30, 90, 400',
      ],
    });
  });
});

describe('serve', () => {
  const urls = { http: 'http://127.0.0.1:4318', grpc: '127.0.0.1:4317', sql: 'http://writer:secret@127.0.0.1:8123' };
  const unused = (): Promise<void> => Promise.resolve();
  const noDemo = () => Promise.reject(new Error('nobody asked for it'));
  const sent = { spans: 1200, scores: 40, hours: 720, monthEnd: '2026-01-31T12:00:00Z', seconds: 1.25 };

  it('prints where it listens, without passwords, and closes when it is told to stop', async () => {
    const closed: number[] = [];
    const close = (deadlineMs: number): Promise<void> => {
      closed.push(deadlineMs);
      return Promise.resolve();
    };
    const startCollector = () =>
      Promise.resolve({ urls, close, delivered: unused, settle: unused, audit: unused, sendDemo: noDemo });
    expect(await runCommand(['serve'], { startCollector })).toEqual({
      code: 0,
      answers: [
        'spanledger ready: OTLP/HTTP http://127.0.0.1:4318  OTLP/gRPC 127.0.0.1:4317  SQL http://127.0.0.1:8123',
      ],
      remarks: [],
    });
    expect(closed).toEqual([12_000]);
  });

  it.each([
    [sent, '1200 spans and 40 scores of 720 hours in 1.3 s'],
    [{ ...sent, spans: 0, scores: 0, hours: 0 }, 'all of it was there'],
  ])('fills the demo workspace when it is asked to, and says where to look', async (result, added) => {
    const collector = {
      urls,
      close: unused,
      delivered: unused,
      settle: unused,
      audit: unused,
      sendDemo: () => Promise.resolve(result),
    };
    const { code, answers } = await runCommand(['serve', '--demo'], {
      startCollector: () => Promise.resolve(collector),
    });
    expect({ code, answers: answers.slice(1) }).toEqual({
      code: 0,
      answers: [
        `demo ready: ${added}; workspace demo, the month ends at 2026-01-31T12:00:00Z. What happened in it: docs/demo.md`,
        expect.stringMatching(/^try: curl 'http:\/\/127\.0\.0\.1:8123\/.*WHERE workspace = 'demo'/),
      ],
    });
  });

  it('goes on when the demo cannot be sent, and says so', async () => {
    const collector = { urls, close: unused, delivered: unused, settle: unused, audit: unused, sendDemo: noDemo };
    const startCollector = () => Promise.resolve(collector);
    // The signal to stop comes after the demo has failed.
    const untilStopped = () => new Promise<string>((resolve) => setTimeout(() => resolve('SIGTERM'), 20));
    expect((await runCommand(['serve', '--demo'], { startCollector, untilStopped })).remarks).toEqual([
      'spanledger: the demo could not be sent; the log says why. Start again to continue it.',
    ]);
  });

  it('says why it does not start', async () => {
    const startCollector = () => Promise.reject(new Error('127.0.0.1:4318 is taken'));
    expect(await runCommand(['serve'], { startCollector })).toEqual({
      code: 1,
      answers: [],
      remarks: ['spanledger: 127.0.0.1:4318 is taken'],
    });
  });
});

describe('keys', () => {
  let directory: string;
  let environment: Record<string, string>;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'spanledger-'));
    environment = { SPANLEDGER_KEYS: join(directory, 'keys.yaml'), SPANLEDGER_KEY_PEPPER: 'a pepper for the tests' };
  });
  afterEach(() => rm(directory, { recursive: true }));

  const withoutIds = (lines: readonly string[]): string[] =>
    lines.map((line) => line.replaceAll(/\b[0-9a-f]{12}\b/g, 'ID'));

  it('are made, shown once, listed and revoked', async () => {
    const made = await runCommand(
      ['keys', 'create', '--role', 'read', '--workspace', 'team-a', '--label', 'panel', '--expires-days', '30'],
      {
        environment,
      }
    );
    expect(made.code).toBe(0);
    expect(made.answers).toEqual([expect.stringMatching(/^sl_read_[0-9A-Za-z]{24}_[0-9a-f]{8}$/)]);
    expect(withoutIds(made.remarks)).toEqual([
      'Key ID for workspace team-a, role read. It is shown only this once:',
      'Running collectors accept it within 10 seconds.',
    ]);
    expect((await stat(environment.SPANLEDGER_KEYS ?? '')).mode & 0o777).toBe(0o600);
    await runCommand(['keys', 'create'], { environment });

    const { answers } = await runCommand(['keys', 'list'], { environment });
    expect(withoutIds(answers)).toEqual([
      'id            role    workspace  created                   state                                 label',
      'ID  read    team-a     2026-01-31T12:00:00.000Z  valid until 2026-03-02T12:00:00.000Z  panel',
      'ID  ingest  default    2026-01-31T12:00:00.000Z  valid',
    ]);
    expect(answers.join()).not.toContain(made.answers[0]);

    const id = answers[1]?.slice(0, 12) ?? '';
    expect(await runCommand(['keys', 'revoke', id], { environment })).toEqual({
      code: 0,
      answers: [`revoked ${id}; running collectors refuse it within 10 seconds`],
      remarks: [],
    });
    expect((await runCommand(['keys', 'list'], { environment })).answers[1]).toContain(
      'revoked 2026-01-31T12:00:00.000Z'
    );
  });

  it.each([
    [['keys'], 2, 'spanledger keys: say what to do: create, list, revoke'],
    [['keys', 'constructor'], 2, 'spanledger keys: say what to do: create, list, revoke'],
    [['keys', 'create', '--role', 'root'], 2, 'spanledger keys: --role must be one of ingest, read, admin'],
    [
      ['keys', 'create', '--expires-days', '0'],
      2,
      'spanledger keys: --expires-days must be a whole number from 1 to 36500',
    ],
    [['keys', 'revoke'], 2, 'spanledger keys: say which key: the id that `spanledger keys list` shows'],
    [['keys', 'revoke', 'abc'], 1, 'spanledger: there is no key with the id abc'],
    [['keys', 'create', '--workspace', 'a b'], 1, 'spanledger: the workspace must be 1 to 64 letters, digits, . _ -'],
  ])('are not changed by %j', async (args, code, remark) => {
    const run = await runCommand(args, { environment });
    expect(run.code).toBe(code);
    expect(run.answers).toEqual([]);
    expect(run.remarks[0]).toBe(remark);
  });

  it('need a file', async () => {
    expect((await runCommand(['keys', 'list'])).remarks).toEqual([
      'spanledger: SPANLEDGER_KEYS is not set: it names the file that keys are kept in',
    ]);
  });
});
