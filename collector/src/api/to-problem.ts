import type { FastifyError } from 'fastify';
import { Problem } from './problem.ts';
import { toFaults } from './to-faults.ts';

/** What the framework finds wrong, in words that say what to do. */
const FRAMEWORK: Readonly<Record<string, readonly [title: string, detail: string]>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: ['The body is not JSON', 'Send the body as JSON text in UTF-8.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['The body is empty', 'Send a JSON body, or no Content-Type.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['The media type is not supported', 'Set Content-Type: application/json.'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['The body is too large', 'Send less at a time.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['The body is not as long as Content-Length says', 'Send the request again.'],
};

/** Turns whatever a route threw into the problem that is sent. A fault of ours is 500 without its words: they may hold what was sent. */
export function toProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  const error = thrown instanceof Error ? (thrown as FastifyError) : undefined;
  if (error?.validation !== undefined) {
    return new Problem(400, 'The request is not as the API describes it', {
      detail: 'The errors say what is wrong with each field; /api/v1/openapi.json describes them.',
      errors: toFaults(error.validation),
    });
  }
  const status = error?.statusCode ?? 500;
  if (status < 400 || status > 499) return new Problem(500, 'Internal error');
  const [title, detail] = FRAMEWORK[error?.code ?? ''] ?? ['The request cannot be read', undefined];
  return new Problem(status, title, detail === undefined ? {} : { detail });
}
