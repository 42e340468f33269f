import { Metadata, status as Status } from '@grpc/grpc-js';
import { encodeStatus } from './encode-status.ts';
import type { ExportAnswer } from './export-request.ts';

const STATUS_DETAILS = 'grpc-status-details-bin';

/** A refusal as grpc-js wants it, with the google.rpc.Status (RetryInfo, BadRequest) in the trailers. */
export function grpcStatus({ status }: ExportAnswer & { kind: 'refused' }): {
  readonly code: Status;
  readonly details: string;
  readonly metadata: Metadata;
} {
  const metadata = new Metadata();
  metadata.set(STATUS_DETAILS, encodeStatus(status, 'protobuf'));
  const known = Object.values(Status).find((code): code is Status => Number(code) === status.code);
  return { code: known ?? Status.UNKNOWN, details: status.message, metadata };
}
