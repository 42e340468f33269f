import { Type } from '@sinclair/typebox';
import type { MatchModel } from '../price/match-model.ts';
import type { PriceBook } from '../price/price-book.ts';
import { createPriceGroup } from '../price/price-group.ts';
import type { PriceOverride } from '../price/price-override.ts';
import { readOverride } from '../price/read-override.ts';
import { diffPrices, TooManyGroups } from '../reprice/diff-prices.ts';
import type { Reprice } from '../reprice/reprice.ts';
import type { KeptOverrides } from '../store/keep-overrides.ts';
import type { ReadStore } from '../store/read-store.ts';
import { principalOf } from './access.ts';
import { overrideBody } from './override-schema.ts';
import { pageOfList, pageQuery, pageSchema } from './page.ts';
import { Problem } from './problem.ts';
import type { RestApi } from './rest-api.ts';
import { runAnswer, showRun } from './run-schema.ts';
import { readScope, scopeFields } from './scope-schema.ts';
import { storeAnswer } from './store-answer.ts';

export interface RepriceRoutesDeps {
  readonly book: PriceBook;
  /** With the names that the configuration gives to deployments; unset = without. */
  readonly match?: MatchModel | undefined;
  readonly overrides: Pick<KeptOverrides, 'list'>;
  readonly reprice: Pick<Reprice, 'start' | 'list'>;
  readonly query: ReadStore['query'];
}

const TAGS = ['prices'];
const money = Type.String({ description: 'US dollars, decimal text' });

const diffAnswer = Type.Object({
  cost_usd: money,
  new_cost_usd: money,
  difference_usd: money,
  calls: Type.Integer(),
  changed_calls: Type.Integer({ description: 'Calls that would have another price entry' }),
  estimate: Type.Boolean({
    description: 'Rounding, fees, long contexts, regions or machine time of single calls may differ',
  }),
  lines: Type.Array(
    Type.Object({
      day: Type.String(),
      provider: Type.String(),
      model: Type.String(),
      department: Type.String(),
      calls: Type.Integer(),
      cost_usd: money,
      new_cost_usd: money,
      difference_usd: money,
      price_ids: Type.Array(Type.String()),
      new_price_ids: Type.Array(Type.String()),
      estimate: Type.Boolean(),
    })
  ),
});

/** `/prices/diff` shows what a change of prices would do to stored calls, `/prices/reprice` does it. */
export function registerRepriceRoutes(
  api: RestApi,
  { book, match, overrides, reprice, query }: RepriceRoutesDeps
): void {
  api.post(
    '/prices/diff',
    {
      config: { access: ['read'] },
      schema: {
        summary: 'What re-pricing a period would change, by day, model and team; writes nothing',
        tags: TAGS,
        body: Type.Object(
          {
            ...scopeFields,
            override: Type.Optional(
              Type.Object(
                { id: Type.String(), ...overrideBody.properties },
                {
                  description:
                    'A price that is not set yet, as PUT /api/v1/prices/overrides/{id} takes it; unset = as prices are now',
                }
              )
            ),
          },
          { additionalProperties: false }
        ),
        response: { 200: diffAnswer },
      },
      // readOverride finds the faults of form and of sense together.
      attachValidation: true,
    },
    async (request) => {
      const { workspace } = principalOf(request);
      const proposed = hasOverride(request.body) ? proposal(workspace, request.body.override) : undefined;
      if (request.validationError !== undefined) throw request.validationError;
      const scope = readScope(workspace, request.body);
      const held = overrides.list(workspace);
      const inForce = proposed === undefined ? held : [...held.filter((each) => !replaces(proposed, each)), proposed];
      const diff = await storeAnswer(tooLarge(diffPrices(query, createPriceGroup(book, inForce, match), scope)));
      const lines = diff.lines.map((line) => ({
        ...line,
        price_ids: [...line.price_ids],
        new_price_ids: [...line.new_price_ids],
      }));
      return { ...diff, lines };
    }
  );
  api.post(
    '/prices/reprice',
    {
      config: { access: ['admin'] },
      schema: {
        summary: 'Re-prices the stored calls of a period by the prices in force; runs in the background',
        description: 'Calls whose price stays the same are not touched. A run that is cut off goes on by itself.',
        tags: TAGS,
        body: Type.Object(scopeFields, { additionalProperties: false }),
        response: { 200: runAnswer },
      },
    },
    async (request) => {
      const { workspace, keyId } = principalOf(request);
      const run = await storeAnswer(reprice.start(readScope(workspace, request.body), keyId));
      if (run === 'busy')
        throw new Problem(409, 'Spans are being re-priced already', {
          detail: 'GET /api/v1/prices/reprice shows how far the run is; start again when it is done.',
        });
      return showRun(run);
    }
  );
  api.get(
    '/prices/reprice',
    {
      config: { access: ['read'] },
      schema: {
        summary: 'The runs of re-pricing, newest first',
        tags: TAGS,
        querystring: Type.Object(pageQuery),
        response: { 200: pageSchema(runAnswer) },
      },
    },
    async (request) => {
      const runs = await storeAnswer(reprice.list(principalOf(request).workspace));
      const page = pageOfList(runs, request.query, ({ startedAtMs, id }) => ({ timestamp: String(startedAtMs), id }));
      return { ...page, items: page.items.map(showRun) };
    }
  );
}

function tooLarge<T>(diff: Promise<T>): Promise<T> {
  return diff.catch((error: unknown) => {
    if (!(error instanceof TooManyGroups)) throw error;
    throw new Problem(400, 'The period holds too many groups for one answer', {
      errors: [{ field: 'to', message: 'name a shorter period, a provider or a model' }],
    });
  });
}

function hasOverride(body: unknown): body is { readonly override: { readonly id?: unknown } } {
  const { override } = (body ?? {}) as { readonly override?: unknown };
  return typeof override === 'object' && override !== null;
}

function proposal(workspace: string, body: { readonly id?: unknown }): PriceOverride {
  const read = readOverride(body.id, body);
  if (!read.ok) {
    const errors = read.errors.map(({ field, message }) => ({
      field: field === '' ? 'override' : `override.${field}`,
      message,
    }));
    throw new Problem(400, 'The price cannot be set as it is written', { errors });
  }
  const kept = { version: 'proposed', source: 'override' as const, updatedBy: '', updatedAtMs: 0 };
  return { ...read.draft, ...kept, workspace };
}

function replaces(proposed: PriceOverride, other: PriceOverride): boolean {
  return proposed.id === other.id && proposed.workspace === other.workspace;
}
