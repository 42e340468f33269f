// How fast decoded spans become GenAI spans: 100 spans with message content, one core.
//   npm run build && node bench/normalise.mjs
import { pathToFileURL } from 'node:url';
import { createNormalise } from '../collector/dist/normalise/normalise.js';
import { DEFAULT_NORMALISE_LIMITS } from '../collector/dist/normalise/normalise-limits.js';
import { decodeTracesProtobuf } from '../collector/dist/receive/decode-traces-protobuf.js';
import { makeBodies } from './payload.mjs';

const ROUNDS = 5;
const ROUND_SECONDS = 0.3;

const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

export function run() {
  const normalise = createNormalise({
    now: Date.now,
    departmentKeys: ['department'],
    keepOtherSpans: true,
    retentionDays: 400,
    limits: DEFAULT_NORMALISE_LIMITS,
  });
  const { protobuf } = makeBodies({ startNs: BigInt(Date.now()) * 1_000_000n });
  const { spans } = decodeTracesProtobuf(protobuf);
  for (let index = 0; index < 300; index += 1) normalise.traces('default', spans);
  const rates = Array.from({ length: ROUNDS }, () => {
    const start = cpuSeconds();
    let count = 0;
    while (cpuSeconds() - start < ROUND_SECONDS) {
      for (let index = 0; index < 10; index += 1) count += normalise.traces('default', spans).spans.length;
    }
    return count / (cpuSeconds() - start);
  });
  const value = Math.round(rates.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)]);
  return [{ name: 'normalise', value, unit: 'spans/s per core' }];
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const { name, value, unit } of run()) process.stdout.write(`${name}: ${value} ${unit}\n`);
}
