import type { FastifyInstance } from 'fastify';

export interface HealthRoutesDeps {
  /** Can this process take in telemetry and keep it? Reasons are short and hold no secrets. */
  readonly ready: () => {
    readonly ready: boolean;
    /** `warning`: ready, and something needs a person or will pass. */
    readonly state: 'ready' | 'warning' | 'not ready';
    readonly reasons: readonly string[];
  };
  /** Prometheus text format 0.0.4. */
  readonly metricsText: () => Promise<string>;
}

/**
 * Adds `/healthz` (200 while the process answers: restart it when not), `/readyz` (200, or 503 with reasons: send no
 * traffic) and `/metrics`. They need no key: they name no customer and hold no telemetry.
 */
export function registerHealthRoutes(server: FastifyInstance, { ready, metricsText }: HealthRoutesDeps): void {
  server.get('/healthz', (_request, reply) => reply.type('text/plain; charset=utf-8').send('ok\n'));
  server.get('/readyz', (_request, reply) => {
    const state = ready();
    return reply
      .code(state.ready ? 200 : 503)
      .type('application/json')
      .send(Buffer.from(JSON.stringify(state)));
  });
  server.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metricsText())
  );
}
