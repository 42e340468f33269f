// Query time of every panel of the Grafana app over 30 days, on an embedded store that holds 10M spans in them and as much before.
//   npm run build && node bench/panels.mjs [spans] [runs]
// The spans are made in the store, in bounded batches, and pass the materialized views. Their shape:
//   1 workspace; 12 agents, each of one of 6 departments and with a service of its own; 2 versions, one after the other;
//   environments production 85 %, staging 9, ci 4, development 2; each agent calls 3 of 10 models (80, 15, 5 %) of 5 providers;
//   in each quarter of an hour users make 5 calls each, out of 5,000; 1 % errors, 2 % unpriced, 30 % of the input from a cache.
// The 30 days before are the rollups of these, moved by 30 days. Nothing is merged by hand; the store rests before it is asked.
import { mkdtempSync, rmSync } from 'node:fs';
import { register } from 'node:module';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { connect } from '../collector/dist/write/connect.js';
import { migrate } from '../collector/dist/write/migrate.js';

// The queries are TypeScript without a build of their own.
register(
  `data:text/javascript,${encodeURIComponent(`import ts from ${JSON.stringify(import.meta.resolve('typescript'))};
import { readFile } from 'node:fs/promises';
export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const { outputText } = ts.transpileModule(await readFile(new URL(url), 'utf8'), { compilerOptions: { module: 'esnext', target: 'es2023' } });
  return { format: 'module', source: outputText, shortCircuit: true };
}`)}`
);
const queries = (name) => import(new URL(`../grafana-plugin/src/queries/${name}.ts`, import.meta.url).href);
const { fill } = await queries('testing/fill');
const { anythingStored, filterOptions, uncounted } = await queries('books');
const cost = await queries('cost');
const headlines = await queries('headlines');
const { topUsers } = await queries('users');

const SPANS = Number(process.argv[2] ?? 10_000_000);
const RUNS = Number(process.argv[3] ?? 20);
const DAYS = 30;
const QUARTERS = DAYS * 96;
const BATCHES = DAYS * 2;
const REST_MS = 15_000;
const END = Math.floor(Date.now() / 86_400_000) * 86_400;
const START = END - DAYS * 86_400;

const PANELS = {
  ...headlines,
  spendByModelOverTime: cost.spendByModelOverTime,
  spendByDepartmentOverTime: cost.spendByChoiceOverTime,
  topAgents: cost.topSpend('agent', 10),
  topModels: cost.topSpend('model', 10),
  topUsers: topUsers(10),
  costParts: cost.costParts,
  unpricedModels: cost.unpricedModels,
  byDepartment: cost.costTable('department'),
  byModel: cost.costTable('model'),
  byAgent: cost.costTable('agent'),
  byProvider: cost.costTable('provider'),
  uncounted,
  anythingStored,
  optionsOfAgent: { sql: filterOptions('agent') },
};

/** Spans `from` to `to` of all, in order of time; every value follows from the number. */
function insertSpans(from, to) {
  return `INSERT INTO genai.spans (workspace, timestamp, duration_ns, time_to_first_token_ns, trace_id, span_id, service_name,
    environment, department, operation, provider, request_model, response_model, input_tokens, output_tokens, cache_read_tokens,
    usage_state, cost_usd, input_cost_usd, output_cost_usd, cache_read_cost_usd, cache_savings_usd, cost_state, price_id, billable,
    status, agent_name, agent_version, user_id, revision, ingested_at, retention_days)
  SELECT 'default', toDateTime64(${START}, 9, 'UTC') + toIntervalMillisecond(intDiv(number * ${DAYS * 86_400_000}, ${SPANS})) AS at,
    toUInt64(exp(20 + 2 * ((h % 1000) / 1000))) AS duration, intDiv(duration, 4), lower(hex(sipHash128(number))), lower(hex(h)),
    'service ' || toString(agent),
    multiIf(user_hash % 100 < 85, 'production', user_hash % 100 < 94, 'staging', user_hash % 100 < 98, 'ci', 'development'),
    'department ' || toString(agent % 6), 'chat', 'provider ' || toString(model % 5), 'model ' || toString(model),
    'model ' || toString(model), 500 + h % 4000 AS input, 50 + h % 700 AS output, if(h % 10 < 3, input, 0) AS cached,
    'reported', parts.1 + parts.2 + parts.3, parts.1, parts.2, parts.3, parts.3 * 9, if(model = 9, 'unpriced', 'computed'),
    'price ' || toString(model), 1, if(intDiv(h, 1000) % 100 = 0, 'error', 'ok'), 'agent ' || toString(agent),
    if(number < ${SPANS / 2}, '1.0.0', '2.0.0'), 'user ' || toString(user), 0, at, 400
  FROM
  (
    SELECT number, sipHash64(number) AS h, intDiv(number * ${QUARTERS}, ${SPANS}) AS quarter,
      sipHash64(quarter, h % ${Math.max(1, Math.round(SPANS / QUARTERS / 5))}) % 5000 AS user, sipHash64(user) AS user_hash,
      user_hash % 12 AS agent, (agent + multiIf(intDiv(h, 7) % 100 < 80, 0, intDiv(h, 7) % 100 < 95, 3, 7)) % 10 AS model,
      if(model = 9, (toDecimal64(0, 12), toDecimal64(0, 12), toDecimal64(0, 12)),
        (toDecimal64(h % 4000, 12) / 1000000, toDecimal64(h % 700, 12) / 100000, toDecimal64(h % 300, 12) / 10000000)) AS parts
    FROM numbers(${from}, ${to - from})
  )`;
}

