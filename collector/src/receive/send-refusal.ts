import type { FastifyReply, FastifyRequest } from 'fastify';
import { encodeStatus } from './encode-status.ts';
import type { ExportAnswer } from './export-request.ts';
import { readMediaType } from './media-type.ts';
import { REFUSALS } from './otlp-response.ts';

/** Answers with a google.rpc.Status in the encoding of the request, JSON when that is unknown. */
export function sendRefusal(
  request: FastifyRequest,
  reply: FastifyReply,
  { reason, status }: ExportAnswer & { kind: 'refused' }
): FastifyReply {
  const media = readMediaType(request.headers['content-type']);
  if (status.retryAfterSeconds !== undefined) reply.header('retry-after', String(status.retryAfterSeconds));
  return reply
    .code(REFUSALS[reason].httpStatus)
    .header('content-type', media?.answer ?? 'application/json')
    .send(encodeStatus(status, media?.encoding ?? 'json'));
}
