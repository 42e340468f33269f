import type { DrainState } from '../api/drain-routes.ts';
import { readConfig, type Config } from '../config.ts';
import { drainLedger, type Undelivered } from '../drain-ledger.ts';
import { createLog } from '../log.ts';
import { UsageError, type Command } from './command.ts';
import { readOptions } from './read-options.ts';

const POLL_MS = 500;
const REQUEST_TIMEOUT_MS = 30_000;
const MAX_TIMEOUT_SECONDS = 86_400;

function httpUrl(given: string | undefined, { httpListen: { host, port } }: Config): string | undefined {
  if (given !== undefined) {
    if (!URL.canParse(given) || !/^https?:/.test(given))
      throw new UsageError('--http must be a URL, for example http://127.0.0.1:4318');
    return given;
  }
  if (port === 0) return undefined;
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/** Asks a running collector; `undefined` when none answers there. */
async function ask(method: 'GET' | 'POST', url: string, key: string | undefined): Promise<DrainState | undefined> {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  let answer: Response;
  try {
    answer = await fetch(new URL('/api/v1/drain', url), {
      method,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
  } catch (error) {
    if ((error as { cause?: { code?: unknown } }).cause?.code === 'ECONNREFUSED') return undefined;
    throw new Error(`the collector at ${url} does not answer`, { cause: error });
  }
  if (answer.status === 401 || answer.status === 403)
    throw new Error(`the collector at ${url} wants the key of an admin: --key KEY, or SPANLEDGER_BOOTSTRAP_KEY`);
  if (answer.status !== 200) throw new Error(`the program at ${url} answers ${answer.status}: it is no collector`);
  return (await answer.json()) as DrainState;
}

export const drain: Command = {
  name: 'drain',
  usage: '[--timeout SECONDS] [--http URL] [--key KEY]',
  summary:
    'Delivers what a collector holds, before it is removed: stops the intake of a running one. Exit code 0 = empty',
  run: async (args, context) => {
    const { values } = readOptions(args, {
      timeout: { type: 'string', default: '60' },
      http: { type: 'string' },
      key: { type: 'string' },
    });
    const seconds = Number(values.timeout);
    if (!/^\d+$/.test(values.timeout) || seconds < 1 || seconds > MAX_TIMEOUT_SECONDS)
      throw new UsageError(`--timeout must be a whole number of seconds from 1 to ${MAX_TIMEOUT_SECONDS}`);
    const config = readConfig(context.environment, context.readFile);
    const { now, sqlDirectory, embeddedProgram, version } = context;
    const deadline = now() + seconds * 1000;
    const url = httpUrl(values.http, config);
    const key = values.key ?? config.bootstrapKey;
    let state = url === undefined ? undefined : await ask('POST', url, key);
    if (state === undefined && values.http !== undefined) throw new Error(`no collector answers at ${values.http}`);
    let left: Undelivered;
    if (state === undefined) {
      context.remark('No collector is running here: its ledger is delivered by this command.');
      const log = createLog(config.logLevel, context.logDestination);
      left = await drainLedger(config, { sqlDirectory, embeddedProgram, log, version, now }, seconds * 1000);
    } else {
      while (!state.empty && now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        const next: DrainState | undefined = await ask('GET', url!, key);
        if (next === undefined)
          throw new Error('the collector ended before its ledger was empty; run the command again');
        state = next;
      }
      left = state;
      if (!state.empty && left.records === 0) left = { ...left, records: 1 };
    }
    if (left.records === 0) {
      context.answer('the ledger is empty');
      return 0;
    }
    context.answer(`not empty: ${left.records} records, ${left.spans} spans, ${left.bytes} bytes are not in the store`);
    return 1;
  },
};
