import type { IncomingMessage } from 'node:http';
import { ErrorCode, Refusal } from '../sql/refusal.ts';
import { LOCAL_ADMIN } from '../users.ts';
import type { User, Users } from '../users.ts';

interface Credentials {
  readonly name: string;
  readonly password: string;
}

/**
 * Who sends the request, from its headers and URL alone, so that nothing of the body is read before. Without a users
 * file everyone is the local administrator, except pages in a browser: those carry Origin, or a Host name that was
 * pointed at this machine. Rejects with 194 without credentials and 516 for wrong ones.
 */
export async function authenticate(
  request: IncomingMessage,
  parameters: URLSearchParams,
  users: Users | undefined,
  anyHost: boolean
): Promise<User> {
  if (users === undefined) {
    refusePages(request, anyHost);
    return LOCAL_ADMIN;
  }
  const credentials = readCredentials(request, parameters);
  if (credentials === undefined)
    throw new Refusal(
      ErrorCode.REQUIRED_PASSWORD,
      'Authentication is required: Basic, X-ClickHouse-User and X-ClickHouse-Key, or user and password.'
    );
  const user = await users.authenticate(credentials.name, credentials.password);
  if (user === undefined) {
    throw new Refusal(
      ErrorCode.AUTHENTICATION_FAILED,
      'Authentication failed: password is incorrect, or there is no user with such name.'
    );
  }
  return user;
}

const LOOPBACK_HOST = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i;

function refusePages(request: IncomingMessage, anyHost: boolean): void {
  const { origin, host } = request.headers;
  const fromPage = origin !== undefined || request.headers['sec-fetch-site'] === 'cross-site';
  if (fromPage || (!anyHost && host !== undefined && !LOOPBACK_HOST.test(host))) {
    throw new Refusal(ErrorCode.ACCESS_DENIED, 'Requests of web pages and for other hosts need users (see --users).');
  }
}

/** X-ClickHouse headers win over Basic, Basic over the URL, as in ClickHouse. */
function readCredentials(request: IncomingMessage, parameters: URLSearchParams): Credentials | undefined {
  const header = (name: string): string | undefined => {
    const value = request.headers[name];
    return typeof value === 'string' ? value : undefined;
  };
  const name = header('x-clickhouse-user');
  const key = header('x-clickhouse-key');
  if (name !== undefined || key !== undefined) return { name: name ?? 'default', password: key ?? '' };
  const basic = /^basic ([A-Za-z0-9+/=_-]+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (basic !== undefined) {
    const decoded = Buffer.from(basic, 'base64').toString();
    const colon = decoded.indexOf(':');
    return colon < 0
      ? { name: decoded, password: '' }
      : { name: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
  }
  const user = parameters.get('user');
  const password = parameters.get('password');
  return user === null && password === null ? undefined : { name: user ?? 'default', password: password ?? '' };
}
