import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { authenticate } from './http/authenticate.ts';
import { sendError } from './http/send-error.ts';
import type { Call } from './query-handler.ts';
import { ErrorCode, Refusal } from './sql/refusal.ts';
import type { Users } from './users.ts';

export interface ServerOptions {
  readonly users: Users | undefined;
  /** Requests for any Host name are answered even without users. */
  readonly anyHost: boolean;
  readonly version: string;
  readonly timeZone: string;
}

/** A connection that is idle this long is closed; clients keep theirs shorter. */
const KEEP_ALIVE_MS = 30_000;
const HEADERS_MS = 30_000;
/** A body of the largest size has to come within this time. */
const REQUEST_MS = 300_000;
const MOST_HEADER_BYTES = 1024 * 1024;
const ALIVE = 'Ok.\n';

/** Makes the HTTP server: /ping, /replicas_status and / as ClickHouse serves them. It does not listen yet. */
export function createHttpServer(handle: (call: Call) => Promise<void>, options: ServerOptions): Server {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.setHeader('X-ClickHouse-Server-Display-Name', 'embedded-clickhouse');
    response.setHeader('X-ClickHouse-Timezone', options.timeZone);
    const url = new URL(request.url ?? '/', 'http://localhost');
    const isQuery = url.pathname === '/' || url.pathname === '/query';
    const isAlive = url.pathname === '/ping' || url.pathname === '/replicas_status';
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (isAlive || (isQuery && reads && !url.searchParams.has('query'))) {
      response.setHeader('Content-Type', 'text/html; charset=UTF-8');
      response.end(ALIVE);
      return;
    }
    if (!isQuery) {
      response.statusCode = 404;
      response.end('There is no handle here. Use / for queries, /ping for health checks.\n');
      return;
    }
    if (!reads && request.method !== 'POST' && request.method !== 'PUT')
      throw new Refusal(ErrorCode.NOT_IMPLEMENTED, `Method ${request.method ?? ''} is not supported.`);
    const user = await authenticate(request, url.searchParams, options.users, options.anyHost);
    await handle({ request, response, parameters: url.searchParams, user });
  };
  const server = createServer(
    {
      maxHeaderSize: MOST_HEADER_BYTES,
      headersTimeout: HEADERS_MS,
      requestTimeout: REQUEST_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    (request, response) => {
      answer(request, response).catch((error: unknown) => sendError(response, error, options.version));
    }
  );
  return server;
}
