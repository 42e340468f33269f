import type { Config } from './config.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { Log } from './log.ts';
import { registerDrainRoutes } from './api/drain-routes.ts';
import type { GuardJobRoutesDeps } from './api/guard-job-routes.ts';
import type { GuardRoutesDeps } from './api/guard-routes.ts';
import { openRestApi } from './api/rest-api.ts';
import { registerRoutes } from './api/routes.ts';
import { openSharedLimits } from './open-shared-limits.ts';
import type { Metrics } from './metrics.ts';
import type { MatchModel } from './price/match-model.ts';
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
import type { KeptOverrides } from './store/keep-overrides.ts';
import type { Store } from './store/open-store.ts';
import { createReadStore } from './store/read-store.ts';
import type { Reprice } from './reprice/reprice.ts';

/** For running requests, when the process ends. */
const CLOSE_GRACE_MS = 5_000;

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
  readonly match: MatchModel;
  readonly overrides: KeptOverrides;
  readonly reprice: Reprice;
  readonly policies: GuardRoutesDeps['policies'];
  readonly rescans: GuardJobRoutesDeps['rescans'];
  readonly metrics: Pick<Metrics, 'receive' | 'text' | 'shared'>;
  readonly store: Store;
  readonly ledger: Ledger;
  /** What is wrong and does not keep telemetry out, in words. */
  readonly warnings: () => readonly string[];
  /** Stops what else writes to the ledger. */
  readonly onDrain: () => Promise<void>;
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
  const { rateLimit, isRevoked, close: closeShared } = openSharedLimits({ config, keys, metrics, now: options.now });
  let draining = false;
  const deps = {
    authenticate: createAuthenticate({ keys, bootstrapKey: config.bootstrapKey, pepper, isRevoked }),
    exportRequest: createExportRequest({
      intake: options.intake,
      metrics: metrics.receive,
      retryAfterSeconds: limits.retryAfterSeconds,
      rateLimit,
    }),
    metrics: metrics.receive,
    budget: createByteBudget(limits.maxBytesInFlight, () => !draining && !ledger.isFull()),
    limits,
  };
  let closing = false;
  const http = createHttpServer(deps);
  registerHealthRoutes(http, {
    // A store that is down is no reason to refuse telemetry: the ledger takes it.
    ready: () => {
      const reasons = [
        ...(closing ? ['shutting down'] : []),
        ...(draining ? ['draining: nothing more is taken in'] : []),
        ...(ledger.stats().consecutiveFailures > 0
          ? [`the ledger cannot write to its disk: ${ledger.stats().trouble}`]
          : []),
      ];
      void ledger.probe();
      const warnings = options.warnings().map((warning) => `warning: ${warning}`);
      const state = reasons.length > 0 ? 'not ready' : warnings.length > 0 ? 'warning' : 'ready';
      return { ready: reasons.length === 0, state, reasons: [...reasons, ...warnings] };
    },
    metricsText: metrics.text,
  });
  registerDrainRoutes(http, {
    authenticate: deps.authenticate,
    drain: {
      begin: async () => {
        draining = true;
        await options.onDrain();
      },
      state: () => {
        const { records, spans, bytes } = ledger.backlog();
        return { draining, empty: draining && records === 0 && deps.budget.inUse() === 0, records, spans, bytes };
      },
    },
  });
  openRestApi(http, {
    authenticate: deps.authenticate,
    corsOrigins: config.corsOrigins ?? [],
    ratePerMinute: config.restRatePerMinute,
    version: options.version,
    onFault: (error, route) => log.error({ err: error, route }, 'a fault in the REST API'),
    routes: (api) => registerRoutes(api, { ...options, ...createReadStore(options.store.client) }),
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
        // A sender that is slow to send the rest of a request must not keep the process from ending.
        const force = setTimeout(() => http.server.closeAllConnections(), CLOSE_GRACE_MS);
        await Promise.all([http.close(), grpc.close(CLOSE_GRACE_MS)]);
        clearTimeout(force);
        keys?.close();
        closeShared();
      },
    };
  } catch (error) {
    await Promise.all([http.close(), grpc.close(0)]);
    keys?.close();
    closeShared();
    throw error;
  }
}
