// How long POST /api/v1/guard/check takes on a running program, one request after the other over one connection.
//   node bench/guard-check.mjs URL [requests]        for example http://127.0.0.1:4318 (SPANLEDGER_KEY when it asks for one)
import { loadavg } from 'node:os';

const [url, requests = '1000'] = process.argv.slice(2);
if (url === undefined)
  throw new Error('say where the program answers: node bench/guard-check.mjs http://127.0.0.1:4318');
const key = process.env.SPANLEDGER_KEY;
const WARM_UP = 100;
const PROSE =
  'Please summarise the attached contract for the finance team: which amounts are due in 2026, who signs for each part, ' +
  'and what changes when a well-known supplier is late? See section A (pages 3-7) and the notes of the Monday call. ';

async function check(text, models) {
  const start = performance.now();
  const answer = await fetch(`${url}/api/v1/guard/check`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key !== undefined && { authorization: `Bearer ${key}` }) },
    body: JSON.stringify({ text, models }),
  });
  const body = await answer.text();
  if (answer.status !== 200) throw new Error(`status ${answer.status}: ${body}`);
  return performance.now() - start;
}

for (const characters of [700, 8000]) {
  for (const models of [false, true]) {
    const times = [];
    for (let request = -WARM_UP; request < Number(requests); request += 1) {
      const text = `${request} ${PROSE.repeat(Math.ceil(characters / PROSE.length))}`.slice(0, characters);
      const time = await check(text, models);
      if (request >= 0) times.push(time);
    }
    times.sort((a, b) => a - b);
    const at = (share) => `${times[Math.ceil(times.length * share) - 1].toFixed(2)} ms`;
    const load = loadavg()[0].toFixed(1);
    process.stdout.write(
      `check of ${characters} characters, ${models ? 'with' : 'without'} models: p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)} (load ${load})\n`
    );
  }
}
