import type { FastifyInstance } from 'fastify';
import type { Authenticate } from '../receive/keys/authenticate.ts';

/** What waits to be delivered; `spans` and `bytes` are of records on disk. */
export interface DrainState {
  readonly draining: boolean;
  /** Nothing is taken in any more and the store has everything. */
  readonly empty: boolean;
  readonly records: number;
  readonly spans: number;
  readonly bytes: number;
}

export interface Drain {
  /** Takes nothing more in until the process starts anew. May be called twice. */
  readonly begin: () => Promise<void>;
  readonly state: () => DrainState;
}

/** `POST /api/v1/drain` begins, `GET` tells how far it is. For admins: it stops the intake. */
export function registerDrainRoutes(
  server: FastifyInstance,
  { drain, authenticate }: { readonly drain: Drain; readonly authenticate: Authenticate }
): void {
  void server.register((routes, _, done) => {
    routes.removeAllContentTypeParsers();
    routes.addContentTypeParser('*', (_request, _payload, next) => next(null));
    routes.addHook('onRequest', async (request, reply) => {
      const answer = authenticate(request.headers, 'admin');
      if (typeof answer === 'object') return;
      const status = answer === 'forbidden' ? 403 : 401;
      await reply
        .code(status)
        .type('application/problem+json')
        .send(JSON.stringify({ type: 'about:blank', title: 'The key of an admin is needed', status }));
    });
    const tell = (): string => JSON.stringify(drain.state());
    routes.get('/api/v1/drain', (_request, reply) => reply.type('application/json; charset=utf-8').send(tell()));
    routes.post('/api/v1/drain', async (_request, reply) => {
      await drain.begin();
      return reply.type('application/json; charset=utf-8').send(tell());
    });
    done();
  });
}
