import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { startPoliciesInMemory } from '../policies/testing/start-registry.ts';
import { createPriceBook } from '../price/price-book.ts';
import { loadPriceData } from '../price/load-price-data.ts';
import { noOverrides } from '../price/find-override.ts';
import { registerRoutes, type RoutesDeps } from './routes.ts';
import { startRestApi, type StartedRestApi } from './testing/start-rest-api.ts';

interface Operation {
  readonly summary?: string;
  readonly security: object[];
  readonly responses: Record<string, object>;
}

let api: StartedRestApi;
let paths: Record<string, Record<string, Operation>>;
let document: Record<string, unknown>;
beforeAll(async () => {
  const book = createPriceBook(await loadPriceData());
  api = await startRestApi((rest) => {
    // Registering calls none of the functions.
    registerRoutes(rest, {
      book,
      now: () => 0,
      overrides: { find: noOverrides },
      policies: startPoliciesInMemory(() => 0),
      rescans: {},
    } as unknown as RoutesDeps);
  });
  const response = await api.server.inject('/api/v1/openapi.json');
  expect(response.statusCode).toBe(200);
  document = response.json();
  paths = document['paths'] as typeof paths;
});
afterAll(() => api.server.close());

test('the document is valid OpenAPI 3.1', () => {
  expect(document).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } });
  const program = join(__dirname, '../../test/support/validate-openapi.mjs');
  const { stdout, stderr } = spawnSync(process.execPath, [program], {
    input: JSON.stringify(document),
    encoding: 'utf8',
  });
  expect([stdout, stderr]).toEqual(['{"valid":true}', '']);
});

test('every route stands in the document, with a summary, its access and its failures', () => {
  const registered = api.routes.filter((route) => !route.startsWith('HEAD ')).toSorted();
  const described = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`)
  );
  expect(described.toSorted()).toEqual(registered);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ route: `${method} ${path}`, ...operation }))
  );
  const incomplete = operations.filter(
    ({ summary, security, responses }) =>
      !summary ||
      !Array.isArray(security) ||
      !responses['default'] ||
      !Object.keys(responses).some((status) => /^2\d\d$/.test(status))
  );
  expect(incomplete).toEqual([]);
});

test('only the document itself is public', () => {
  const open = Object.entries(paths).flatMap(([path, methods]) =>
    Object.values(methods).flatMap(({ security }) => (security.length === 0 ? [path] : []))
  );
  expect(open).toEqual(['/api/v1/openapi.json']);
});
