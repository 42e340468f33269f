import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@clickhouse/client';
import { openLedger } from '../src/ledger/open-ledger.ts';
import { sampleProtobuf, sampleSpan } from '../src/receive/testing/sample-traces.ts';
import { TABLE_COLUMNS } from '../src/rows/table-columns.ts';
import { commandsNaming, descendantsOf, isAlive, untilGone } from './support/collector-process.ts';
import type { TestKeys } from './support/make-keys.ts';
import { makeKeys } from './support/make-keys.ts';
import type { RunningProgram } from './support/run-program.ts';
import { runProgram } from './support/run-program.ts';
import { selectRows } from './support/select-rows.ts';

const SPANS_PER_REQUEST = 20;
const SENDERS = 4;
/** Requests answered before the program is told to stop. */
const ENOUGH = 40;

let directory: string;
let setup: TestKeys;
let running: RunningProgram[];
const start = (settings: Readonly<Record<string, string>> = {}): RunningProgram => {
  const program = runProgram({ ...setup.settings, ...settings });
  running.push(program);
  return program;
};

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spanledger-restart-'));
  setup = await makeKeys(directory, ['acme']);
  running = [];
});
afterEach(async () => {
  for (const program of running) {
    const below = descendantsOf(program.pid);
    program.signal('SIGKILL');
    await program.exited;
    await untilGone(below);
  }
  await rm(directory, { recursive: true, force: true });
});

const spanIdOf = (request: number, i: number) => (1 + request * SPANS_PER_REQUEST + i).toString(16).padStart(16, '0');

/** Sends until the program no longer takes anything in; calls `onAcknowledged` with the number of each request that got its 200. */
async function sendUntilClosed(http: string, sender: number, onAcknowledged: (request: number) => void): Promise<void> {
  for (let request = sender; ; request += SENDERS) {
    const startTimeUnixNano = BigInt(Date.now()) * 1_000_000n;
    const times = { startTimeUnixNano, endTimeUnixNano: startTimeUnixNano + 1_000_000n };
    const spans = Array.from({ length: SPANS_PER_REQUEST }, (_, i) =>
      sampleSpan(1, { ...times, spanId: spanIdOf(request, i) })
    );
    const answer = await fetch(`${http}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf', authorization: `Bearer ${setup.keys.get('acme')!}` },
      body: new Uint8Array(sampleProtobuf(spans)),
    }).catch(() => undefined);
    if (answer?.status !== 200) return;
    onAcknowledged(request);
  }
}

describe('stopping and starting', () => {
  it('a stop under load ends with 0 and loses nothing that was acknowledged', async () => {
    const first = start();
    const { http } = await first.ready;
    const acknowledged: number[] = [];
    const senders = Array.from({ length: SENDERS }, (_, sender) =>
      sendUntilClosed(http, sender, (request) => {
        acknowledged.push(request);
        if (acknowledged.length === ENOUGH) first.signal('SIGTERM');
      })
    );
    await Promise.all(senders);
    expect(await first.exited).toBe(0);
    expect(first.remarks()).toEqual([]);

    const { sql } = await start().ready;
    const wanted = acknowledged.flatMap((request) =>
      Array.from({ length: SPANS_PER_REQUEST }, (_, i) => spanIdOf(request, i))
    );
    const client = createClient({ url: sql });
    let stored: ReadonlyMap<string, string>;
    // What the first could not deliver in the time it had, the second does in its own.
    do {
      const rows = await selectRows<{ span_id: string; copies: string }>(
        { client } as never,
        'SELECT span_id, count() AS copies FROM genai.spans GROUP BY span_id'
      );
      stored = new Map(rows.map(({ span_id, copies }) => [span_id, copies]));
    } while (!wanted.every((id) => stored.has(id)));
    await client.close();
    expect(wanted.length).toBeGreaterThanOrEqual(ENOUGH * SPANS_PER_REQUEST);
    expect(wanted.filter((id) => stored.get(id) !== '1')).toEqual([]);
  });

  it.each(['SPANLEDGER_SQL_LISTEN', 'SPANLEDGER_HTTP_LISTEN', 'SPANLEDGER_GRPC_LISTEN'])(
    'says so when the port of %s is taken, and leaves no process behind',
    async (variable) => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      try {
        const program = start({ [variable]: `127.0.0.1:${port}` });
        expect(await program.exited).toBe(1);
        expect(program.remarks()).toHaveLength(1);
        expect(program.remarks()[0]).toMatch(new RegExp(`EADDRINUSE.*${port}`));
        expect(commandsNaming(directory)).toEqual([]);
      } finally {
        server.close();
      }
    }
  );

  it('says so when another process has the ledger', async () => {
    const ledgerDirectory = join(directory, 'data/ledger');
    const ledger = await openLedger({
      directory: ledgerDirectory,
      columns: [...TABLE_COLUMNS.values()],
      now: Date.now,
    });
    try {
      const program = start();
      expect(await program.exited).toBe(1);
      expect(program.remarks()).toEqual([`spanledger: another process uses the ledger directory ${ledgerDirectory}`]);
      expect(commandsNaming(directory)).toEqual([]);
    } finally {
      await ledger.close();
    }
  });

  it('says so when another instance runs on the same data directory, which goes on undisturbed', async () => {
    const first = start();
    const { http } = await first.ready;
    const second = start();
    expect(await second.exited).toBe(1);
    expect(second.remarks()).toEqual([expect.stringMatching(/in use|another process/)]);
    expect((await fetch(`${http}/readyz`)).status).toBe(200);
  });

  it('starts at once after a SIGKILL, and the store of the killed one ends by itself', async () => {
    const first = start();
    await first.ready;
    const below = descendantsOf(first.pid);
    expect(below.length).toBeGreaterThan(0);
    first.signal('SIGKILL');
    expect(await first.exited).toBe('SIGKILL');
    const second = start();
    const { http } = await second.ready;
    await untilGone(below);
    expect((await fetch(`${http}/readyz`)).status).toBe(200);
    expect(descendantsOf(second.pid).filter(isAlive).length).toBeGreaterThan(0);
  });
});
