import { readConfig } from '../config.ts';
import { errorCode } from './doctor/check.ts';
import { UsageError, type CliContext } from './command.ts';

const TIMEOUT_MS = 120_000;

interface ProblemBody {
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

/** Options of every command that talks to the REST API of a running collector. */
export const apiOptions = { http: { type: 'string' }, key: { type: 'string' } } as const;

/** Asks the API and gives the body of the answer. Rejects with what the API said, in words for a person. */
export type AskApi = <T>(method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: unknown) => Promise<T>;

/** The API of the instance that the settings, or `--http` and `--key`, name. Throws UsageError when its port is not fixed. */
export function createAskApi(values: { readonly http?: string; readonly key?: string }, context: CliContext): AskApi {
  const { httpListen, bootstrapKey } = readConfig(context.environment, context.readFile);
  const { host, port } = httpListen;
  if (values.http === undefined && port === 0)
    throw new UsageError('SPANLEDGER_HTTP_LISTEN has port 0: give --http with the address of the ready line');
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  const base = values.http ?? `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
  if (!URL.canParse(base) || !/^https?:/.test(base))
    throw new UsageError('--http must be a URL, for example http://127.0.0.1:4318');
  const key = values.key ?? bootstrapKey;
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(new URL(`/api/v1${path}`, base), {
      method,
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((error: unknown) => {
      throw new Error(`nothing answers at ${new URL(base).origin} (${errorCode(error)}): is the collector running?`);
    });
    const content = (await answer.json().catch(() => undefined)) as (T & ProblemBody) | undefined;
    if (answer.ok && content !== undefined) return content;
    const { title = `HTTP ${answer.status}`, detail, errors = [] } = content ?? {};
    const faults = errors.map(({ field, message }) => `  ${field === '' ? 'body' : field}: ${message}`);
    throw new Error([`${title}${detail === undefined ? '' : `. ${detail}`}`, ...faults].join('\n'));
  };
}
