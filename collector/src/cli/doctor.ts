import { readConfig, type Config } from '../config.ts';
import { connect } from '../write/connect.ts';
import { UsageError, type CliContext, type Command } from './command.ts';
import type { CheckResult } from './doctor/check.ts';
import { skipped } from './doctor/check.ts';
import { checkDataDirectory } from './doctor/check-data-directory.ts';
import { checkDelivery } from './doctor/check-delivery.ts';
import { checkGrpcReceiver, checkHttpReceiver } from './doctor/check-receivers.ts';
import { checkClock, checkSchema, checkStore } from './doctor/check-store.ts';
import { protocols, type Target } from './doctor/send-doctor-span.ts';
import { readOptions } from './read-options.ts';
import { storeUrl } from './store-url.ts';

const STORE_TIMEOUT_MS = 10_000;
const DEFAULT_WAIT_SECONDS = 15;
const MAX_WAIT_SECONDS = 600;
const LABELS: Readonly<Record<CheckResult['state'], string>> = { ok: 'ok     ', fault: 'FAULT  ', skipped: 'skipped' };

function address(setting: string, option: string, { host, port }: Config['httpListen']): string {
  if (port === 0) throw new UsageError(`${setting} has port 0: give --${option} with the address of the ready line`);
  // Nobody can connect to the address that means every address.
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

function readTarget(values: { http?: string; grpc?: string; key?: string }, config: Config): Target {
  const http = values.http ?? `http://${address('SPANLEDGER_HTTP_LISTEN', 'http', config.httpListen)}`;
  const grpc = values.grpc ?? address('SPANLEDGER_GRPC_LISTEN', 'grpc', config.grpcListen);
  if (!URL.canParse(http) || !/^https?:/.test(http))
    throw new UsageError('--http must be a URL, for example http://127.0.0.1:4318');
  if (!/^[^/\s]+:\d{1,5}$/.test(grpc) || !URL.canParse(`http://${grpc}`))
    throw new UsageError('--grpc must be HOST:PORT');
  return { http, grpc, key: values.key ?? config.bootstrapKey };
}

function readWait(text: string): number {
  const seconds = Number(text);
  if (!/^\d+$/.test(text) || seconds < 1 || seconds > MAX_WAIT_SECONDS) {
    throw new UsageError(`--wait must be a whole number of seconds from 1 to ${MAX_WAIT_SECONDS}`);
  }
  return seconds * 1000;
}

/** Prints each result as it comes and counts the faults. */
function createReport({ answer }: CliContext): {
  tell: (name: string, result: CheckResult) => boolean;
  faults: () => number;
} {
  let faults = 0;
  return {
    tell: (name, result) => {
      answer(`${LABELS[result.state]}  ${name}: ${result.message}`);
      if (result.state === 'fault') {
        faults += 1;
        answer(`         → ${result.advice}`);
      }
      return result.state === 'ok';
    },
    faults: () => faults,
  };
}

export const doctor: Command = {
  name: 'doctor',
  usage: '[--key KEY] [--http URL] [--grpc HOST:PORT] [--sql URL] [--wait SECONDS]',
  summary: 'Checks the whole way of a span, by every protocol, and says what to do about faults',
  run: async (args, context) => {
    const { values } = readOptions(args, {
      key: { type: 'string' },
      http: { type: 'string' },
      grpc: { type: 'string' },
      sql: { type: 'string' },
      wait: { type: 'string', default: String(DEFAULT_WAIT_SECONDS) },
    });
    const { now, sqlDirectory } = context;
    const deadlineMs = readWait(values.wait);
    const config = readConfig(context.environment, context.readFile);
    const target = readTarget(values, config);
    const sql = storeUrl(values.sql, config);
    const { tell, faults } = createReport(context);
    tell('settings', { state: 'ok', message: 'no faults' });
    tell('data directory', await checkDataDirectory(config.dataDir));
    const httpAnswers = tell('HTTP receiver', await checkHttpReceiver(target.http));
    const grpcAnswers = tell('gRPC receiver', await checkGrpcReceiver(target.grpc));
    const client = connect(sql, { requestTimeoutMs: STORE_TIMEOUT_MS });
    try {
      const storeAnswers = tell('store', await checkStore(client));
      const untold = skipped('the store does not answer');
      tell('schema', storeAnswers ? await checkSchema(client, sqlDirectory, { now, deadlineMs }) : untold);
      tell('clock', storeAnswers ? await checkClock(client, now) : untold);
      for (const protocol of protocols) {
        const answers = protocol.name.includes('gRPC') ? grpcAnswers : httpAnswers;
        const deps = { client: storeAnswers ? client : undefined, target, now, deadlineMs };
        tell(
          `a span by ${protocol.name}`,
          answers ? await checkDelivery(protocol, deps) : skipped('the receiver does not answer')
        );
      }
    } finally {
      await client.close();
    }
    context.answer(faults() === 0 ? 'Everything works.' : `${faults()} ${faults() === 1 ? 'fault' : 'faults'}.`);
    return faults() === 0 ? 0 : 1;
  },
};
