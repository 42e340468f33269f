import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../src/cli/testing/run-command.ts';
import { sampleProtobuf, sampleSpan } from '../src/receive/testing/sample-traces.ts';
import { runCollector } from './support/run-collector.ts';
import { startCollectorProcess } from './support/collector-process.ts';

const program = {
  embeddedProgram: join(process.cwd(), 'embedded-clickhouse/bin/embedded-clickhouse.mjs'),
  sqlDirectory: join(process.cwd(), 'sql/migrations'),
  now: Date.now,
};
const post = (http: string, span: number, headers: Record<string, string> = {}) =>
  fetch(`${http}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf', ...headers },
    body: new Uint8Array(sampleProtobuf([sampleSpan(span)])),
  });

describe('spanledger drain', () => {
  it('stops the intake of a running collector and says 0 when the store has everything', async () => {
    const bootstrap = ['an', 'admin', 'key', 'of', 'tests'].join('-');
    const collector = await runCollector(['acme'], { SPANLEDGER_BOOTSTRAP_KEY: bootstrap });
    try {
      const { http } = collector.urls;
      const authorization = `Bearer ${collector.keys.get('acme')!}`;
      expect((await post(http, 1, { authorization })).status).toBe(200);
      const without = await runCommand(['drain', '--http', http], program);
      expect(without).toMatchObject({ code: 1, remarks: [expect.stringContaining('wants the key of an admin')] });
      expect((await post(http, 2, { authorization })).status).toBe(200);
      const drained = await runCommand(['drain', '--http', http, '--key', bootstrap], program);
      expect(drained).toEqual({ code: 0, answers: ['the ledger is empty'], remarks: [] });
      const refused = await post(http, 3, { authorization });
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
      const ready = await fetch(`${http}/readyz`);
      expect([ready.status, ((await ready.json()) as { state: string }).state]).toEqual([503, 'not ready']);
      const answer = await collector.client.query({
        query: 'SELECT count() FROM genai.spans FINAL',
        format: 'TabSeparated',
      });
      expect(await answer.text()).toBe('2\n');
    } finally {
      await collector.stop();
    }
  });

  it('delivers the ledger of a collector that was killed, and says 1 while it cannot', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'spanledger-drain-'));
    const settings = {
      SPANLEDGER_DATA_DIR: directory,
      SPANLEDGER_HTTP_LISTEN: '127.0.0.1:0',
      SPANLEDGER_GRPC_LISTEN: '127.0.0.1:0',
      SPANLEDGER_SQL_LISTEN: '127.0.0.1:0',
    };
    const nowhere = { ...settings, SPANLEDGER_CLICKHOUSE_URL: 'http://127.0.0.1:1' };
    try {
      const collector = await startCollectorProcess(nowhere);
      expect((await post(collector.urls.http, 1)).status).toBe(200);
      const ready = await fetch(`${collector.urls.http}/readyz`);
      expect([ready.status, ((await ready.json()) as { state: string }).state]).toEqual([200, 'warning']);
      await collector.end();
      const left = await runCommand(['drain', '--timeout', '2'], { ...program, environment: nowhere });
      expect(left).toMatchObject({
        code: 1,
        answers: [expect.stringMatching(/^not empty: 1 records, 1 spans, \d+ bytes/)],
      });
      const done = await runCommand(['drain', '--timeout', '240'], { ...program, environment: settings });
      expect(done).toMatchObject({ code: 0, answers: ['the ledger is empty'] });
      expect(await runCommand(['drain'], { ...program, environment: settings })).toMatchObject({ code: 0 });
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });

  it.each([['--timeout', '0'], ['--timeout', 'x'], ['--http', 'nowhere'], ['--what']])(
    'refuses %s %s',
    async (...args) => {
      expect((await runCommand(['drain', ...args], program)).code).toBe(2);
    }
  );
});
