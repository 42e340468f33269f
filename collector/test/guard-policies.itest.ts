import { sampleSecrets } from '../src/guard/testing/sample-secrets.ts';
import type { AttributeValue } from '../src/otlp.ts';
import { createPolicyTable } from '../src/policies/policy-table.ts';
import { encodeTracesProtobuf } from '../src/receive/testing/encode-otlp-protobuf.ts';
import { sampleSpan } from '../src/receive/testing/sample-traces.ts';
import { compareRollups } from './support/rollup-agreement.ts';
import type { RunningCollector } from './support/run-collector.ts';
import { runCollector } from './support/run-collector.ts';
import { selectRows } from './support/select-rows.ts';

const ADMIN = 'an-admin-key-that-only-tests-know';
const SECRET = sampleSecrets['grafana-token'] ?? '';
const EMAIL = 'ada@example.org';
const SPANS = 150;

let collector: RunningCollector;
beforeAll(async () => {
  collector = await runCollector(['other'], { SPANLEDGER_BOOTSTRAP_KEY: ADMIN });
});
afterAll(() => collector.stop());

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function ask(method: string, path: string, body?: unknown, etag?: string): Promise<Answer> {
  const answer = await fetch(`${collector.urls.http}/api/v1/guard/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${ADMIN}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(etag === undefined ? {} : { 'if-match': etag }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const select = <T = Record<string, unknown>>(sql: string) => selectRows<T>({ client: collector.client } as never, sql);

const startTimeUnixNano = BigInt(Date.now() - 600_000) * 1_000_000n;
const resource = { attributes: new Map<string, AttributeValue>([['service.name', 'shop']]) };
const scope = { name: 'test', version: '1', attributes: new Map<string, AttributeValue>() };
const message = (text: string) => JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: text }] }]);

async function sendSpans(): Promise<void> {
  const spans = Array.from({ length: SPANS }, (_, index) => {
    const start = startTimeUnixNano + BigInt(index) * 1_000_000n;
    const leaks = index % 50 === 7;
    return sampleSpan(1000 + index, {
      resource,
      scope,
      name: 'chat gpt-4o',
      startTimeUnixNano: start,
      endTimeUnixNano: start + 5_000_000n,
      attributes: new Map<string, AttributeValue>([
        ['gen_ai.operation.name', 'chat'],
        ['gen_ai.provider.name', 'openai'],
        ['gen_ai.request.model', 'gpt-4o'],
        ['gen_ai.usage.input_tokens', 100n],
        ['gen_ai.usage.output_tokens', 20n],
        ['gen_ai.input.messages', message(leaks ? `use ${SECRET} and ${EMAIL}` : `hello ${index}`)],
        ...(leaks ? ([['custom.note', `also ${SECRET}`]] as const) : []),
      ]),
    });
  });
  const answer = await fetch(`${collector.urls.http}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf', authorization: `Bearer ${ADMIN}` },
    body: new Uint8Array(encodeTracesProtobuf([{ resource, scopes: [{ scope, items: spans }] }])),
  });
  expect(answer.status).toBe(200);
  await collector.delivered();
}

const period = {
  from: new Date(Date.now() - 3_600_000).toISOString(),
  to: new Date(Date.now() + 3_600_000).toISOString(),
};

