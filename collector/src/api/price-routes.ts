import type { FastifyInstance, FastifyReply } from 'fastify';
import { createCalculateRequest } from '../price/calculate-request.ts';
import type { PriceBook } from '../price/price-book.ts';
import type { Authenticate } from '../receive/keys/authenticate.ts';

/** A usage has a dozen numbers. */
const MAX_BODY_BYTES = 16 * 1024;

/** RFC 9457. */
function problem(reply: FastifyReply, status: number, title: string, more: object = {}): FastifyReply {
  return reply
    .code(status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', title, status, ...more }));
}

/**
 * `POST /api/v1/prices/calculate`: what a call costs and how that is made. An unknown model is an answer (`cost_state: unpriced`),
 * a body that cannot be understood is 400 with every fault in it. Any key may ask.
 */
export function registerPriceRoutes(
  server: FastifyInstance,
  options: { readonly book: PriceBook; readonly authenticate: Authenticate; readonly now: () => number }
): void {
  const calculate = createCalculateRequest(options.book, options.now);
  void server.register((routes, _, done) => {
    routes.removeAllContentTypeParsers();
    routes.addContentTypeParser(
      'application/json',
      { parseAs: 'string', bodyLimit: MAX_BODY_BYTES },
      (_request, body, next) => {
        next(null, body);
      }
    );
    routes.setErrorHandler((error: { statusCode?: number }, _request, reply) =>
      problem(
        reply,
        error.statusCode ?? 500,
        error.statusCode === 413 ? 'The body is too large' : 'The request cannot be read'
      )
    );
    routes.addHook('onRequest', async (request, reply) => {
      const roles = ['read', 'ingest'] as const;
      const answers = roles.map((role) => options.authenticate(request.headers as Record<string, string>, role));
      if (answers.some((answer) => typeof answer === 'object')) return;
      await problem(reply, answers.includes('forbidden') ? 403 : 401, 'A key is needed');
    });
    routes.post('/api/v1/prices/calculate', (request, reply) => {
      let body: unknown;
      try {
        body = JSON.parse(request.body as string);
      } catch {
        return problem(reply, 400, 'The body is not JSON');
      }
      const result = calculate(body);
      if (!result.ok)
        return problem(reply, 400, 'The usage cannot be priced as it is written', { errors: result.errors });
      return reply.type('application/json; charset=utf-8').send(JSON.stringify(result.answer));
    });
    done();
  });
}
