import { protobufField } from './protobuf-field.ts';
import type { Encoding } from './receive-metrics.ts';

/** A google.rpc.Status: the body of every error of OTLP/HTTP and `grpc-status-details-bin` of gRPC. */
export interface RpcStatus {
  readonly code: number;
  readonly message: string;
  /** Becomes a RetryInfo. */
  readonly retryAfterSeconds?: number | undefined;
  /** Become a BadRequest. */
  readonly violations?: readonly { readonly field: string; readonly description: string }[] | undefined;
}

/** Longer messages are cut, so that no answer comes near the 4 MiB that senders read. */
export const MAX_MESSAGE_LENGTH = 1024;

const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest';
const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo';

/** Encodes a Status. Source: google/rpc/status.proto and error_details.proto. */
export function encodeStatus(status: RpcStatus, encoding: Encoding): Buffer {
  const message = status.message.slice(0, MAX_MESSAGE_LENGTH);
  return encoding === 'json' ? encodeJson(status, message) : encodeProtobuf(status, message);
}

function encodeJson(status: RpcStatus, message: string): Buffer {
  const details: object[] = [];
  if (status.violations) details.push({ '@type': BAD_REQUEST, fieldViolations: status.violations });
  if (status.retryAfterSeconds !== undefined) {
    details.push({ '@type': RETRY_INFO, retryDelay: `${status.retryAfterSeconds}s` });
  }
  return Buffer.from(JSON.stringify({ code: status.code, message, ...(details.length > 0 ? { details } : {}) }));
}

function encodeProtobuf(status: RpcStatus, message: string): Buffer {
  const parts = [protobufField.varint(1, status.code), protobufField.text(2, message)];
  if (status.violations) {
    const violations = status.violations.map(({ field, description }) =>
      protobufField.bytes(1, Buffer.concat([protobufField.text(1, field), protobufField.text(2, description)]))
    );
    parts.push(any(BAD_REQUEST, Buffer.concat(violations)));
  }
  if (status.retryAfterSeconds !== undefined) {
    const duration = protobufField.varint(1, status.retryAfterSeconds);
    parts.push(any(RETRY_INFO, protobufField.bytes(1, duration)));
  }
  return Buffer.concat(parts);
}

function any(typeUrl: string, value: Buffer): Buffer {
  return protobufField.bytes(3, Buffer.concat([protobufField.text(1, typeUrl), protobufField.bytes(2, value)]));
}
