import type { Config } from './config.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { Log } from './log.ts';
import type { GuardJobRoutesDeps } from './api/guard-job-routes.ts';
import type { GuardRoutesDeps } from './api/guard-routes.ts';
import { openRestApi } from './api/rest-api.ts';
import { registerRoutes } from './api/routes.ts';
import type { PriceBook } from './price/price-book.ts';
import { createByteBudget } from './receive/byte-budget.ts';
import { createExportRequest } from './receive/export-request.ts';
import { createGrpcServer } from './receive/grpc-server.ts';
import { registerHealthRoutes } from './receive/health-routes.ts';
import { createHttpServer } from './receive/http-server.ts';
import type { Intake } from './receive/intake.ts';
import { createAuthenticate } from './receive/keys/authenticate.ts';
import { createKeyStore } from './receive/keys/key-store.ts';
import { DEFAULT_RECEIVE_LIMITS } from './receive/receive-limits.ts';
import type { ReceiveMetrics } from './receive/receive-metrics.ts';
import type { Store } from './store/open-store.ts';

const CLOSE_GRACE_MS = 10_000;

export interface Receivers {
  readonly httpUrl: string;
  /** host:port */
  readonly grpcAddress: string;
  /** Takes nothing more in; running requests are answered. May be called twice. */
  readonly close: () => Promise<void>;
}

function hostPort(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Opens both OTLP receivers and the routes beside them. Rejects when a port is taken or the key file cannot be read. */
export async function openReceivers(options: {
  readonly config: Config;
  readonly intake: Intake;
  readonly book: PriceBook;
  readonly policies: GuardRoutesDeps['policies'];
  readonly rescans: GuardJobRoutesDeps['rescans'];
  readonly metrics: { readonly receive: ReceiveMetrics; readonly text: () => Promise<string> };
  readonly store: Store;
  readonly ledger: Ledger;
  readonly log: Log;
  readonly version: string;
  readonly now: () => number;
}): Promise<Receivers> {
  const { config, metrics, ledger, log } = options;
  const limits = DEFAULT_RECEIVE_LIMITS;
  const pepper = config.keyPepper ?? '';
  const keys =
    config.keys === undefined
      ? undefined
      : await createKeyStore({
          path: config.keys,
          pepper,
          now: options.now,
          onReloadError: (error) => log.error({ err: error }, 'the key file cannot be read; the last good one stays'),
        });
  const deps = {
    authenticate: createAuthenticate({ keys, bootstrapKey: config.bootstrapKey, pepper }),
    exportRequest: createExportRequest({
      intake: options.intake,
      metrics: metrics.receive,
      retryAfterSeconds: limits.retryAfterSeconds,
    }),
    metrics: metrics.receive,
    budget: createByteBudget(limits.maxBytesInFlight),
    limits,
  };
  let closing = false;
  const http = createHttpServer(deps);
  registerHealthRoutes(http, {
    // A store that is down is no reason to refuse telemetry: the ledger takes it.
    ready: () => {
      const reasons = [
        ...(closing ? ['shutting down'] : []),
        ...(ledger.stats().consecutiveFailures > 0 ? ['the ledger cannot write to its disk'] : []),
      ];
      const trouble = options.store.trouble();
      return { ready: reasons.length === 0, reasons: trouble === '' ? reasons : [...reasons, `warning: ${trouble}`] };
    },
    metricsText: metrics.text,
  });
  openRestApi(http, {
    authenticate: deps.authenticate,
    corsOrigins: config.corsOrigins ?? [],
    ratePerMinute: config.restRatePerMinute,
    version: options.version,
    onFault: (error, route) => log.error({ err: error, route }, 'a fault in the REST API'),
    routes: (api) =>
      registerRoutes(api, {
        book: options.book,
        policies: options.policies,
        rescans: options.rescans,
        now: options.now,
      }),
  });
  const grpc = createGrpcServer(deps);
  try {
    const httpUrl = await http.listen(config.httpListen);
    const grpcPort = await grpc.listen(config.grpcListen);
    return {
      httpUrl,
      grpcAddress: hostPort(config.grpcListen.host, grpcPort),
      close: async () => {
        if (closing) return;
        closing = true;
        await Promise.all([http.close(), grpc.close(CLOSE_GRACE_MS)]);
        keys?.close();
      },
    };
  } catch (error) {
    await Promise.all([http.close(), grpc.close(0)]);
    keys?.close();
    throw error;
  }
}
