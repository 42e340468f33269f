import { Client, credentials, Metadata, type ChannelOptions, type ServiceError } from '@grpc/grpc-js';

export interface GrpcAnswer {
  /** `OK`, or the number of the gRPC code. */
  readonly code: number | 'OK';
  readonly body: Buffer;
  readonly message: string;
  /** `grpc-status-details-bin`, one character for each byte. */
  readonly details: string;
}

export const TRACES = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
export const LOGS = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';
export const METRICS = '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export';

const bytes = (message: Buffer): Buffer => message;

/** Calls a method with raw bytes on a connection of its own. */
export function callGrpc(
  address: string,
  path: string,
  body: Buffer,
  { headers = {}, channel = {} }: { headers?: Readonly<Record<string, string>>; channel?: ChannelOptions } = {}
): Promise<GrpcAnswer> {
  const client = new Client(address, credentials.createInsecure(), {
    'grpc.max_send_message_length': -1,
    'grpc.use_local_subchannel_pool': 1,
    ...channel,
  });
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(headers)) metadata.set(key, value);
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, bytes, bytes, body, metadata, (error: ServiceError | null, answer?: Buffer) => {
      client.close();
      if (!error) {
        resolve({ code: 'OK', body: answer!, message: '', details: '' });
        return;
      }
      const [details] = error.metadata.get('grpc-status-details-bin');
      resolve({
        code: error.code,
        body: Buffer.alloc(0),
        message: error.details,
        details: details === undefined ? '' : Buffer.from(details).toString('latin1'),
      });
    });
  });
}
