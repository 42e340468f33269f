// Re-pricing a million stored spans: the difference from the rollups, the whole run, and once more when nothing changes.
// `node bench/reprice.mjs [spans]`; CPU of the store is counted on Linux.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { startCollector } from '../collector/dist/collector.js';
import { readConfig } from '../collector/dist/config.js';
import { createLog } from '../collector/dist/log.js';

const SPANS = Number(process.argv[2] ?? 1_000_000);
const DAYS = 30;
/** Spans of one insert: it has five minutes. */
const PIECE = 100_000;
const TICKS_PER_SECOND = 100;
const root = join(import.meta.dirname, '..');
const directory = await mkdtemp(join(tmpdir(), 'spanledger-bench-'));
const collector = await startCollector(
  readConfig(
    {
      SPANLEDGER_DATA_DIR: directory,
      SPANLEDGER_HTTP_LISTEN: '127.0.0.1:0',
      SPANLEDGER_GRPC_LISTEN: '127.0.0.1:0',
      SPANLEDGER_SQL_LISTEN: '127.0.0.1:0',
    },
    () => ''
  ),
  {
    sqlDirectory: join(root, 'sql/migrations'),
    embeddedProgram: join(root, 'embedded-clickhouse/bin/embedded-clickhouse.mjs'),
    log: createLog(
      'error',
      new PassThrough().on('data', (text) => process.stderr.write(text))
    ),
    version: 'bench',
  }
);
const sql = async (text) => {
  const answer = await fetch(`${collector.urls.sql}/?default_format=TSV`, { method: 'POST', body: text });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.text()).trim();
};
/** Seconds of CPU that our child processes, the store among them, have taken so far. */
const childSeconds = async () => {
  let ticks = 0;
  for (const pid of await readdir('/proc').catch(() => [])) {
    const stat = /^\d+$/.test(pid) ? await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '') : '';
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (Number(fields[1]) === process.pid) ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / TICKS_PER_SECOND;
};
const seconds = async (what, run) => {
  const [cpu, store, start] = [process.cpuUsage(), await childSeconds(), performance.now()];
  const result = await run();
  const took = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const [own, stores] = [(user + system) / 1e6, (await childSeconds()) - store].map((each) => each.toFixed(1));
  console.log(
    `${what}: ${took.toFixed(2)} s; CPU: collector ${own} s, store ${stores} s; load ${loadavg()[0].toFixed(1)}`
  );
  return result;
};
const api = async (method, path, body) => {
  const answer = await fetch(`${collector.urls.http}/api/v1${path}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
};

try {
  await collector.delivered();
  const today = Math.floor(Date.now() / 86_400_000) * 86_400;
  const first = today - DAYS * 86_400;
  // The shape of spans that ingest makes: four departments, ten agents, three models, no price.
  await seconds(`${SPANS} spans made`, async () => {
    for (let from = 0; from < SPANS; from += PIECE)
      await sql(`INSERT INTO genai.spans (workspace, timestamp, duration_ns, trace_id, span_id, span_name, service_name, environment, department,
          operation, provider, request_model, response_model, input_tokens, output_tokens, usage_state, cost_state, billable, status, agent_name,
          user_id, response_id, dialect, attributes, ingested_at, retention_days)
        SELECT 'default', toDateTime64(${first} + intDiv(number * ${DAYS * 86_400}, ${SPANS}), 9, 'UTC'), 1000000 * (number % 5000),
          lower(hex(sipHash128(number))), lower(hex(sipHash64(number))), 'chat', 'shop', 'production', concat('team-', toString(number % 4)),
          'chat', 'acme', concat('acme-', toString(number % 3)), concat('acme-', toString(number % 3)), number % 3000, number % 700,
          'reported', 'unpriced', 1, 'ok', concat('agent-', toString(number % 10)), concat('u-', toString(number % 1000)),
          lower(hex(sipHash64(number, 1))), 'otel-genai', map('gen_ai.request.temperature', '0.2'), now64(3), 400
        FROM numbers(${from}, ${Math.min(PIECE, SPANS - from)})`);
  });
  const scope = { from: day(first), to: day(today) };
  const price = { provider: 'acme', model: 'acme-0', price: { input: '2.5', output: '10' } };
  await seconds('difference of a price that is not set', () =>
    api('POST', '/prices/diff', { ...scope, override: { id: 'p0', ...price } })
  );
  for (const n of [0, 1, 2]) await api('PUT', `/prices/overrides/p${n}`, { ...price, model: `acme-${n}` });
  const diff = await seconds('difference by the prices in force', () => api('POST', '/prices/diff', scope));
  const reprice = async () => {
    const { id } = await api('POST', '/prices/reprice', scope);
    for (;;) {
      const run = (await api('GET', '/prices/reprice')).items.find((each) => each.id === id);
      if (run.state !== 'running') return run;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  };
  const applied = await seconds('applied', reprice);
  const usd = await sql('SELECT sum(cost_usd) FROM genai.spans FINAL');
  const rolled = await sql('SELECT sum(cost_usd) FROM genai.cost');
  console.log({ ...applied, shown: diff.new_cost_usd, spans_final: usd, rollup: rolled });
  const again = await seconds('once more, nothing changes', reprice);
  console.log({ examined: again.examined, amended: again.amended, difference_usd: again.difference_usd });
} finally {
  await collector.close(5_000);
  await rm(directory, { recursive: true, force: true });
}

function day(unixSeconds) {
  return new Date(unixSeconds * 1_000).toISOString().slice(0, 10);
}
