import { Client, credentials, Metadata, type ChannelOptions, type ServiceError } from '@grpc/grpc-js';

export interface GrpcAnswer {
  /** `OK`, or the number of the gRPC code. */
  readonly code: number | 'OK';
  readonly body: Buffer;
  readonly message: string;
  /** `grpc-status-details-bin`, one character for each byte. */
  readonly details: string;
  /** Text metadata that came behind the answer, of our own names (`x-…`). */
  readonly trailers: Readonly<Record<string, string>>;
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
    let answer: Omit<GrpcAnswer, 'trailers'>;
    const take = (error: ServiceError | null, reply?: Buffer): void => {
      const [details] = error?.metadata.get('grpc-status-details-bin') ?? [];
      answer = {
        code: error?.code ?? 'OK',
        body: reply ?? Buffer.alloc(0),
        message: error?.details ?? '',
        details: details === undefined ? '' : Buffer.from(details).toString('latin1'),
      };
    };
    // The library calls back first and tells the trailers then.
    client.makeUnaryRequest(path, bytes, bytes, body, metadata, take).on('status', ({ metadata: received }) => {
      client.close();
      const texts = Object.entries(received.getMap()).filter(([key]) => key.startsWith('x-'));
      resolve({ ...answer, trailers: Object.fromEntries(texts.map(([key, value]) => [key, String(value)])) });
    });
  });
}
