import { Type } from '@sinclair/typebox';
import type { FastifyReply } from 'fastify';
import { Value } from '@sinclair/typebox/value';
import { overridePriceId } from '../price/price-override.ts';
import type { PriceOverride } from '../price/price-override.ts';
import { readOverride } from '../price/read-override.ts';
import type { Reprice } from '../reprice/reprice.ts';
import type { RepriceScope } from '../reprice/reprice-scope.ts';
import { MAX_OVERRIDES } from '../store/keep-overrides.ts';
import type { KeptOverrides, OverrideRefusal } from '../store/keep-overrides.ts';
import { principalOf } from './access.ts';
import { overrideAnswer, overrideBody, showOverride } from './override-schema.ts';
import { pageOfList, pageQuery, pageSchema } from './page.ts';
import { Problem } from './problem.ts';
import type { RestApi } from './rest-api.ts';
import { runAnswer, showRun } from './run-schema.ts';
import { readScope, scopeFields, scopeSchema } from './scope-schema.ts';
import { storeAnswer } from './store-answer.ts';

export interface OverrideRoutesDeps {
  readonly overrides: Pick<KeptOverrides, 'list' | 'set' | 'withdraw'>;
  readonly reprice: Pick<Reprice, 'start'>;
}

const TAGS = ['prices'];
const params = Type.Object({ id: Type.String() });
const ETAG = /^"([0-9A-Za-z]{1,32})"$/;
const conditions = Type.Object({
  'if-match': Type.Optional(
    Type.String({ description: 'ETag of the price that the change was made from; unset = any' })
  ),
});
const setConditions = Type.Object({
  ...conditions.properties,
  'if-none-match': Type.Optional(Type.String({ description: '* = only when there is no such price yet' })),
});

/** `/prices/overrides`: the organisation's own prices and discounts. A change is durable and in force when it is answered. */
export function registerOverrideRoutes(api: RestApi, { overrides, reprice }: OverrideRoutesDeps): void {
  const answer = (reply: FastifyReply, price: PriceOverride) => {
    void reply.header('etag', `"${price.version}"`);
    return showOverride(price, overridePriceId(price));
  };
  api.get(
    '/prices/overrides',
    {
      config: { access: ['read'] },
      schema: {
        summary: 'Own prices and discounts in force, by id',
        tags: TAGS,
        querystring: Type.Object(pageQuery),
        response: { 200: pageSchema(overrideAnswer) },
      },
    },
    (request) => {
      const held = overrides.list(principalOf(request).workspace);
      // By id alone: a price that is changed while somebody pages must not move to a page already read.
      const page = pageOfList(held, request.query, ({ workspace, id }) => ({
        timestamp: '0',
        id: `${id}\n${workspace}`,
      }));
      return { ...page, items: page.items.map((each) => showOverride(each, overridePriceId(each))) };
    }
  );
  api.get(
    '/prices/overrides/:id',
    {
      config: { access: ['read'] },
      schema: { summary: 'An own price or discount', tags: TAGS, params, response: { 200: overrideAnswer } },
    },
    (request, reply) => {
      const { workspace } = principalOf(request);
      const held = overrides.list(workspace).filter(({ id }) => id === request.params.id);
      const price = held.find((each) => each.workspace === workspace) ?? held[0];
      if (price === undefined) throw refused('unknown');
      return answer(reply, price);
    }
  );
  api.put(
    '/prices/overrides/:id',
    {
      config: { access: ['admin'] },
      schema: {
        summary: 'Sets an own price or discount, or replaces it',
        description: 'It holds for spans that come in from now on; stored spans change by POST /api/v1/prices/reprice.',
        tags: TAGS,
        params,
        headers: setConditions,
        body: Type.Object({
          ...overrideBody.properties,
          reprice: Type.Optional(
            Type.Object(scopeFields, { description: 'Re-prices the stored calls of this period once the price is set' })
          ),
        }),
        response: {
          200: Type.Object({
            ...overrideAnswer.properties,
            reprice: Type.Union([runAnswer, Type.Null()], {
              description: 'The run that was asked for; null when none was, or when another is going on',
            }),
          }),
        },
      },
      // readOverride finds the faults of form and of sense together.
      validatorCompiler: () => () => true,
    },
    async (request, reply) => {
      const { workspace, keyId } = principalOf(request);
      const ifVersion = versionOf(request.headers);
      const read = readOverride(request.params.id, request.body);
      if (!read.ok) throw new Problem(400, 'The price cannot be set as it is written', { errors: read.errors });
      const scope = scopeOf(workspace, request.body);
      const set = await storeAnswer(overrides.set(workspace, read.draft, keyId, ifVersion));
      if (typeof set === 'string') throw refused(set);
      const run = scope && (await storeAnswer(reprice.start(scope, keyId)));
      const shown = run === undefined || run === 'busy' ? null : showRun(run);
      return { ...answer(reply, set), reprice: shown };
    }
  );
  api.delete(
    '/prices/overrides/:id',
    {
      config: { access: ['admin'] },
      schema: {
        summary: 'Withdraws an own price or discount',
        tags: TAGS,
        params,
        headers: conditions,
        response: { 200: Type.Object({ withdrawn: Type.String() }) },
      },
    },
    async (request) => {
      const { id } = request.params;
      const refusal = await storeAnswer(
        overrides.withdraw(principalOf(request).workspace, id, versionOf(request.headers))
      );
      if (refusal !== undefined) throw refused(refusal);
      return { withdrawn: id };
    }
  );
}

/** The period to re-price, if one is asked for. The price is not set when it is none. */
function scopeOf(workspace: string, body: unknown): RepriceScope | undefined {
  const { reprice } = body as { readonly reprice?: unknown };
  if (reprice === undefined) return undefined;
  if (!Value.Check(scopeSchema, reprice))
    throw new Problem(400, 'The period is not one', {
      errors: [{ field: 'reprice', message: 'must hold from and to, UTC days' }],
    });
  return readScope(workspace, reprice);
}

/** The version that a change is to be made from, '' = none; undefined = whatever holds. */
function versionOf(headers: {
  readonly 'if-match'?: string | undefined;
  readonly 'if-none-match'?: string | undefined;
}): string | undefined {
  if (headers['if-none-match'] === '*') return '';
  const match = headers['if-match'];
  if (match === undefined) return undefined;
  const version = ETAG.exec(match)?.[1];
  if (version === undefined)
    throw new Problem(400, 'If-Match is not an ETag of ours', {
      detail: 'It is the ETag of GET /api/v1/prices/overrides/{id}, in its quotes.',
    });
  return version;
}

function refused(refusal: OverrideRefusal): Problem {
  switch (refusal) {
    case 'provisioned':
      return new Problem(409, 'The price comes from the file SPANLEDGER_PRICES', { detail: 'Change it in the file.' });
    case 'full':
      return new Problem(409, `There are ${MAX_OVERRIDES} prices already`, { detail: 'Withdraw some first.' });
    case 'changed':
      return new Problem(412, 'The price was changed by somebody else', {
        detail: 'Read it again, make the change from what holds now and send its ETag.',
      });
    case 'unknown':
      return new Problem(404, 'There is no such price', { detail: 'GET /api/v1/prices/overrides lists them.' });
  }
}
