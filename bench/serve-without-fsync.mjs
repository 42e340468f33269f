// `spanledger serve` with a ledger that never flushes, for bench/durability.mjs.
import { fileURLToPath } from 'node:url';
import { startCollector } from '../collector/dist/collector.js';
import { readConfig } from '../collector/dist/config.js';
import { nodeFileLayer } from '../collector/dist/ledger/node-file-layer.js';
import { createLog } from '../collector/dist/log.js';

const nothing = () => Promise.resolve();
const loose = async (opening) => ({ ...(await opening), sync: nothing });
const fileSystem = {
  ...nodeFileLayer,
  create: (path) => loose(nodeFileLayer.create(path)),
  open: (path) => loose(nodeFileLayer.open(path)),
  syncDirectory: nothing,
};
const file = (path) => fileURLToPath(new URL(path, import.meta.url));
const settings = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('SPANLEDGER_')));
const collector = await startCollector(
  readConfig(settings, () => ''),
  {
    sqlDirectory: file('../sql/migrations'),
    embeddedProgram: file('../embedded-clickhouse/bin/embedded-clickhouse.mjs'),
    log: createLog('error', process.stderr),
    version: 'bench',
    fileSystem,
  }
);
const { http, grpc, sql } = collector.urls;
process.stdout.write(`spanledger ready: OTLP/HTTP ${http}  OTLP/gRPC ${grpc}  SQL ${sql}\n`);
process.once('SIGTERM', () => void collector.close(15_000).then(() => process.exit(0)));
