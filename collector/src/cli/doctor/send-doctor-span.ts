import { Client, credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { errorCode, fault, ok, type CheckResult } from './check.ts';
import type { DoctorSpan } from './doctor-span.ts';
import { encodeJson, encodeProtobuf } from './encode-doctor-span.ts';

const TIMEOUT_MS = 10_000;
const EXPORT_METHOD = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const KEY_ADVICE = 'give an ingest key with --key (spanledger keys create makes one)';

export interface Target {
  /** `http://host:port` */
  readonly http: string;
  /** `host:port` */
  readonly grpc: string;
  readonly key: string | undefined;
}

export interface Protocol {
  readonly name: string;
  /** Sends the span; `ok` = the collector says it has it on disk. */
  readonly send: (span: DoctorSpan, target: Target) => Promise<CheckResult>;
}

function refusedKey(key: string | undefined): CheckResult {
  return key === undefined
    ? fault('the collector asks for a key', KEY_ADVICE)
    : fault('the collector refuses the key', `it is unknown, expired, revoked or no ingest key; ${KEY_ADVICE}`);
}

function httpAnswer(code: number, key: string | undefined): CheckResult {
  if (code === 200) return ok('accepted');
  if (code === 401 || code === 403) return refusedKey(key);
  if (code === 503 || code === 429) {
    return fault(
      `the collector is overloaded (HTTP ${code})`,
      'see spanledger_ledger_bytes and the free space of the data directory'
    );
  }
  return fault(`the collector answers with HTTP ${code}`, 'is it Spanledger that listens there? See its log');
}

async function post(body: Buffer, contentType: string, { http, key }: Target): Promise<CheckResult> {
  try {
    const answer = await fetch(new URL('/v1/traces', http), {
      method: 'POST',
      body,
      headers: { 'content-type': contentType, ...(key !== undefined && { authorization: `Bearer ${key}` }) },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'manual',
    });
    await answer.arrayBuffer();
    return httpAnswer(answer.status, key);
  } catch (error) {
    return fault(`the collector does not answer (${errorCode(error)})`, 'is it running? See its log');
  }
}

function grpcAnswer(error: ServiceError | null, key: string | undefined): CheckResult {
  if (error === null) return ok('accepted');
  switch (error.code) {
    case status.UNAUTHENTICATED:
    case status.PERMISSION_DENIED:
      return refusedKey(key);
    case status.UNAVAILABLE:
      return fault('the collector does not answer, or is overloaded (UNAVAILABLE)', 'is it running? See its log');
    default:
      return fault(
        `the collector answers with ${status[error.code]}`,
        'is it Spanledger that listens there? See its log'
      );
  }
}

async function call(body: Buffer, deadline: number, { grpc, key }: Target): Promise<CheckResult> {
  const client = new Client(grpc, credentials.createInsecure());
  const metadata = new Metadata();
  if (key !== undefined) metadata.set('authorization', `Bearer ${key}`);
  try {
    const error = await new Promise<ServiceError | null>((resolve) => {
      client.makeUnaryRequest(
        EXPORT_METHOD,
        (request: Buffer) => request,
        (answer: Buffer) => answer,
        body,
        metadata,
        { deadline },
        resolve
      );
    });
    return grpcAnswer(error, key);
  } finally {
    client.close();
  }
}

/** Every way telemetry comes in. */
export const protocols: readonly Protocol[] = [
  { name: 'OTLP/HTTP protobuf', send: (span, target) => post(encodeProtobuf(span), 'application/x-protobuf', target) },
  { name: 'OTLP/HTTP JSON', send: (span, target) => post(encodeJson(span), 'application/json', target) },
  { name: 'OTLP/gRPC', send: (span, target) => call(encodeProtobuf(span), span.startMs + TIMEOUT_MS, target) },
];
