import { readConfig } from '../config.ts';
import type { Collector } from '../collector.ts';
import { DEMO_WORKSPACE } from '../demo/send-demo.ts';
import { createLog } from '../log.ts';
import type { Log } from '../log.ts';
import type { CliContext, Command } from './command.ts';
import { readOptions } from './read-options.ts';

/**
 * What is not delivered by then stays in the ledger for the next start. With the 10 s that a store which does not react gets to end,
 * and the 2 s for the books, it leaves some of the 30 s of Kubernetes to a busy machine.
 */
const CLOSE_DEADLINE_MS = 12_000;
/** How often the progress of the demo is logged. */
const DEMO_PROGRESS_SPANS = 20_000;

const DEMO_QUERY =
  `SELECT department, sum(calls) AS calls, sum(cost_usd) AS usd FROM genai.cost ` +
  `WHERE workspace = '${DEMO_WORKSPACE}' GROUP BY department ORDER BY usd DESC`;

export const serve: Command = {
  name: 'serve',
  usage: '[--demo]   also fills the workspace demo with a month of made-up traffic',
  summary: 'Receives telemetry until it is stopped (SIGTERM or Ctrl-C)',
  run: async (args, context) => {
    const { values } = readOptions(args, { demo: { type: 'boolean', default: false } });
    const config = readConfig(context.environment, context.readFile);
    const log = createLog(config.logLevel, context.logDestination);
    const stopped = context.untilStopped();
    const { sqlDirectory, embeddedProgram, version, now } = context;
    const collector = await context.startCollector(config, { sqlDirectory, embeddedProgram, log, version, now });
    const { http, grpc, sql } = collector.urls;
    context.answer(`spanledger ready: OTLP/HTTP ${http}  OTLP/gRPC ${grpc}  SQL ${withoutCredentials(sql)}`);
    const stopping = new AbortController();
    const demo = values.demo ? showDemo(collector, context, log, stopping.signal) : Promise.resolve();
    const signal = await stopped;
    log.info({ signal }, 'stopping: nothing more is taken in, the backlog is delivered');
    stopping.abort();
    await demo;
    await collector.close(CLOSE_DEADLINE_MS);
    return 0;
  },
};

/** Sends the demo and says where to look. A demo that fails is said too; the collector goes on. */
async function showDemo(
  collector: Collector,
  { answer, remark }: CliContext,
  log: Log,
  signal: AbortSignal
): Promise<void> {
  let reported = 0;
  const onProgress = (spans: number): void => {
    if (spans - reported < DEMO_PROGRESS_SPANS) return;
    reported = spans;
    log.info({ spans }, 'demo: accepted so far');
  };
  try {
    const { spans, scores, hours, monthEnd, seconds } = await collector.sendDemo({ signal, onProgress });
    const added =
      spans === 0
        ? 'all of it was there'
        : `${spans} spans and ${scores} scores of ${hours} hours in ${seconds.toFixed(1)} s`;
    answer(
      `demo ready: ${added}; workspace ${DEMO_WORKSPACE}, the month ends at ${monthEnd}. What happened in it: docs/demo.md`
    );
    answer(
      `try: curl '${withoutCredentials(collector.urls.sql)}/?default_format=PrettyCompact' --data "${DEMO_QUERY}"`
    );
  } catch (error) {
    if (signal.aborted) return;
    log.error({ err: error }, 'demo: it could not be sent');
    remark('spanledger: the demo could not be sent; the log says why. Start again to continue it.');
  }
}

function withoutCredentials(url: string): string {
  if (!URL.canParse(url)) return url;
  const parsed = new URL(url);
  parsed.username = '';
  parsed.password = '';
  return parsed.href.replace(/\/$/, '');
}
