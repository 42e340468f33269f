import { Type } from '@sinclair/typebox';
import { choice } from './choice.ts';
import type { RestApi } from './rest-api.ts';
import { startRestApi, type StartedRestApi } from './testing/start-rest-api.ts';

let api: StartedRestApi;
afterEach(() => api.server.close());

const PROBLEM_TYPE = 'application/problem+json';

function routes(rest: RestApi): void {
  rest.post(
    '/things/:id',
    {
      config: { access: ['admin'] },
      schema: {
        params: Type.Object({ id: Type.Integer() }),
        body: Type.Object(
          {
            name: Type.String({ minLength: 1 }),
            kind: choice(['a', 'b']),
            price: Type.String({ pattern: '^\\d+$', description: 'a whole number' }),
            nested: Type.Object({ count: Type.Integer() }, { additionalProperties: false }),
          },
          { additionalProperties: false }
        ),
      },
    },
    ({ params, body, principal }) => ({ id: params.id, name: body.name, workspace: principal?.workspace })
  );
  rest.get(
    '/things',
    { config: { access: ['read'] }, schema: { querystring: Type.Object({ limit: Type.Integer({ default: 7 }) }) } },
    ({ query }) => ({ limit: query.limit })
  );
  rest.get('/broken', { config: { access: 'public' } }, () => {
    throw new Error('a prompt');
  });
}

