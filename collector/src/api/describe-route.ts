import type { FastifyRequest, FastifySchema, RouteOptions } from 'fastify';
import { accessOf } from './access.ts';
import { Problem } from './problem.ts';
import { problemSchema } from './problem-schema.ts';

/** What all routes get: who may call in their description, what a failure looks like, a bound on the body. */
export interface DescribeRoute {
  readonly onRoute: (route: RouteOptions) => void;
  /** 404, or 405 with `Allow` when the path is known under another method. */
  readonly notFound: (request: Pick<FastifyRequest, 'url' | 'method'>) => Problem;
}

/** Bodies are settings and questions; a route that takes more says so with its own bodyLimit. */
const MAX_BODY_BYTES = 256 * 1024;

const PROBLEM = {
  description: 'What went wrong',
  content: { 'application/problem+json': { schema: problemSchema } },
};

/** Describes the routes of a server below a prefix, so that no route has to repeat it, and remembers their paths. */
export function createDescribeRoute(prefix: string): DescribeRoute {
  const known: { readonly path: RegExp; readonly methods: readonly string[] }[] = [];
  return {
    onRoute: (route) => {
      const access = accessOf(route);
      const schema: FastifySchema = route.schema ?? {};
      const roles = access === 'public' ? [] : [...new Set([...access, 'admin'])];
      const description = access === 'public' ? 'Needs no key.' : `Needs a key with the role ${roles.join(' or ')}.`;
      route.schema = {
        ...schema,
        description: [schema.description, description].filter((text) => text !== undefined).join(' '),
        security: access === 'public' ? [] : [{ bearer: [] }, { apiKey: [] }],
        response: { ...(schema.response as object | undefined), default: PROBLEM },
      };
      route.bodyLimit ??= MAX_BODY_BYTES;
      known.push({ path: pathOf(route.url), methods: [route.method].flat() });
    },
    notFound: ({ url, method }) => {
      const path = url.split('?', 1)[0]!;
      const allowed = known.filter((route) => route.path.test(path)).flatMap(({ methods }) => methods);
      if (allowed.length === 0)
        return new Problem(404, 'There is no such path', { detail: `${prefix}/openapi.json lists every path.` });
      return new Problem(405, `The path does not take ${method}`, { headers: { allow: allowed.join(', ') } });
    },
  };
}

/** `/a/:id` → a pattern that matches whole paths. */
function pathOf(url: string): RegExp {
  const parts = url
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  return new RegExp(`^${parts.join('/')}$`);
}
