// What durability costs: the pipeline with and without fsync of the ledger, from HTTP requests to rows in the embedded store.
//   npm run build && node bench/durability.mjs [spans] [pairs]
// 100 spans of 1.6 kB a request, protobuf without gzip, 8 connections. Without fsync nothing is promised: only this bench does it.
// Both ways run in turn, and the first of a pair changes: machines are not as fast in the second minute as in the first. Medians.
import { pathToFileURL } from 'node:url';
import { makeRequests, sendThrough, WARM_UP_SPANS } from './pipeline.mjs';
import { SPANS } from './payload.mjs';

const DEFAULT_SPANS = 50_000;
const DEFAULT_PAIRS = 5;
const WITHOUT_FSYNC = new URL('./serve-without-fsync.mjs', import.meta.url);

export async function run(spans = DEFAULT_SPANS, pairs = DEFAULT_PAIRS) {
  const all = makeRequests(WARM_UP_SPANS + spans);
  const warmUp = all.slice(0, WARM_UP_SPANS / SPANS);
  const bodies = all.slice(WARM_UP_SPANS / SPANS);
  const [durable, loose] = [[], []];
  for (let pair = 0; pair < pairs; pair++) {
    const turns = [() => sendThrough(warmUp, bodies, spans), () => sendThrough(warmUp, bodies, spans, WITHOUT_FSYNC)];
    for (const way of pair % 2 === 0 ? [0, 1] : [1, 0]) [durable, loose][way].push(await turns[way]());
  }
  const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
  const of = (runs, name) => Math.round(median(runs.map((each) => each[name])));
  const ratio = (name) => Math.round(median(durable.map((each, pair) => each[name] / loose[pair][name])) * 100) / 100;
  return [
    { name: 'acknowledged with fsync', value: of(durable, 'acknowledged'), unit: 'spans/s' },
    { name: 'acknowledged without fsync', value: of(loose, 'acknowledged'), unit: 'spans/s' },
    { name: 'stored with fsync', value: of(durable, 'stored'), unit: 'spans/s' },
    { name: 'stored without fsync', value: of(loose, 'stored'), unit: 'spans/s' },
    { name: `acknowledged, with ÷ without, median of ${pairs} pairs`, value: ratio('acknowledged'), unit: '' },
    { name: `stored, with ÷ without, median of ${pairs} pairs`, value: ratio('stored'), unit: '' },
    { name: 'CPU of the collector with fsync', value: of(durable, 'cpuMicros'), unit: 'µs/span' },
    { name: 'CPU of the collector without fsync', value: of(loose, 'cpuMicros'), unit: 'µs/span' },
  ];
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const { name, value, unit } of await run(
    Number(process.argv[2] ?? DEFAULT_SPANS),
    Number(process.argv[3] ?? DEFAULT_PAIRS)
  )) {
    process.stdout.write(`${name}: ${value} ${unit}\n`);
  }
}