const dataDir = mkdtempSync(join(tmpdir(), 'spanledger-panels-'));
const program = fileURLToPath(new URL('../embedded-clickhouse/bin/embedded-clickhouse.mjs', import.meta.url));
const store = spawn(process.execPath, [program, '--data', dataDir, '--listen', '127.0.0.1:0'], {
  stdio: ['ignore', 'pipe', 'inherit'],
  env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
});
const url = await new Promise((resolve, reject) => {
  createInterface({ input: store.stdout }).on('line', (line) => JSON.parse(line).url && resolve(JSON.parse(line).url));
  store.once('exit', (code) => reject(new Error(`the store ended with ${code}`)));
});
const client = connect(url, { requestTimeoutMs: 600_000 });
const ask = async (query) => (await client.query({ query, format: 'TabSeparatedRaw' })).text();
const log = (text) => process.stdout.write(`${text}\n`);

try {
  await migrate({ client, sqlDir: fileURLToPath(new URL('../sql/migrations', import.meta.url)), database: 'genai' });
  const began = performance.now();
  for (let batch = 0; batch < BATCHES; batch++) {
    const edge = (n) => Math.round((n * SPANS) / BATCHES);
    await client.command({ query: insertSpans(edge(batch), edge(batch + 1)) });
    if (batch % 10 === 9) log(`${edge(batch + 1)} spans after ${Math.round((performance.now() - began) / 1000)} s`);
  }
  for (const table of ['rollup_15m', 'latency_15m', 'users_15m']) {
    await client.command({
      query: `INSERT INTO genai.${table} SELECT * REPLACE(time - toIntervalDay(${DAYS}) AS time) FROM genai.${table}`,
    });
  }
  await new Promise((resolve) => setTimeout(resolve, REST_MS));

  const page = {
    from: new Date(START * 1000).toISOString(),
    to: new Date(END * 1000).toISOString(),
    intervalSeconds: 21_600,
    chosen: { by: ['department'] },
  };
  const counts = await ask(
    "SELECT table || ' ' || toString(sum(rows)) || ' rows in ' || toString(count()) || ' parts' FROM system.parts WHERE active AND database = 'genai' AND table IN ('spans', 'rollup_15m', 'latency_15m', 'users_15m') GROUP BY table ORDER BY table"
  );
  log(`${counts}${cpus().length} cores, load ${loadavg()[0].toFixed(1)} (idle: below 0.5), ${RUNS} runs each, ms`);
  log('panel                          p50     p95');
  for (const [name, { sql }] of Object.entries(PANELS)) {
    const filled = fill(sql, page);
    const times = [];
    await ask(filled);
    for (let run = 0; run < RUNS; run++) {
      const start = performance.now();
      await ask(filled);
      times.push(performance.now() - start);
    }
    times.sort((a, b) => a - b);
    const at = (share) => times[Math.min(RUNS - 1, Math.ceil(share * RUNS) - 1)].toFixed(0).padStart(7);
    log(`${name.padEnd(27)}${at(0.5)} ${at(0.95)}`);
  }
  log(`load after: ${loadavg()[0].toFixed(1)}`);
} finally {
  await client.close();
  store.removeAllListeners('exit');
  store.kill('SIGTERM');
  await new Promise((resolve) => (store.exitCode === null ? store.once('exit', resolve) : resolve()));
  rmSync(dataDir, { recursive: true, force: true });
}
