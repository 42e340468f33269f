import Fastify, { type FastifyInstance } from 'fastify';
import { createAuthenticate } from '../../receive/keys/authenticate.ts';
import type { KeyStore } from '../../receive/keys/key-store.ts';
import { openRestApi, type RestApi, type RestApiOptions } from '../rest-api.ts';

export interface StartedRestApi {
  readonly server: FastifyInstance;
  /** Method and path of every route, as registered. */
  readonly routes: string[];
  readonly faults: unknown[];
}

/** Keys of a test: the key is the name of its role. */
const keys: Pick<KeyStore, 'find'> = {
  find: (key) =>
    key === 'read' || key === 'ingest' || key === 'admin' ? { workspace: 'shop', role: key, keyId: key } : undefined,
};

/** The REST API with these routes, to be asked with `server.inject`. */
export async function startRestApi(
  routes: (api: RestApi) => void,
  options: Partial<RestApiOptions> = {}
): Promise<StartedRestApi> {
  const server = Fastify();
  const started: StartedRestApi = { server, routes: [], faults: [] };
  server.addHook('onRoute', ({ method, url }) => {
    started.routes.push(...[method].flat().map((each) => `${each} ${url}`));
  });
  openRestApi(server, {
    authenticate: createAuthenticate({ keys, pepper: 'p' }),
    corsOrigins: [],
    ratePerMinute: 1_000,
    version: '1.2.3',
    onFault: (error) => started.faults.push(error),
    routes,
    ...options,
  });
  await server.ready();
  return started;
}
