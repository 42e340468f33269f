import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ByteBudget } from './byte-budget.ts';
import { encodeExportResponse } from './encode-export-response.ts';
import { refuse, type ExportAnswer, type ExportRequest } from './export-request.ts';
import type { Authenticate } from './keys/authenticate.ts';
import { readMediaType, type MediaType } from './media-type.ts';
import { REFUSALS, type RefusalReason } from './otlp-response.ts';
import { readBody } from './read-body.ts';
import type { ReceiveLimits } from './receive-limits.ts';
import type { ReceiveMetrics, Signal } from './receive-metrics.ts';
import { sendRefusal } from './send-refusal.ts';

export interface OtlpRoutesDeps {
  readonly authenticate: Authenticate;
  readonly exportRequest: ExportRequest;
  readonly metrics: ReceiveMetrics;
  /** Shared by all receivers of the process. */
  readonly budget: ByteBudget;
  readonly limits: ReceiveLimits;
}

const SIGNALS: readonly Signal[] = ['traces', 'logs', 'metrics'];
/** Langfuse SDKs fix the second prefix. */
const PREFIXES = ['', '/api/public/otel'];

/** Every path of OTLP/HTTP here. */
export const OTLP_PATHS: ReadonlyMap<string, Signal> = new Map(
  PREFIXES.flatMap((prefix) => SIGNALS.map((signal) => [`${prefix}/v1/${signal}`, signal] as const))
);

const GZIP = new Set(['gzip', 'x-gzip']);
const PLAIN = new Set(['', 'identity']);

/** Adds `POST /v1/traces` and its kin. Keys, types and sizes are checked before a byte of the body is read. */
export function registerOtlpRoutes(server: FastifyInstance, deps: OtlpRoutesDeps): void {
  server.removeAllContentTypeParsers();
  // Bodies are read by the handler: the framework's parsers have other limits, other errors and no gzip.
  server.addContentTypeParser('*', (_request, _payload, done) => done(null));
  for (const [path, signal] of OTLP_PATHS) {
    server.post(path, (request, reply) => handleExport(request, reply, signal, deps));
  }
}

async function handleExport(
  request: FastifyRequest,
  reply: FastifyReply,
  signal: Signal,
  deps: OtlpRoutesDeps
): Promise<FastifyReply> {
  const media = readMediaType(request.headers['content-type']);
  const answer = await answerExport(request, media, signal, deps);
  if (answer === 'aborted') {
    deps.metrics.aborted({ transport: 'http' });
    request.raw.destroy();
    return reply.hijack();
  }
  if (answer.rate !== undefined) {
    reply.header('x-ratelimit-limit', String(answer.rate.limit));
    reply.header('x-ratelimit-remaining', String(answer.rate.remaining));
    reply.header('x-ratelimit-reset', String(answer.rate.resetAt));
  }
  if (answer.kind === 'refused') return sendRefusal(request, reply, answer);
  // Only a request with a known type succeeds.
  const { encoding, answer: contentType } = media!;
  return reply.header('content-type', contentType).send(encodeExportResponse(signal, encoding, answer));
}

async function answerExport(
  request: FastifyRequest,
  media: MediaType | undefined,
  signal: Signal,
  { authenticate, exportRequest, metrics, budget, limits }: OtlpRoutesDeps
): Promise<ExportAnswer | 'aborted'> {
  const refuseWith = (reason: RefusalReason, message = REFUSALS[reason].message): ExportAnswer => {
    metrics.refused({ transport: 'http', signal, ...(media ? { encoding: media.encoding } : {}) }, reason);
    const retryAfterSeconds = REFUSALS[reason].retryable ? limits.retryAfterSeconds : undefined;
    return refuse(reason, { retryAfterSeconds, message });
  };

  const { authorization, 'x-api-key': apiKey } = request.headers;
  const caller = authenticate({ authorization, 'x-api-key': apiKey?.toString() }, 'ingest');
  if (caller === 'missing') return refuseWith('missing_key');
  if (caller === 'invalid') return refuseWith('invalid_key');
  if (caller === 'forbidden') return refuseWith('forbidden');
  if (!media) return refuseWith('unsupported_media_type');
  const contentEncoding = (request.headers['content-encoding'] ?? '').trim().toLowerCase();
  const gzip = GZIP.has(contentEncoding);
  if (!gzip && !PLAIN.has(contentEncoding)) return refuseWith('unsupported_encoding');
  if (Number(request.headers['content-length'] ?? 0) > limits.maxBodyBytes) return refuseWith('too_large');

  const { encoding } = media;
  const { workspace, keyId } = caller;
  const reservation = budget.reserve();
  try {
    const result = await readBody(request.raw, { gzip, maxBytes: limits.maxBodyBytes, reservation });
    switch (result.kind) {
      case 'read':
        return await exportRequest({ transport: 'http', signal, encoding, workspace, keyId, body: result.body });
      case 'aborted':
        return 'aborted';
      case 'corrupt':
        return refuseWith('undecodable', 'the body is not valid gzip');
      case 'too_large':
      case 'overloaded':
        return refuseWith(result.kind);
    }
  } finally {
    reservation.release();
  }
}
