import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../log.ts';
import {
  superviseEmbedded,
  type EmbeddedOptions,
  type EmbeddedState,
  type EmbeddedStore,
} from './supervise-embedded.ts';

/**
 * Stands in for the store: writes down its arguments, then does what `mode` says. `/die` ends it as a crash would;
 * with `broken-once` its second start fails.
 */
const STAND_IN = `
const { appendFileSync, readFileSync } = require('node:fs');
const { createServer } = require('node:http');
const [mode, journal] = readFileSync(__filename + '.mode', 'utf8').split(' ');
const option = (name) => process.argv[process.argv.indexOf(name) + 1];
appendFileSync(journal, process.argv.slice(2).join(' ') + '\\n');
const starts = readFileSync(journal, 'utf8').trim().split('\\n').length;
if (mode === 'refuses' || (mode === 'broken-once' && starts === 2)) {
  process.stderr.write('the data directory is in use\\n');
  process.exit(1);
}
if (mode === 'deaf') process.on('SIGTERM', () => {});
const [host, port] = option('--listen').split(':');
createServer((request, response) => {
  if (request.url === '/die') process.kill(process.pid, 'SIGKILL');
  response.end(String(process.pid));
}).listen(Number(port), host, function () {
  if (mode === 'silent') return;
  process.stdout.write('some other line\\n' + JSON.stringify({ ready: true, url: 'http://' + host + ':' + this.address().port }) + '\\n');
});
`;

describe('the supervised store', () => {
  let directory: string;
  let states: EmbeddedState[];
  let store: EmbeddedStore | undefined;
  let waiting: { state: EmbeddedState; resolve: () => void }[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'spanledger-'));
    states = [];
    waiting = [];
    store = undefined;
    await writeFile(join(directory, 'store.cjs'), STAND_IN);
  });
  afterEach(async () => {
    await store?.close(1000);
    await rm(directory, { recursive: true });
  });

  const supervise = async (mode: string, changes: Partial<EmbeddedOptions> = {}): Promise<EmbeddedStore> => {
    await writeFile(join(directory, 'store.cjs.mode'), `${mode} ${join(directory, 'journal')}`);
    store = await superviseEmbedded({
      program: join(directory, 'store.cjs'),
      dataDirectory: join(directory, 'store'),
      listen: { host: '127.0.0.1', port: 0 },
      log: createLog('silent', { write: () => undefined }),
      now: Date.now,
      onState: (state) => {
        states.push(state);
        waiting.filter((each) => each.state === state).forEach(({ resolve }) => resolve());
      },
      timing: { firstDelayMs: 10, longestDelayMs: 20 },
      ...changes,
    });
    return store;
  };
  const journal = async (): Promise<string[]> =>
    (await readFile(join(directory, 'journal'), 'utf8')).trim().split('\n');
  const nextState = (state: EmbeddedState): Promise<void> => new Promise((resolve) => waiting.push({ state, resolve }));
  const kill = async ({ url }: EmbeddedStore): Promise<void> => {
    await fetch(`${url}/die`).catch(() => undefined);
  };

  it('starts the program with its directory, address and users', async () => {
    const { url, state } = await supervise('good', { usersFile: 'users.yaml' });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(state()).toBe('ready');
    expect(await journal()).toEqual([
      `--data ${join(directory, 'store')} --listen 127.0.0.1:0 --watch-parent --users users.yaml`,
    ]);
  });

  it('starts it again on the same port when it dies, also when a start in between fails', async () => {
    const running = await supervise('broken-once');
    const before = await (await fetch(running.url)).text();
    const ready = nextState('ready');
    await kill(running);
    await ready;
    expect(await (await fetch(running.url)).text()).not.toBe(before);
    expect(states).toEqual(['ready', 'restarting', 'ready']);
    const listens = (await journal()).map((line) => line.split(' ')[3]);
    expect(listens).toEqual(['127.0.0.1:0', ...Array(2).fill(new URL(running.url).host)]);
  });

  it('says what the program said when the first start fails', async () => {
    await expect(supervise('refuses')).rejects.toThrow(
      'the embedded store ended before it was ready (exit code 1): the data directory is in use'
    );
  });

  it('gives up a first start that never becomes ready', async () => {
    await expect(supervise('silent', { timing: { startMs: 500 } })).rejects.toThrow('(SIGKILL)');
  });

  it('ends the program on close and does not start it again', async () => {
    const running = await supervise('good');
    await running.close(10_000);
    expect(states).toEqual(['ready', 'stopped']);
    await expect(fetch(running.url)).rejects.toThrow();
    expect(await journal()).toHaveLength(1);
  });

  it('kills a program that does not end in time', async () => {
    const running = await supervise('deaf');
    await running.close(100);
    await expect(fetch(running.url)).rejects.toThrow();
  });
});
