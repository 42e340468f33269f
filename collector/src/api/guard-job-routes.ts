import { Type } from '@sinclair/typebox';
import type { DryRun } from '../policies/dry-run.ts';
import type { RescanJob } from '../policies/rescan-jobs.ts';
import type { StoredPeriod } from '../policies/read-stored.ts';
import type { Policies } from '../start-policies.ts';
import type { Rescans } from '../start-rescans.ts';
import { principalOf } from './access.ts';
import { guardPolicyBody } from './guard-policy-schema.ts';
import { pageOfList, pageQuery, pageSchema } from './page.ts';
import { policyProblem } from './policy-problem.ts';
import { Problem } from './problem.ts';
import type { RestApi } from './rest-api.ts';

export interface GuardJobRoutesDeps {
  readonly policies: Pick<Policies, 'registry'>;
  readonly rescans: Rescans;
}

const MAX_POLICY_BYTES = 1024 * 1024;
const MAX_SPANS = 5_000;
const DEFAULT_SPANS = 1_000;
const NS_PER_MS = 1_000_000n;

const period = {
  from: Type.String({ format: 'date-time', description: 'First start of a span, RFC 3339' }),
  to: Type.String({ format: 'date-time', description: 'Starts before this time, RFC 3339' }),
};
const jobAnswer = Type.Object({
  id: Type.String(),
  state: Type.String({ description: 'waiting, running, done or cancelled' }),
  trouble: Type.String({ description: 'What keeps it from going on; it is tried again. Empty when nothing does' }),
  from: Type.String(),
  to: Type.String(),
  policy_version: Type.String(),
  requested_by: Type.String({ description: 'Id of the key' }),
  spans: Type.Integer({ description: 'Looked at' }),
  changed_spans: Type.Integer(),
  findings: Type.Integer({ description: 'New ones, and those with another action' }),
  unchecked_spans: Type.Integer({ description: 'Could not be checked; left as they were' }),
  created_at: Type.String(),
  updated_at: Type.String(),
});
const dryRunAnswer = Type.Object({
  policy_version: Type.String(),
  spans: Type.Integer({ description: 'Looked at' }),
  changed_spans: Type.Integer({ description: 'Spans that a re-scan would change' }),
  unchecked_spans: Type.Integer({ description: 'Could not be checked: at ingest their content would be withheld' }),
  next_from: Type.Union([Type.String(), Type.Null()], {
    description: 'Where it stopped by its limits; null = the whole period was looked at',
  }),
  rules: Type.Array(
    Type.Object({
      rule: Type.String(),
      category: Type.String(),
      severity: Type.String(),
      action: Type.String(),
      findings: Type.Integer(),
      new_findings: Type.Integer({ description: 'Not stored yet, or with another action' }),
      spans: Type.Integer(),
      samples: Type.Array(
        Type.Object({
          trace_id: Type.String(),
          span_id: Type.String(),
          location: Type.String(),
          masked_sample: Type.String({ description: 'Never the value' }),
        })
      ),
    })
  ),
});

const toIso = (ms: number): string => new Date(ms).toISOString();
const nsToIso = (ns: string): string => toIso(Number(BigInt(ns) / NS_PER_MS));

function readPeriod(workspace: string, { from, to }: { readonly from: string; readonly to: string }): StoredPeriod {
  const fromNs = BigInt(Date.parse(from)) * NS_PER_MS;
  const toNs = BigInt(Date.parse(to)) * NS_PER_MS;
  if (fromNs >= toNs)
    throw new Problem(400, 'The period is empty', { errors: [{ field: 'to', message: 'must be later than from' }] });
  return { workspace, fromNs, toNs };
}

function describeJob(job: RescanJob) {
  return {
    id: job.id,
    state: job.state,
    trouble: job.trouble,
    from: nsToIso(job.fromNs),
    to: nsToIso(job.toNs),
    policy_version: job.policyVersion,
    requested_by: job.by,
    spans: job.spans,
    changed_spans: job.changedSpans,
    findings: job.findings,
    unchecked_spans: job.uncheckedSpans,
    created_at: toIso(job.createdAtMs),
    updated_at: toIso(job.updatedAtMs),
  };
}

function describeDryRun(run: DryRun, policyVersion: string) {
  return {
    policy_version: policyVersion,
    spans: run.spans,
    changed_spans: run.changedSpans,
    unchecked_spans: run.uncheckedSpans,
    next_from: run.nextNs === undefined ? null : nsToIso(run.nextNs),
    rules: run.rules.map(({ newFindings, samples, ...rule }) => ({
      ...rule,
      new_findings: newFindings,
      samples: samples.map(({ traceId, spanId, location, maskedSample }) => ({
        trace_id: traceId,
        span_id: spanId,
        location,
        masked_sample: maskedSample,
      })),
    })),
  };
}