async function ask(
  method: 'GET' | 'POST' | 'DELETE' | 'OPTIONS',
  url: string,
  { key, body, headers = {} }: { key?: string; body?: unknown; headers?: Record<string, string> } = {}
): Promise<[status: number, type: string, body: unknown]> {
  const response = await api.server.inject({
    method,
    url: `/api/v1${url}`,
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const type = String(response.headers['content-type']);
  return [response.statusCode, type, type.includes('json') ? response.json() : response.body];
}

const problem = (status: number, title: string, more: object = {}): unknown[] => [
  status,
  PROBLEM_TYPE,
  { type: 'about:blank', title, status, ...more },
];

const GOOD = { name: 'x', kind: 'a', price: '3', nested: { count: 1 } };

describe('the REST frame', () => {
  test('passes what its schema allows and gives the workspace of the key', async () => {
    api = await startRestApi(routes);
    expect(await ask('POST', '/things/12', { key: 'admin', body: GOOD })).toEqual([
      200,
      'application/json; charset=utf-8',
      { id: 12, name: 'x', workspace: 'shop' },
    ]);
    expect(await ask('GET', '/things?limit=3', { key: 'read' })).toEqual([
      200,
      'application/json; charset=utf-8',
      { limit: 3 },
    ]);
    expect((await ask('GET', '/things', { key: 'admin' }))[2]).toEqual({ limit: 7 });
  });

  test('lists every fault of a body without repeating its values', async () => {
    api = await startRestApi(routes);
    const body = { name: '', kind: 'secret', price: 'secret', nested: { count: '1', more: 1 }, other: 'secret' };
    const answer = await ask('POST', '/things/12', { key: 'admin', body });
    expect(answer).toEqual(
      problem(400, 'The request is not as the API describes it', {
        detail: 'The errors say what is wrong with each field; /api/v1/openapi.json describes them.',
        errors: expect.any(Array) as unknown,
      })
    );
    const { errors } = answer[2] as { errors: { field: string; message: string }[] };
    expect(errors.toSorted((a, b) => a.field.localeCompare(b.field))).toEqual([
      { field: 'kind', message: 'must be one of a, b' },
      { field: 'name', message: 'must NOT have fewer than 1 characters' },
      { field: 'nested.count', message: 'must be integer' },
      { field: 'nested.more', message: 'is not known' },
      { field: 'other', message: 'is not known' },
      { field: 'price', message: 'must be written as described: a whole number' },
    ]);
  });

  test.each([
    ['not JSON', '{"secret', 'The body is not JSON'],
    ['empty', '', 'The body is empty'],
  ])('a body that is %s: 400', async (_name, body, title) => {
    api = await startRestApi(routes);
    const [status, type, answer] = await ask('POST', '/things/12', { key: 'admin', body });
    expect([status, type, answer]).toEqual([400, PROBLEM_TYPE, expect.objectContaining({ title })]);
  });

  test('a body that is too large: 413; of another type or compressed: 415', async () => {
    api = await startRestApi(routes);
    const send = (headers: Record<string, string>, body: string): Promise<unknown[]> =>
      ask('POST', '/things/12', { key: 'admin', headers, body });
    expect(await send({}, `"${'x'.repeat(300_000)}"`)).toEqual(
      problem(413, 'The body is too large', { detail: 'Send less at a time.' })
    );
    for (const type of ['text/plain', 'application/x-www-form-urlencoded'])
      expect(await send({ 'content-type': type }, 'a=b')).toEqual(
        problem(415, 'The media type is not supported', { detail: 'Set Content-Type: application/json.' })
      );
    expect(await send({ 'content-encoding': 'gzip' }, '{}')).toEqual(
      problem(415, 'The content coding is not supported', { detail: 'Send the body uncompressed.' })
    );
  });

  test('refuses a missing or wrong key with 401 and another role with 403', async () => {
    api = await startRestApi(routes);
    const detail = 'Send a key with the role admin as Authorization: Bearer KEY.';
    expect(await ask('POST', '/things/1', { body: '{broken' })).toEqual(problem(401, 'A key is needed', { detail }));
    expect(await ask('POST', '/things/1', { key: 'nobody', body: GOOD })).toEqual(
      problem(401, 'The key is not valid', { detail })
    );
    expect(await ask('POST', '/things/1', { key: 'read', body: GOOD })).toEqual(
      problem(403, 'The key may not do this', { detail: 'It needs a key with the role admin.' })
    );
    expect(await ask('GET', '/things', { key: 'ingest' })).toEqual(
      problem(403, 'The key may not do this', { detail: 'It needs a key with the role read or admin.' })
    );
  });

  test('an unknown path is 404, another method 405 with Allow', async () => {
    api = await startRestApi(routes);
    expect(await ask('GET', '/nothing')).toEqual(
      problem(404, 'There is no such path', { detail: '/api/v1/openapi.json lists every path.' })
    );
    expect(await ask('DELETE', '/things/1?a=b')).toEqual(problem(405, 'The path does not take DELETE'));
    const { headers } = await api.server.inject({ method: 'DELETE', url: '/api/v1/things' });
    expect(headers['allow']).toBe('GET, HEAD');
  });

  test('a fault of ours is 500 without its words, and is told to the log', async () => {
    api = await startRestApi(routes);
    expect(await ask('GET', '/broken')).toEqual(problem(500, 'Internal error'));
    expect(api.faults).toEqual([new Error('a prompt')]);
  });

  test('each key has its own share of requests', async () => {
    api = await startRestApi(routes, { ratePerMinute: 2 });
    const statuses = [];
    for (const key of ['read', 'read', 'read', 'admin']) statuses.push((await ask('GET', '/things', { key }))[0]);
    expect(statuses).toEqual([200, 200, 429, 200]);
    expect(await ask('GET', '/things', { key: 'read' })).toEqual(
      problem(429, 'Too many requests', {
        detail: 'A key may make 2 requests a minute; wait as long as Retry-After says.',
      })
    );
    const refused = await api.server.inject({ url: '/api/v1/things', headers: { 'x-api-key': 'read' } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  });

  test('answers no other origin unless it is named', async () => {
    const preflight = { origin: 'https://a.example', 'access-control-request-method': 'GET' };
    api = await startRestApi(routes);
    const closed = await api.server.inject({ method: 'OPTIONS', url: '/api/v1/things', headers: preflight });
    expect([closed.statusCode, closed.headers['access-control-allow-origin']]).toEqual([405, undefined]);
    await api.server.close();
    api = await startRestApi(routes, { corsOrigins: ['https://a.example'] });
    const open = await api.server.inject({ method: 'OPTIONS', url: '/api/v1/things', headers: preflight });
    expect([open.statusCode, open.headers['access-control-allow-origin']]).toEqual([204, 'https://a.example']);
    const refused = await api.server.inject({ url: '/api/v1/things', headers: { origin: 'https://a.example' } });
    expect([refused.statusCode, refused.headers['access-control-allow-origin']]).toEqual([401, 'https://a.example']);
    const other = await api.server.inject({ url: '/api/v1/openapi.json', headers: { origin: 'https://b.example' } });
    expect(other.headers['access-control-allow-origin']).not.toBe('https://b.example');
  });

  test('a route that does not say who may call it stops the start', async () => {
    const start = startRestApi((rest) => void rest.get('/open', () => ({})));
    await expect(start).rejects.toThrow('the route /api/v1/open does not say who may call it');
  });
});
