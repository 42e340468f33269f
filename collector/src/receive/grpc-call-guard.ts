import {
  ServerInterceptingCall,
  ServerListenerBuilder,
  type Metadata,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
} from '@grpc/grpc-js';
import { refuse } from './export-request.ts';
import { grpcStatus } from './grpc-status.ts';
import type { Authenticate } from './keys/authenticate.ts';
import type { Principal } from './keys/key-store.ts';
import { REFUSALS, type RefusalReason } from './otlp-response.ts';
import type { ReceiveLimits } from './receive-limits.ts';
import type { ReceiveMetrics } from './receive-metrics.ts';

export interface GrpcCallGuardDeps {
  readonly authenticate: Authenticate;
  readonly metrics: ReceiveMetrics;
  readonly limits: ReceiveLimits;
}

export interface GrpcCallGuard {
  readonly intercept: ServerInterceptor;
  /** Who makes a call that was let through, by the metadata that its handler sees. */
  readonly callerOf: (metadata: Metadata) => Principal | undefined;
}

/**
 * Stands before every gRPC call. A message is read, and inflated, only after the key was found good and while fewer than
 * `maxCallsReceiving` others are arriving; one that does not arrive in `requestTimeoutMs` is cut off.
 */
export function createGrpcCallGuard({ authenticate, metrics, limits }: GrpcCallGuardDeps): GrpcCallGuard {
  const callers = new WeakMap<Metadata, Principal>();
  let receiving = 0;

  const intercept: ServerInterceptor = (_method, call) => {
    let timer: NodeJS.Timeout | undefined;
    let hasMessage = false;
    let counted = false;

    const stopReceiving = (): void => {
      if (!timer) return;
      clearTimeout(timer);
      timer = undefined;
      receiving -= 1;
    };
    const refuseCall = (reason: RefusalReason): void => {
      counted = true;
      metrics.refused({ transport: 'grpc' }, reason);
      sendRefusal(call, reason, limits.retryAfterSeconds);
    };

    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        const credentials = {
          authorization: first(metadata, 'authorization'),
          'x-api-key': first(metadata, 'x-api-key'),
        };
        const caller = authenticate(credentials, 'ingest');
        if (caller === 'missing') return refuseCall('missing_key');
        if (caller === 'invalid') return refuseCall('invalid_key');
        if (caller === 'forbidden') return refuseCall('forbidden');
        if (receiving >= limits.maxCallsReceiving) return refuseCall('overloaded');
        receiving += 1;
        timer = setTimeout(() => refuseCall('timeout'), limits.requestTimeoutMs);
        callers.set(metadata, caller);
        next(metadata);
      })
      .withOnReceiveMessage((message: unknown, next) => {
        hasMessage = true;
        next(message);
      })
      .withOnReceiveHalfClose((next) => {
        stopReceiving();
        // From here on the handler counts.
        counted ||= hasMessage;
        next();
      })
      // The end of every call, however it came about.
      .withOnCancel(() => {
        stopReceiving();
        if (!counted) metrics.aborted({ transport: 'grpc' });
        counted = true;
      })
      .build();
    return new ServerInterceptingCall(call, { start: (next) => next(listener) });
  };

  return { intercept, callerOf: (metadata) => callers.get(metadata) };
}

function sendRefusal(call: ServerInterceptingCallInterface, reason: RefusalReason, wait: number): void {
  const retryAfterSeconds = REFUSALS[reason].retryable ? wait : undefined;
  call.sendStatus(grpcStatus(refuse(reason, { retryAfterSeconds })));
}

function first(metadata: Metadata, key: string): string {
  const [value] = metadata.get(key);
  return typeof value === 'string' ? value : '';
}
