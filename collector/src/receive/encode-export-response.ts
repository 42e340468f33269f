import { MAX_MESSAGE_LENGTH } from './encode-status.ts';
import { protobufField } from './protobuf-field.ts';
import type { Encoding, Signal } from './receive-metrics.ts';

const REJECTED_FIELD: Readonly<Record<Signal, string>> = {
  traces: 'rejectedSpans',
  logs: 'rejectedLogRecords',
  metrics: 'rejectedDataPoints',
};

const EMPTY: Readonly<Record<Encoding, Buffer>> = { protobuf: Buffer.alloc(0), json: Buffer.from('{}') };

/**
 * Encodes Export{Trace,Logs,Metrics}ServiceResponse. `partial_success` is set only when something was rejected or there
 * is a warning (OTLP: it must be unset on full success): no bytes, or `{}`.
 */
export function encodeExportResponse(
  signal: Signal,
  encoding: Encoding,
  { rejected, message }: { readonly rejected: number; readonly message: string }
): Buffer {
  if (rejected === 0 && message === '') return EMPTY[encoding];
  const errorMessage = message.slice(0, MAX_MESSAGE_LENGTH);
  if (encoding === 'protobuf') {
    const partial = [protobufField.varint(1, rejected), protobufField.text(2, errorMessage)];
    return protobufField.bytes(1, Buffer.concat(partial));
  }
  // int64 is a string in proto3 JSON.
  const partialSuccess = { [REJECTED_FIELD[signal]]: String(rejected), errorMessage };
  return Buffer.from(JSON.stringify({ partialSuccess }));
}
