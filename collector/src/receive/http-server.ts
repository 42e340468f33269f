import { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { encodeStatus } from './encode-status.ts';
import { registerOtlpRoutes, type OtlpRoutesDeps, OTLP_PATHS } from './otlp-routes.ts';
import { refuse } from './export-request.ts';
import { REFUSALS, type RefusalReason } from './otlp-response.ts';
import { sendRefusal } from './send-refusal.ts';

export type HttpServerDeps = OtlpRoutesDeps;

/** Other routes answer for themselves below this path; their errors are not google.rpc.Status. */
const REST_PATH = /^\/api\/v1(?:[/?#]|$)/;
/** RFC 9457, as the REST API answers; the router finds this fault before the API is asked. */
const BAD_REST_URL = Buffer.from(
  JSON.stringify({
    type: 'about:blank',
    title: 'The URL cannot be read',
    status: 400,
    detail: 'A part of its path is longer than any name may be, or its percent signs are no UTF-8.',
  })
);
const TIMEOUT_CHECK_MS = 2_000;

/**
 * The HTTP listener, with the OTLP routes and not yet listening, so that others can add theirs. Every error of its own,
 * also of the framework and of broken HTTP, is a google.rpc.Status in the request's encoding (JSON when unknown).
 * Slow senders are cut off by `limits`. Nothing a sender does makes it throw.
 */
export function createHttpServer(deps: HttpServerDeps): FastifyInstance {
  const { limits, metrics } = deps;
  const server = Fastify({
    logger: false,
    requestTimeout: limits.requestTimeoutMs,
    connectionTimeout: limits.idleTimeoutMs,
    keepAliveTimeout: limits.idleTimeoutMs,
    // A request that came in before the end is served, not refused with a body that is no Status.
    return503OnClosing: false,
    http: {
      headersTimeout: limits.headersTimeoutMs,
      connectionsCheckingInterval: Math.min(TIMEOUT_CHECK_MS, limits.requestTimeoutMs),
    },
    frameworkErrors: (_error, request, reply) => {
      metrics.refused({ transport: 'http' }, 'bad_request');
      if (isRest(request.url)) sendBadRestUrl(reply);
      else void sendRefusal(request, reply, refuse('bad_request'));
    },
    clientErrorHandler: (error, socket) => answerBrokenRequest(error, socket),
  });
  server.server.maxConnections = limits.maxConnections;
  server.server.on('drop', () => metrics.aborted({ transport: 'http' }));

  server.setErrorHandler((error, request, reply) => {
    const reason = frameworkReason((error as { statusCode?: number }).statusCode);
    metrics.refused({ transport: 'http' }, reason);
    return sendRefusal(request, reply, refuse(reason));
  });
  // A connection that is answering when the server closes would else be kept, and the server wait for its idle timeout.
  let closing = false;
  server.addHook('preClose', (done) => {
    closing = true;
    done();
  });
  server.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) reply.header('connection', 'close');
    done();
  });
  // Before the body of an unknown request is looked at, or its type would decide between 404, 415 and 400.
  server.addHook('onRequest', (request, reply, done) => {
    if (!request.is404 || isRest(request.url)) return done();
    const reason = OTLP_PATHS.has(request.url.split('?', 1)[0]!) ? 'wrong_method' : 'unknown_path';
    metrics.refused({ transport: 'http' }, reason);
    if (reason === 'wrong_method') reply.header('allow', 'POST');
    void sendRefusal(request, reply, refuse(reason));
  });
  void server.register((otlp, _options, done) => {
    registerOtlpRoutes(otlp, deps);
    done();
  });
  return server;
}

function sendBadRestUrl(reply: FastifyReply): void {
  void reply.code(400).header('content-type', 'application/problem+json').send(BAD_REST_URL);
}

function isRest(url: string): boolean {
  return REST_PATH.test(url);
}

/** What the framework found wrong before a handler ran; anything without a 4xx is a fault of ours. */
function frameworkReason(status: number | undefined): RefusalReason {
  if (status === 413) return 'too_large';
  if (status === 415) return 'unsupported_media_type';
  return status !== undefined && status >= 400 && status < 500 ? 'bad_request' : 'crashed';
}

const BROKEN: Readonly<Record<string, RefusalReason>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'timeout',
  HPE_HEADER_OVERFLOW: 'headers_too_large',
};

/** There is no request yet, or half of one: the answer is written by hand and the connection closed. */
function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const reason = BROKEN[error.code ?? ''] ?? 'bad_request';
  const body = encodeStatus(refuse(reason).status, 'json');
  const { httpStatus } = REFUSALS[reason];
  const head = [
    `HTTP/1.1 ${httpStatus} ${reason}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    'Connection: close',
  ];
  socket.end(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]));
}
