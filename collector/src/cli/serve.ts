import { readConfig } from '../config.ts';
import { createLog } from '../log.ts';
import type { Command } from './command.ts';
import { readOptions } from './read-options.ts';

/** What is not delivered by then stays in the ledger for the next start. Below the 30 s that Kubernetes and Docker Compose grant at most. */
const CLOSE_DEADLINE_MS = 20_000;

export const serve: Command = {
  name: 'serve',
  usage: '',
  summary: 'Receives telemetry until it is stopped (SIGTERM or Ctrl-C)',
  run: async (args, context) => {
    readOptions(args, {});
    const config = readConfig(context.environment, context.readFile);
    const log = createLog(config.logLevel, context.logDestination);
    const stopped = context.untilStopped();
    const { sqlDirectory, embeddedProgram, version, now } = context;
    const collector = await context.startCollector(config, { sqlDirectory, embeddedProgram, log, version, now });
    const { http, grpc, sql } = collector.urls;
    context.answer(`spanledger ready: OTLP/HTTP ${http}  OTLP/gRPC ${grpc}  SQL ${withoutCredentials(sql)}`);
    const signal = await stopped;
    log.info({ signal }, 'stopping: nothing more is taken in, the backlog is delivered');
    await collector.close(CLOSE_DEADLINE_MS);
    return 0;
  },
};

function withoutCredentials(url: string): string {
  if (!URL.canParse(url)) return url;
  const parsed = new URL(url);
  parsed.username = '';
  parsed.password = '';
  return parsed.href.replace(/\/$/, '');
}