const NO_JOB = new Problem(404, 'There is no such job', {
  detail: 'Jobs are known to the collector that runs them; GET /api/v1/guard/rescans lists those of this one.',
});

/** What a policy says about what is stored: dry runs before it goes live, re-scans that amend. */
export function registerGuardJobRoutes(api: RestApi, { policies: { registry }, rescans }: GuardJobRoutesDeps): void {
  let dryRuns = 0;

  api.post(
    '/guard/dry-run',
    {
      config: { access: ['admin'] },
      bodyLimit: MAX_POLICY_BYTES,
      schema: {
        summary:
          'What a policy would find in what is stored of a period: counts and masked samples, nothing is changed',
        description:
          'Looks at a bounded number of spans for at most ten seconds; content is stored as redacted before.',
        tags: ['guard'],
        body: Type.Object({
          ...period,
          max_spans: Type.Integer({ minimum: 1, maximum: MAX_SPANS, default: DEFAULT_SPANS }),
          policy: Type.Optional(Type.Intersect([guardPolicyBody], { description: 'Unset = the policy in force' })),
        }),
        response: { 200: dryRunAnswer },
      },
    },
    async (request) => {
      const { workspace } = principalOf(request);
      const { policy: data, max_spans: maxSpans } = request.body;
      const compiled =
        data === undefined
          ? { policy: registry.inForce(workspace) }
          : registry.compile({ ...data }, registry.stored(workspace).version + 1);
      if ('faults' in compiled) throw policyProblem(compiled.faults);
      const asked = readPeriod(workspace, request.body);
      // It competes with ingest for the same cores.
      if (dryRuns > 0) throw new Problem(429, 'Another dry run is under way', { headers: { 'retry-after': '10' } });
      dryRuns += 1;
      try {
        const run = await rescans.dryRun(compiled.policy, asked, maxSpans);
        return describeDryRun(run, data === undefined ? compiled.policy.version : 'draft');
      } finally {
        dryRuns -= 1;
      }
    }
  );
  api.post(
    '/guard/rescans',
    {
      config: { access: ['admin'] },
      schema: {
        summary: 'Checks what is stored of a period by the policy in force and amends it, as a job',
        description: 'What is redacted is removed for good. Asking twice changes nothing twice.',
        tags: ['guard'],
        body: Type.Object(period, { additionalProperties: false }),
        response: { 202: jobAnswer },
      },
    },
    async (request, reply) => {
      const { workspace, keyId } = principalOf(request);
      const { fromNs, toNs } = readPeriod(workspace, request.body);
      if (!registry.isUsable(workspace))
        throw new Problem(409, 'The latest policy of the workspace cannot be used', {
          detail: 'Store one that can be used first.',
        });
      const job = await rescans.jobs.add({ workspace, by: keyId, fromNs, toNs });
      if (job === undefined) throw new Problem(429, 'Too many re-scans wait', { headers: { 'retry-after': '60' } });
      return reply.code(202).send(describeJob(job));
    }
  );
  api.get(
    '/guard/rescans',
    {
      config: { access: ['read'] },
      schema: {
        summary: 'The re-scans of this collector, newest first',
        tags: ['guard'],
        querystring: Type.Object(pageQuery),
        response: { 200: pageSchema(jobAnswer) },
      },
    },
    (request) => {
      const jobs = rescans.jobs.list(principalOf(request).workspace);
      const page = pageOfList(jobs, request.query, ({ createdAtMs, id }) => ({ timestamp: String(createdAtMs), id }));
      return { ...page, items: page.items.map(describeJob) };
    }
  );
  const params = Type.Object({ id: Type.String({ maxLength: 64 }) });
  api.get(
    '/guard/rescans/:id',
    {
      config: { access: ['read'] },
      schema: { summary: 'How far a re-scan is', tags: ['guard'], params, response: { 200: jobAnswer } },
    },
    (request) => {
      const job = rescans.jobs.find(principalOf(request).workspace, request.params.id);
      if (job === undefined) throw NO_JOB;
      return describeJob(job);
    }
  );
  api.delete(
    '/guard/rescans/:id',
    {
      config: { access: ['admin'] },
      schema: {
        summary: 'Stops a re-scan; what it has amended stays',
        tags: ['guard'],
        params,
        response: { 200: jobAnswer },
      },
    },
    async (request) => {
      const job = await rescans.jobs.cancel(principalOf(request).workspace, request.params.id);
      if (job === undefined) throw NO_JOB;
      return describeJob(job);
    }
  );
}
