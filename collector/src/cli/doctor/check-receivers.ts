import { connect } from 'node:net';
import { errorCode, fault, ok, type CheckResult } from './check.ts';

const TIMEOUT_MS = 5_000;
const START_ADVICE = 'start the collector (npm start, or spanledger serve), or say where it is with --http and --grpc';

interface Readiness {
  readonly ready?: unknown;
  readonly reasons?: unknown;
}

/** Does a collector answer at the HTTP address, and does it take telemetry? */
export async function checkHttpReceiver(url: string): Promise<CheckResult> {
  let answer: Response;
  let body: Readiness | undefined;
  try {
    answer = await fetch(new URL('/readyz', url), { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'manual' });
    body = (await answer.json().catch(() => undefined)) as Readiness | undefined;
  } catch (error) {
    return fault(`nothing answers at ${url} (${errorCode(error)})`, START_ADVICE);
  }
  if (typeof body !== 'object' || typeof body.ready !== 'boolean') {
    return fault(`another program answers at ${url}`, 'stop it, or set SPANLEDGER_HTTP_LISTEN to another port');
  }
  const reasons = Array.isArray(body.reasons) ? body.reasons.map(String).join('; ') : '';
  if (!body.ready) return fault(`the collector at ${url} is not ready: ${reasons}`, 'see its log for the cause');
  return ok(`the collector at ${url} is ready${reasons === '' ? '' : ` (${reasons})`}`);
}

/** Does anything accept connections at the gRPC address? The span that is sent there tells the rest. */
export async function checkGrpcReceiver(address: string): Promise<CheckResult> {
  const { hostname, port } = new URL(`http://${address}`);
  const code = await new Promise<string>((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port), timeout: TIMEOUT_MS });
    const end = (result: string): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => end(''));
    socket.once('timeout', () => end('ETIMEDOUT'));
    socket.once('error', (error) => end(errorCode(error)));
  });
  return code === ''
    ? ok(`${address} accepts connections`)
    : fault(`nothing answers at ${address} (${code})`, START_ADVICE);
}
