import type { FastifyReply } from 'fastify';
import type { Problem } from './problem.ts';

/** Answers with `application/problem+json`. */
export function sendProblem(reply: FastifyReply, { status, title, options }: Problem): FastifyReply {
  const { detail, errors, headers } = options;
  return reply
    .code(status)
    .headers({ ...headers })
    .type('application/problem+json')
    .serializer((body) => JSON.stringify(body))
    .send({
      type: 'about:blank',
      title,
      status,
      ...(detail === undefined ? {} : { detail }),
      ...(errors === undefined ? {} : { errors }),
    });
}
