import { createServer, type AddressInfo } from 'node:net';
import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import type { ByteBudget } from './byte-budget.ts';
import { encodeExportResponse } from './encode-export-response.ts';
import { refuse, type ExportAnswer, type ExportRequest } from './export-request.ts';
import { createGrpcCallGuard, type GrpcCallGuard } from './grpc-call-guard.ts';
import { grpcStatus, rateMetadata } from './grpc-status.ts';
import type { Authenticate } from './keys/authenticate.ts';
import type { Principal } from './keys/key-store.ts';
import type { ReceiveLimits } from './receive-limits.ts';
import type { ReceiveMetrics, Signal } from './receive-metrics.ts';

export interface GrpcServerDeps {
  readonly authenticate: Authenticate;
  readonly exportRequest: ExportRequest;
  readonly metrics: ReceiveMetrics;
  /** Shared by all receivers of the process. */
  readonly budget: ByteBudget;
  readonly limits: ReceiveLimits;
}

export interface GrpcServer {
  /** Resolves with the port, which is a free one when 0 was asked for. Rejects when the address is taken. */
  readonly listen: (address: { readonly host: string; readonly port: number }) => Promise<number>;
  /** Takes no more connections and calls, waits for the running ones, and cuts off what is left after `graceMs`. */
  readonly close: (graceMs: number) => Promise<void>;
}

const METHODS: Readonly<Record<Signal, string>> = {
  traces: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  logs: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
  metrics: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
};
const KEEPALIVE_TIME_MS = 60_000;
const KEEPALIVE_TIMEOUT_MS = 20_000;
const MAX_SESSION_MEMORY_MIB = 32;

/**
 * The three Export services of OTLP/gRPC (gzip and none) with the decoders of OTLP/HTTP. Keys are checked before a
 * message is read. Over the size limit: RESOURCE_EXHAUSTED without RetryInfo (permanent), also for what gzip inflates
 * to; overload: UNAVAILABLE with RetryInfo. Corrupt gzip is INTERNAL, which is what the library says: permanent too.
 */
export function createGrpcServer(deps: GrpcServerDeps): GrpcServer {
  const { limits, metrics } = deps;
  const guard = createGrpcCallGuard(deps);
  const server = new Server({
    'grpc.max_receive_message_length': limits.maxBodyBytes,
    'grpc.max_concurrent_streams': limits.maxStreamsPerConnection,
    'grpc.max_connection_idle_ms': limits.idleTimeoutMs,
    'grpc.keepalive_time_ms': KEEPALIVE_TIME_MS,
    'grpc.keepalive_timeout_ms': KEEPALIVE_TIMEOUT_MS,
    'grpc-node.max_session_memory': MAX_SESSION_MEMORY_MIB,
    'grpc.enable_channelz': 0,
    interceptors: [guard.intercept],
  });
  for (const signal of ['traces', 'logs', 'metrics'] as const) addService(server, signal, deps, guard);

  // The library's own listener has no limit of connections.
  const connections = server.createConnectionInjector(ServerCredentials.createInsecure());
  const listener = createServer({ noDelay: true }, (socket) => connections.injectConnection(socket));
  listener.maxConnections = limits.maxConnections;
  listener.on('drop', () => metrics.aborted({ transport: 'grpc' }));

  return {
    listen: ({ host, port }) =>
      new Promise((resolve, reject) => {
        listener.once('error', reject);
        listener.listen(port, host, () => {
          listener.off('error', reject);
          resolve((listener.address() as AddressInfo).port);
        });
      }),
    close: (graceMs) =>
      new Promise((resolve) => {
        listener.close();
        const force = setTimeout(() => {
          server.forceShutdown();
          resolve();
        }, graceMs);
        server.tryShutdown(() => {
          clearTimeout(force);
          resolve();
        });
      }),
  };
}

function addService(server: Server, signal: Signal, deps: GrpcServerDeps, guard: GrpcCallGuard): void {
  const bytes = (message: Buffer): Buffer => message;
  const definition = {
    Export: {
      path: METHODS[signal],
      requestStream: false,
      responseStream: false,
      requestSerialize: bytes,
      requestDeserialize: bytes,
      responseSerialize: bytes,
      responseDeserialize: bytes,
    },
  } as const;
  server.addService(definition, {
    Export: (call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>) => {
      void handleExport(call.request, guard.callerOf(call.metadata), signal, deps).then((answer) =>
        answer.kind === 'success'
          ? callback(null, encodeExportResponse(signal, 'protobuf', answer), rateMetadata(answer.rate))
          : callback(grpcStatus(answer))
      );
    },
  });
}

async function handleExport(
  body: Buffer,
  caller: Principal | undefined,
  signal: Signal,
  { exportRequest, metrics, budget, limits }: GrpcServerDeps
): Promise<ExportAnswer> {
  const labels = { transport: 'grpc', signal, encoding: 'protobuf' } as const;
  // The guard lets no call through without one.
  if (caller === undefined) return refuse('missing_key');
  const reservation = budget.reserve();
  try {
    if (!reservation.take(body.length)) {
      metrics.refused(labels, 'overloaded');
      return refuse('overloaded', { retryAfterSeconds: limits.retryAfterSeconds });
    }
    const { workspace, keyId } = caller;
    return await exportRequest({ ...labels, workspace, keyId, body: [body] });
  } finally {
    reservation.release();
  }
}
