import { Metadata, status as Status } from '@grpc/grpc-js';
import { encodeStatus } from './encode-status.ts';
import type { ExportAnswer } from './export-request.ts';
import type { RateState } from './rate-limit.ts';

const STATUS_DETAILS = 'grpc-status-details-bin';

/** What a key may still send, under the names that the headers have over HTTP; empty without a limit. */
export function rateMetadata(rate: RateState | undefined): Metadata {
  const metadata = new Metadata();
  if (rate === undefined) return metadata;
  metadata.set('x-ratelimit-limit', String(rate.limit));
  metadata.set('x-ratelimit-remaining', String(rate.remaining));
  metadata.set('x-ratelimit-reset', String(rate.resetAt));
  return metadata;
}

/** A refusal as grpc-js wants it, with the google.rpc.Status (RetryInfo, BadRequest) and the rate limit in the trailers. */
export function grpcStatus({ status, rate }: ExportAnswer & { kind: 'refused' }): {
  readonly code: Status;
  readonly details: string;
  readonly metadata: Metadata;
} {
  const metadata = rateMetadata(rate);
  metadata.set(STATUS_DETAILS, encodeStatus(status, 'protobuf'));
  const known = Object.values(Status).find((code): code is Status => Number(code) === status.code);
  return { code: known ?? Status.UNKNOWN, details: status.message, metadata };
}
