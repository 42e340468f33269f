import type { FastifyReply } from 'fastify';
import { Type } from '@sinclair/typebox';
import { detectors } from '../guard/detectors.ts';
import { contentRules } from '../guard/models/content-rules.ts';
import type { PolicyOutcome } from '../policies/change-policy.ts';
import type { StoredPolicy } from '../policies/stored-policy.ts';
import type { Policies } from '../start-policies.ts';
import { principalOf } from './access.ts';
import { registerGuardCheckRoute } from './guard-check-route.ts';
import { guardPolicyBody } from './guard-policy-schema.ts';
import { pageQuery, pageSchema, readCursor, toPage } from './page.ts';
import { policyProblem } from './policy-problem.ts';
import { Problem } from './problem.ts';
import type { RestApi } from './rest-api.ts';

export interface GuardRoutesDeps {
  readonly policies: Pick<Policies, 'registry' | 'table' | 'change'>;
}

/** Ten thousand allowed values, or a hundred rules with their keywords. */
const MAX_POLICY_BYTES = 1024 * 1024;
const ETAG = /^"(\d{1,15})"$/;

const policyAnswer = Type.Object({
  version: Type.Integer({ description: '0 = the default policy; also the ETag' }),
  policy: guardPolicyBody,
  updated_at: Type.Union([Type.String(), Type.Null()]),
  updated_by: Type.String({ description: 'Id of the key; empty for the default policy' }),
  in_force: Type.String({
    description: 'The version by which this collector checks: an earlier one when this one cannot be used',
  }),
});
const versionAnswer = Type.Object({
  version: Type.Integer(),
  policy: guardPolicyBody,
  updated_at: Type.String(),
  updated_by: Type.String({ description: 'Id of the key that made the change' }),
  changes: Type.Array(
    Type.Object({
      rule: Type.String({ description: 'rules.NAME, custom.NAME or a part such as thresholds' }),
      before: Type.String({ description: 'JSON; empty = absent' }),
      after: Type.String({ description: 'JSON; empty = absent' }),
    })
  ),
});
const ifMatch = Type.Object({
  'if-match': Type.Optional(
    Type.String({ description: 'ETag of the policy that the change was made from, such as "3"' })
  ),
});

function timeOf(policy: StoredPolicy): string {
  return new Date(policy.updatedAtMs).toISOString();
}

function expectedVersion(header: string | undefined): number {
  if (header === undefined)
    throw new Problem(428, 'If-Match is needed', {
      detail: 'Read the policy first and send its ETag as If-Match, so that no change of somebody else is lost.',
    });
  const version = ETAG.exec(header)?.[1];
  if (version === undefined)
    throw new Problem(400, 'If-Match is not an ETag of ours', { detail: 'It is a version in quotes, such as "3".' });
  return Number(version);
}

