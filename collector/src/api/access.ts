import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { Authenticate } from '../receive/keys/authenticate.ts';
import type { KeyRole } from '../receive/keys/key-format.ts';
import type { Principal } from '../receive/keys/key-store.ts';
import { Problem } from './problem.ts';
import { sendProblem } from './send-problem.ts';

/** Who may call a route: a key of one of these roles (admin always may), or everybody for `public`. */
export type RouteAccess = 'public' | readonly KeyRole[];

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route of the REST API must say it, or the process does not start. */
    readonly access?: RouteAccess;
  }
  interface FastifyRequest {
    /** Whose key it is; undefined on public routes and before authentication. The workspace comes from here only. */
    principal: Principal | undefined;
  }
}

/** What a route says about access. Throws for a route that says nothing: such a fault shows at start, not in production. */
export function accessOf({ config, url }: Pick<RouteOptions, 'config' | 'url'>): RouteAccess {
  const access = config?.access;
  if (access === undefined) throw new Error(`the route ${url} does not say who may call it: config.access`);
  return access;
}

/** The principal of a route that is not public. */
export function principalOf({ principal }: Pick<FastifyRequest, 'principal'>): Principal {
  if (principal === undefined) throw new Error('a public route has no principal');
  return principal;
}

/** Makes the hook that lets a request pass or answers 401 or 403, before its body is read. */
export function createCheckAccess(
  authenticate: Authenticate
): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  return async (request, reply) => {
    const access = request.is404 ? 'public' : accessOf({ config: request.routeOptions.config, url: request.url });
    if (access === 'public') return;
    const headers = {
      authorization: request.headers.authorization,
      'x-api-key': [request.headers['x-api-key']].flat()[0],
    };
    const answers = access.map((role) => authenticate(headers, role));
    request.principal = answers.find((answer) => typeof answer === 'object');
    if (request.principal !== undefined) return;
    await sendProblem(reply, refusal(answers, access));
  };
}

function refusal(answers: readonly unknown[], access: readonly KeyRole[]): Problem {
  const roles = [...new Set([...access, 'admin'])].join(' or ');
  if (answers.includes('forbidden'))
    return new Problem(403, 'The key may not do this', { detail: `It needs a key with the role ${roles}.` });
  return new Problem(401, answers.includes('invalid') ? 'The key is not valid' : 'A key is needed', {
    detail: `Send a key with the role ${roles} as Authorization: Bearer KEY.`,
    headers: { 'www-authenticate': 'Bearer' },
  });
}
