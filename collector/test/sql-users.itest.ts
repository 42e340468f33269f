import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleProtobuf, sampleSpan } from '../src/receive/testing/sample-traces.ts';
import { runCollector } from './support/run-collector.ts';
import type { RunningCollector } from './support/run-collector.ts';

const password = (name: string) => `password of ${name}`;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

let collector: RunningCollector;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spanledger-users-'));
  const users = ['ada', 'bob'].map((name, i) => ({
    name,
    role: 'reader',
    workspaces: [['team-a', 'team-b'][i]],
    password: `sha256$${sha256(password(name))}`,
  }));
  const path = join(folder, 'users.json');
  await writeFile(path, JSON.stringify({ users }));
  collector = await runCollector(['team-a', 'team-b'], { SPANLEDGER_SQL_USERS: path });
  for (const [i, workspace] of ['team-a', 'team-b'].entries()) {
    const answer = await fetch(`${collector.urls.http}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf', authorization: `Bearer ${collector.keys.get(workspace)!}` },
      body: sampleProtobuf(Array.from({ length: i + 1 }, (_, n) => genAiSpan(n))),
    });
    expect(answer.status).toBe(200);
  }
  await collector.delivered();
});
afterAll(async () => {
  await collector.stop();
  await rm(folder, { recursive: true, force: true });
});

function genAiSpan(number: number) {
  const now = BigInt(Date.now()) * 1_000_000n;
  const attributes = new Map<string, string | number>([
    ['gen_ai.operation.name', 'chat'],
    ['gen_ai.provider.name', 'openai'],
    ['gen_ai.request.model', 'gpt-4o-mini'],
    ['gen_ai.usage.input_tokens', 100],
    ['gen_ai.usage.output_tokens', 10],
  ]);
  return sampleSpan(number, { attributes, startTimeUnixNano: now, endTimeUnixNano: now + 1_000n });
}

async function ask(user: string, sql: string): Promise<string> {
  const answer = await fetch(collector.urls.sql, {
    method: 'POST',
    headers: { 'x-clickhouse-user': user, 'x-clickhouse-key': password(user) },
    body: sql,
  });
  return answer.ok
    ? (await answer.text()).trim()
    : `${answer.status} ${answer.headers.get('x-clickhouse-exception-code') ?? ''}`;
}

describe('SQL users of the embedded store', () => {
  it.each([
    ['ada', 'team-a\t1'],
    ['bob', 'team-b\t2'],
  ])('%s reads her or his own workspace only, in tables and views', async (user, own) => {
    for (const source of ['genai.spans', 'genai.spans FINAL'])
      expect(await ask(user, `SELECT workspace, count() FROM ${source} GROUP BY workspace`)).toBe(own);
    for (const source of ['genai.usage', 'genai.cost', 'genai.operations'])
      expect(await ask(user, `SELECT workspace, sum(calls) FROM ${source} GROUP BY workspace`)).toBe(own);
  });

  it('shows the prices to everyone', async () => {
    await collector.settle();
    expect(Number(await ask('ada', 'SELECT count() FROM genai.prices'))).toBeGreaterThan(1000);
  });

  it('lets nobody in without a password, nor a reader write', async () => {
    expect((await fetch(`${collector.urls.sql}/?query=SELECT+1`)).status).toBeGreaterThanOrEqual(400);
    expect(await ask('eve', 'SELECT 1')).toMatch(/^40[13] 516$/);
    expect(await ask('ada', 'ALTER TABLE genai.spans DELETE WHERE 1')).toMatch(/^\d{3} \d+$/);
    expect(await ask('bob', 'SELECT count() FROM genai.spans')).toBe('2');
  });
});
