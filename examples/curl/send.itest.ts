import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import type { RunningCollector } from '../../collector/test/support/run-collector.ts';
import { runCollector } from '../../collector/test/support/run-collector.ts';
import { selectRows } from '../../collector/test/support/select-rows.ts';

const run = promisify(execFile);
const hasCurl = spawnSync('curl', ['--version']).status === 0;
if (!hasCurl) process.stdout.write('example curl skipped: install curl 7.76 or later\n');
const withCurl = hasCurl ? it : it.skip;

let collector: RunningCollector;
beforeAll(async () => {
  collector = await runCollector(['curl']);
});
afterAll(() => collector.stop());

const send = (key: string) =>
  run('sh', ['examples/curl/send.sh'], {
    env: { PATH: process.env['PATH'], OTEL_EXPORTER_OTLP_ENDPOINT: collector.urls.http, SPANLEDGER_KEY: key },
  });
const rows = () =>
  selectRows(
    { client: collector.client } as never,
    `SELECT workspace, count() AS rows, uniqExact(trace_id) AS traces, any(duration_ns) AS duration, any(service_name) AS service,
       any(environment) AS environment, any(department) AS department, any(operation) AS operation, any(provider) AS provider,
       any(request_model) AS model, any(agent_name) AS agent, any(agent_version) AS version, any(conversation_id) AS conversation,
       any(user_id) AS user, sum(input_tokens) AS input, sum(cache_read_tokens) AS cached, sum(output_tokens) AS output,
       sum(cost_usd) AS cost, min(billable) AS billable, abs(dateDiff('second', any(timestamp), now('UTC'))) < 3600 AS recent
     FROM genai.spans FINAL GROUP BY workspace`
  );

withCurl('stores one call for each run, at what it costs', async () => {
  expect((await send(collector.keys.get('curl')!)).stdout).toBe('{}');
  expect((await send(collector.keys.get('curl')!)).stdout).toBe('{}');
  await collector.delivered();
  await collector.settle();
  await collector.delivered();
  expect(await rows()).toEqual([
    {
      workspace: 'curl',
      rows: '2',
      traces: '2',
      duration: '2000000000',
      service: 'shop',
      environment: 'production',
      department: 'customer-support',
      operation: 'chat',
      provider: 'openai',
      model: 'gpt-4.1-mini',
      agent: 'order-helper',
      version: '1.2.0',
      conversation: 'conversation-42',
      user: 'user-17',
      input: '2400',
      cached: '2048',
      output: '170',
      // Twice 176 × $0.40 + 1,024 × $0.10 + 85 × $1.60, per million.
      cost: '0.0006176',
      billable: 1,
      recent: 1,
    },
  ]);
});

withCurl('ends with a fault that says why when the key is wrong', async () => {
  const failed = await send('not-a-key').then(
    () => undefined,
    (error: unknown) => error as { code: number; stdout: string; stderr: string }
  );
  expect(failed?.code).toBe(22);
  expect(failed?.stderr).toMatch(/401/);
  expect(failed?.stdout).toMatch(/key/i);
});
