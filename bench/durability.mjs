// What durability costs: the pipeline with and without fsync of the ledger, from HTTP requests to rows in the embedded store.
//   npm run build && node bench/durability.mjs [spans]
// 100 spans of 1.6 kB a request, protobuf without gzip, 8 connections. Without fsync nothing is promised: only this bench does it.
import { pathToFileURL } from 'node:url';
import { makeRequests, sendThrough, WARM_UP_SPANS } from './pipeline.mjs';
import { SPANS } from './payload.mjs';

const DEFAULT_SPANS = 100_000;
const WITHOUT_FSYNC = new URL('./serve-without-fsync.mjs', import.meta.url);

export async function run(spans = DEFAULT_SPANS) {
  const all = makeRequests(WARM_UP_SPANS + spans);
  const warmUp = all.slice(0, WARM_UP_SPANS / SPANS);
  const bodies = all.slice(WARM_UP_SPANS / SPANS);
  const durable = await sendThrough(warmUp, bodies, spans);
  const loose = await sendThrough(warmUp, bodies, spans, WITHOUT_FSYNC);
  const ratio = (name) => Math.round((durable[name] / loose[name]) * 100) / 100;
  return [
    { name: 'acknowledged with fsync', value: Math.round(durable.acknowledged), unit: 'spans/s' },
    { name: 'acknowledged without fsync', value: Math.round(loose.acknowledged), unit: 'spans/s' },
    { name: 'stored with fsync', value: Math.round(durable.stored), unit: 'spans/s' },
    { name: 'stored without fsync', value: Math.round(loose.stored), unit: 'spans/s' },
    { name: 'acknowledged, with ÷ without', value: ratio('acknowledged'), unit: '' },
    { name: 'stored, with ÷ without', value: ratio('stored'), unit: '' },
    { name: 'CPU of the collector with fsync', value: Math.round(durable.cpuMicros), unit: 'µs/span' },
    { name: 'CPU of the collector without fsync', value: Math.round(loose.cpuMicros), unit: 'µs/span' },
  ];
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const { name, value, unit } of await run(Number(process.argv[2] ?? DEFAULT_SPANS))) {
    process.stdout.write(`${name}: ${value} ${unit}\n`);
  }
}
