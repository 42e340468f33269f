import type { AddressInfo } from 'node:net';
import { createByteBudget, type ByteBudget } from '../byte-budget.ts';
import { createExportRequest } from '../export-request.ts';
import { createGrpcServer } from '../grpc-server.ts';
import { registerHealthRoutes } from '../health-routes.ts';
import { createHttpServer } from '../http-server.ts';
import type { Intake, IntakeOutcome } from '../intake.ts';
import { createAuthenticate, type Authenticate } from '../keys/authenticate.ts';
import type { RateLimit } from '../rate-limit.ts';
import { DEFAULT_RECEIVE_LIMITS, type ReceiveLimits } from '../receive-limits.ts';
import type { ReceiveMetrics } from '../receive-metrics.ts';

export interface Taken {
  readonly workspace: string;
  readonly request: unknown;
}

export interface Receivers {
  readonly url: string;
  readonly httpPort: number;
  readonly grpcAddress: string;
  /** What reached the intake, in order. */
  readonly taken: Taken[];
  /** One line for each thing counted. */
  readonly counted: string[];
  readonly budget: ByteBudget;
  readonly close: () => Promise<void>;
}

export interface ReceiverOptions {
  readonly limits?: Partial<ReceiveLimits>;
  readonly authenticate?: Authenticate;
  readonly rateLimit?: RateLimit;
  /** What the intake answers; may throw. */
  readonly outcome?: () => Promise<IntakeOutcome>;
}

const ACCEPTED: IntakeOutcome = { kind: 'accepted', rejected: 0, message: '' };

/** Both receivers on free loopback ports before an intake that only writes down what it was given. */
export async function startReceivers(options: ReceiverOptions = {}): Promise<Receivers> {
  const limits = { ...DEFAULT_RECEIVE_LIMITS, ...options.limits };
  const taken: Taken[] = [];
  const counted: string[] = [];
  const take = (workspace: string, request: unknown): Promise<IntakeOutcome> => {
    taken.push({ workspace, request });
    return options.outcome?.() ?? Promise.resolve(ACCEPTED);
  };
  const intake: Intake = { traces: take, logs: take, metrics: take };
  const metrics: ReceiveMetrics = {
    accepted: ({ transport, signal, encoding }, { items, rejected }) =>
      counted.push(`accepted ${transport} ${signal} ${encoding} ${items} ${rejected}`),
    refused: ({ transport }, reason) => counted.push(`refused ${transport} ${reason}`),
    aborted: ({ transport }) => counted.push(`aborted ${transport}`),
  };
  const budget = createByteBudget(limits.maxBytesInFlight);
  const deps = {
    authenticate: options.authenticate ?? createAuthenticate({ pepper: 'pepper' }),
    exportRequest: createExportRequest({
      intake,
      metrics,
      retryAfterSeconds: limits.retryAfterSeconds,
      rateLimit: options.rateLimit,
    }),
    metrics,
    budget,
    limits,
  };
  const http = createHttpServer(deps);
  registerHealthRoutes(http, {
    ready: () => ({ ready: false, state: 'not ready', reasons: ['the ledger is being read'] }),
    metricsText: () => Promise.resolve('spanledger_up 1\n'),
  });
  await http.listen({ host: '127.0.0.1', port: 0 });
  const grpc = createGrpcServer(deps);
  const grpcPort = await grpc.listen({ host: '127.0.0.1', port: 0 });
  const httpPort = (http.server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${httpPort}`,
    httpPort,
    grpcAddress: `127.0.0.1:${grpcPort}`,
    taken,
    counted,
    budget,
    close: async () => {
      await Promise.all([http.close(), grpc.close(100)]);
    },
  };
}