async function rescan(): Promise<Record<string, unknown>> {
  const { status, body } = await ask('POST', 'rescans', period);
  expect(status).toBe(202);
  for (;;) {
    const job = await ask('GET', `rescans/${String(body['id'])}`);
    if (job.body['state'] === 'done') return job.body;
    expect(job.body['trouble']).toBe('');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const leaks = () =>
  select(`SELECT * FROM (SELECT 'content' AS place, count() AS rows FROM genai.content_fragments WHERE position(body, '${SECRET}') > 0
    UNION ALL SELECT 'spans', count() FROM genai.spans WHERE position(toString(attributes), '${SECRET}') > 0) ORDER BY place`);

describe('guard policies in the store', () => {
  it('keeps one of two versions with the same number, whoever is later', async () => {
    const table = createPolicyTable({
      client: collector.client,
      database: 'genai',
      insertSettings: () => Promise.resolve({ async_insert: 0, insert_deduplicate: 1 }),
    });
    const version = {
      workspace: 'race',
      version: 1,
      data: { allow: ['a'] },
      changes: [{ rule: 'allow', before: '', after: '["a"]' }],
      updatedBy: 'one',
      updatedAtMs: 1_700_000_000_000,
    };
    const added = await Promise.all([table.add(version, 'first'), table.add({ ...version, data: {} }, 'second')]);
    expect([...added].sort()).toEqual([false, true]);
    const [kept] = await table.readVersions('race', 10, 5);
    expect({ ...kept, data: {} }).toEqual({ ...version, data: {} });
    expect(await table.readNewer(new Map([['race', 1]]))).toEqual([]);
    expect((await table.readNewer(new Map())).map(({ workspace }) => workspace)).toEqual(['race']);
    expect(await select('SELECT version, changed_by, rule, before, after FROM genai.guard_policy_changes')).toEqual([
      { version: '1', changed_by: 'one', rule: 'allow', before: '', after: '["a"]' },
    ]);
  });

  it('hold at once, are tried on what is stored, and amend it for good', async () => {
    const off = { rules: { 'grafana-token': { action: 'none' }, email: { action: 'flag' } } };
    expect((await ask('PUT', 'policy', off, '"0"')).status).toBe(200);
    await sendSpans();
    expect(await leaks()).toEqual([
      { place: 'content', rows: '3' },
      { place: 'spans', rows: '3' },
    ]);

    const draft = { rules: { email: { action: 'redact' } } };
    const tried = await ask('POST', 'dry-run', { ...period, policy: draft });
    expect(tried.body).toMatchObject({
      policy_version: 'draft',
      spans: SPANS,
      changed_spans: 3,
      unchecked_spans: 0,
      next_from: null,
      rules: [
        { rule: 'grafana-token', action: 'redact', findings: 6, new_findings: 6, spans: 3 },
        { rule: 'email', action: 'redact', findings: 3, new_findings: 3, spans: 3 },
      ],
    });
    expect(JSON.stringify(tried.body)).not.toContain(EMAIL);
    const part = await ask('POST', 'dry-run', { ...period, max_spans: 10 });
    expect(part.body).toMatchObject({ policy_version: 'v1', spans: 10, next_from: expect.stringMatching(/^20/) });

    expect((await ask('PUT', 'policy', draft, '"1"')).status).toBe(200);
    expect(await rescan()).toMatchObject({ spans: SPANS, changed_spans: 3, findings: 9, unchecked_spans: 0 });
    expect(await leaks()).toEqual([
      { place: 'content', rows: '0' },
      { place: 'spans', rows: '0' },
    ]);
    const [content] = await select<{ input_messages: string }>(
      "SELECT input_messages FROM genai.span_content WHERE position(input_messages, 'REDACTED') > 0"
    );
    expect(content?.input_messages).toBe(message('use [REDACTED:grafana-token] and [REDACTED:email]'));
    expect(
      await select(
        'SELECT guard_action, guard_rules, revision, count() AS spans FROM genai.spans FINAL GROUP BY ALL ORDER BY revision'
      )
    ).toEqual([
      { guard_action: 'none', guard_rules: [], revision: 0, spans: String(SPANS - 3) },
      { guard_action: 'redact', guard_rules: ['email', 'grafana-token'], revision: 1, spans: '3' },
    ]);
    // The e-mail was flagged by version 1 and is redacted now: one finding still.
    expect(
      await select(
        'SELECT rule, action, policy_version, sum(1) AS hits FROM genai.findings FINAL GROUP BY ALL ORDER BY rule'
      )
    ).toEqual([
      { rule: 'email', action: 'redact', policy_version: 'v1', hits: '3' },
      { rule: 'grafana-token', action: 'redact', policy_version: 'v2', hits: '6' },
    ]);
    expect((await compareRollups(collector.client)).disagreements).toEqual([]);
  });

  it('change nothing when they are applied once more', async () => {
    const before = await select('SELECT * FROM genai.findings FINAL ORDER BY ALL');
    expect(await rescan()).toMatchObject({ spans: SPANS, changed_spans: 0, findings: 0 });
    await collector.delivered();
    expect(await select('SELECT * FROM genai.findings FINAL ORDER BY ALL')).toEqual(before);
    expect(collector.logged()).not.toContain(SECRET.slice(20, 40));
  });
});
