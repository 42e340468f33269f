// How fast a request body becomes spans: 100 spans of 1.6 kB with message content, protobuf and JSON, one core.
//   npm run build && node bench/decode.mjs
import { pathToFileURL } from 'node:url';
import { decodeTracesJson } from '../collector/dist/receive/decode-traces-json.js';
import { decodeTracesProtobuf } from '../collector/dist/receive/decode-traces-protobuf.js';
import { makeBodies, SPANS } from './payload.mjs';

const ROUNDS = 5;
const ROUND_SECONDS = 0.3;

const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Median of some rounds, spans per second of CPU, garbage collection included: other work on the machine does not count. */
function spansPerSecond(decode, body) {
  for (let index = 0; index < 300; index += 1) decode(body);
  const rates = Array.from({ length: ROUNDS }, () => {
    const start = cpuSeconds();
    let spans = 0;
    while (cpuSeconds() - start < ROUND_SECONDS) {
      for (let index = 0; index < 10; index += 1) spans += decode(body).spans.length;
    }
    return spans / (cpuSeconds() - start);
  });
  return Math.round(rates.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)]);
}

export function run() {
  const { protobuf, json } = makeBodies();
  return [
    { name: 'decode protobuf', value: spansPerSecond(decodeTracesProtobuf, protobuf), unit: 'spans/s per core' },
    { name: 'decode protobuf, size of a span', value: protobuf.length / SPANS, unit: 'bytes' },
    { name: 'decode JSON', value: spansPerSecond(decodeTracesJson, json), unit: 'spans/s per core' },
    { name: 'decode JSON, size of a span', value: json.length / SPANS, unit: 'bytes' },
  ];
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const { name, value, unit } of run()) process.stdout.write(`${name}: ${value} ${unit}\n`);
}
