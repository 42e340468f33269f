// `spanledger serve` with a ledger that never flushes, for bench/durability.mjs.
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { startCollector } from '../collector/dist/collector.js';
import { readConfig } from '../collector/dist/config.js';
import { createLog } from '../collector/dist/log.js';
import { unflushedFiles } from './unflushed-files.mjs';

// As main.ts has it.
setFlagsFromString('--heap-growing-percent=300');

const file = (path) => fileURLToPath(new URL(path, import.meta.url));
const settings = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('SPANLEDGER_')));
const collector = await startCollector(
  readConfig(settings, () => ''),
  {
    sqlDirectory: file('../sql/migrations'),
    embeddedProgram: file('../embedded-clickhouse/bin/embedded-clickhouse.mjs'),
    log: createLog('error', process.stderr),
    version: 'bench',
    fileSystem: unflushedFiles,
  }
);
const { http, grpc, sql } = collector.urls;
process.stdout.write(`spanledger ready: OTLP/HTTP ${http}  OTLP/gRPC ${grpc}  SQL ${sql}\n`);
process.once('SIGTERM', () => void collector.close(15_000).then(() => process.exit(0)));
