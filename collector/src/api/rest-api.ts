import type { IncomingMessage, ServerResponse } from 'node:http';
import cors from '@fastify/cors';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import type { Static, TSchema } from '@sinclair/typebox';
import type { FastifyBaseLogger, FastifyInstance, FastifyTypeProvider, RawServerDefault } from 'fastify';
import type { Authenticate } from '../receive/keys/authenticate.ts';
import { createCheckAccess } from './access.ts';
import { createDescribeRoute } from './describe-route.ts';
import { OPENAPI } from './openapi.ts';
import { Problem } from './problem.ts';
import { sendProblem } from './send-problem.ts';
import { toProblem } from './to-problem.ts';
import { createValidatorCompiler } from './validator-compiler.ts';

const MINUTE_MS = 60_000;
const REST_PREFIX = '/api/v1';

/** A request has the types of its schemas, an answer must have those of its own. */
interface SchemaTypes extends FastifyTypeProvider {
  readonly validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown;
  readonly serializer: this['schema'] extends TSchema ? Static<this['schema']> : unknown;
}

/** A server below `/api/v1` whose routes are typed by their schemas. */
export type RestApi = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  SchemaTypes
>;

export interface RestApiOptions {
  readonly authenticate: Authenticate;
  /** Origins whose pages may call from a browser; empty = none. */
  readonly corsOrigins: readonly string[];
  /** Requests a key may make in a minute. */
  readonly ratePerMinute: number;
  readonly version: string;
  /** A fault of ours: the caller is told nothing but 500. */
  readonly onFault: (error: unknown, route: string) => void;
  /** Adds the routes, each with `config.access` and a schema; URLs are below `/api/v1`. */
  readonly routes: (api: RestApi) => void;
}

/**
 * Opens the REST API on a server that does not listen yet. For every route: the key is checked before the body is read, then the
 * key's share of requests, then the schema with all faults at once; whatever fails is `application/problem+json`; the route stands in
 * `/api/v1/openapi.json`. A route that does not say who may call it makes `listen` reject.
 */
export function openRestApi(server: FastifyInstance, options: RestApiOptions): void {
  const register = async (api: FastifyInstance): Promise<void> => {
    if (options.corsOrigins.length > 0)
      await api.register(cors, {
        origin: [...options.corsOrigins],
        allowedHeaders: ['authorization', 'content-type', 'if-match', 'if-none-match', 'x-api-key'],
        exposedHeaders: ['etag', 'retry-after', 'ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'],
        methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      });
    const describe = createDescribeRoute(REST_PREFIX);
    api.addHook('onRoute', describe.onRoute);
    api.setValidatorCompiler(createValidatorCompiler());
    // The schemas of answers are for readers and the compiler; a schema that drops fields in silence would hide a fault.
    api.setSerializerCompiler(() => (data) => JSON.stringify(data));
    api.removeContentTypeParser('text/plain');
    api.decorateRequest('principal', undefined);
    api.setErrorHandler((error, request, reply) => {
      const problem = toProblem(error);
      if (problem.status >= 500) options.onFault(error, request.routeOptions.url ?? '');
      return sendProblem(reply, problem);
    });
    api.addHook('onRequest', createCheckAccess(options.authenticate));
    api.addHook('onRequest', (request, _reply, done) => {
      const coding = request.headers['content-encoding'] ?? 'identity';
      done(
        coding === 'identity'
          ? undefined
          : new Problem(415, 'The content coding is not supported', { detail: 'Send the body uncompressed.' })
      );
    });
    await api.register(rateLimit, {
      max: options.ratePerMinute,
      timeWindow: MINUTE_MS,
      enableDraftSpec: true,
      keyGenerator: ({ principal, ip }) =>
        principal === undefined || principal.keyId === 'none' ? ip : principal.keyId,
      errorResponseBuilder: (_request, { max }) =>
        new Problem(429, 'Too many requests', {
          detail: `A key may make ${max} requests a minute; wait as long as Retry-After says.`,
        }),
    });
    await api.register(swagger, { openapi: { ...OPENAPI, info: { ...OPENAPI.info, version: options.version } } });
    api.setNotFoundHandler((request, reply) => sendProblem(reply, describe.notFound(request)));
    const typed = api.withTypeProvider<SchemaTypes>();
    options.routes(typed);
    typed.get('/openapi.json', { config: { access: 'public' }, schema: OPENAPI_ROUTE }, () => api.swagger());
  };
  void server.register(register, { prefix: REST_PREFIX });
}

/** Described by hand: a schema of OpenAPI documents would be longer than the API. */
const OPENAPI_ROUTE = {
  summary: 'This document',
  tags: ['api'],
  response: { 200: { description: 'The OpenAPI 3.1 document of the REST API', type: 'object' } },
} as const;