/** Policies of the guard: what is looked for in a workspace and what is done about it. Readers read, admins write. */
export function registerGuardRoutes(api: RestApi, { policies }: GuardRoutesDeps): void {
  const { registry, table } = policies;

  const answer = (reply: FastifyReply, policy: StoredPolicy) => {
    void reply.header('etag', `"${policy.version}"`);
    return {
      version: policy.version,
      policy: policy.data,
      updated_at: policy.version === 0 ? null : timeOf(policy),
      updated_by: policy.updatedBy,
      in_force: registry.inForce(policy.workspace).version,
    };
  };
  /** The store keeps the policies: without it none can be changed and no history read. */
  const ask = async <T>(question: Promise<T>): Promise<T> =>
    question.catch((error: unknown) => {
      if (error instanceof Problem) throw error;
      throw new Problem(503, 'The store does not answer', {
        detail: 'Try again later; after a change, read the policy first to see whether it was stored.',
        headers: { 'retry-after': '5' },
      });
    });
  const settle = (reply: FastifyReply, outcome: PolicyOutcome) => {
    if (outcome.kind === 'invalid') throw policyProblem(outcome.faults);
    if (outcome.kind === 'conflict')
      throw new Problem(412, 'The policy was changed by somebody else', {
        detail: `Version ${outcome.policy.version} holds now: read it, make the change again and send its ETag.`,
        headers: { etag: `"${outcome.policy.version}"` },
      });
    return answer(reply, outcome.policy);
  };

  api.get(
    '/guard/policy',
    {
      config: { access: ['read'] },
      schema: { summary: 'The guard policy of the workspace', tags: ['guard'], response: { 200: policyAnswer } },
    },
    (request, reply) => answer(reply, registry.stored(principalOf(request).workspace))
  );
  api.put(
    '/guard/policy',
    {
      config: { access: ['admin'] },
      bodyLimit: MAX_POLICY_BYTES,
      schema: {
        summary: 'Stores the whole policy as its next version; in force here at once, everywhere within 10 s',
        tags: ['guard'],
        headers: ifMatch,
        body: guardPolicyBody,
        response: { 200: policyAnswer },
      },
      // The policy's own reader finds every fault; the schema is for people and tools.
      validatorCompiler: () => () => true,
    },
    async (request, reply) => {
      const { workspace, keyId } = principalOf(request);
      const expected = expectedVersion(request.headers['if-match']);
      const data: unknown = request.body;
      if (typeof data !== 'object' || data === null || Array.isArray(data))
        throw policyProblem(['policy: must be an object']);
      if ('version' in data) throw policyProblem(['version: is counted by the collector, leave it out']);
      return settle(reply, await ask(policies.change({ workspace, expected, data: { ...data }, by: keyId })));
    }
  );
  api.delete(
    '/guard/policy',
    {
      config: { access: ['admin'] },
      schema: {
        summary: 'Back to the default policy, as the next version',
        tags: ['guard'],
        headers: ifMatch,
        response: { 200: policyAnswer },
      },
    },
    async (request, reply) => {
      const { workspace, keyId } = principalOf(request);
      const expected = expectedVersion(request.headers['if-match']);
      return settle(reply, await ask(policies.change({ workspace, expected, data: {}, by: keyId })));
    }
  );
  api.get(
    '/guard/policy/versions',
    {
      config: { access: ['read'] },
      schema: {
        summary: 'Who changed which rule and when, newest first',
        tags: ['guard'],
        querystring: Type.Object(pageQuery),
        response: { 200: pageSchema(versionAnswer) },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const before = Number(readCursor(cursor)?.timestamp ?? Number.MAX_SAFE_INTEGER);
      const rows = await ask(table.readVersions(principalOf(request).workspace, before, limit + 1));
      const page = toPage(rows, limit, ({ version }) => ({ timestamp: String(version), id: '' }));
      return {
        items: page.items.map((each) => ({
          version: each.version,
          policy: each.data,
          updated_at: timeOf(each),
          updated_by: each.updatedBy,
          changes: each.changes.map((change) => ({ ...change })),
        })),
        next_cursor: page.next_cursor,
      };
    }
  );
  api.get(
    '/guard/rules',
    {
      config: { access: ['read'] },
      schema: {
        summary: 'The rules there are, built in and of the workspace, and what each does now',
        tags: ['guard'],
        response: {
          200: Type.Object({
            rules: Type.Array(
              Type.Object({
                rule: Type.String(),
                category: Type.String(),
                severity: Type.String(),
                action: Type.String({ description: 'none = off' }),
                built_in: Type.Boolean(),
              })
            ),
          }),
        },
      },
    },
    (request) => {
      const policy = registry.inForce(principalOf(request).workspace);
      const builtIn = new Set(detectors.map(({ rule }) => rule));
      const models = Object.values(policy.contentRules ?? contentRules);
      const describe = (on: boolean) => (each: (typeof models)[number]) => ({
        rule: each.rule,
        category: each.category,
        severity: each.severity,
        action: on ? (policy.actions.get(each.rule) ?? each.action) : 'none',
        built_in: builtIn.has(each.rule) || models.includes(each),
      });
      return {
        rules: [...policy.detectors.map(describe(true)), ...models.map(describe(policy.content !== undefined))],
      };
    }
  );
  registerGuardCheckRoute(api, registry);
}
