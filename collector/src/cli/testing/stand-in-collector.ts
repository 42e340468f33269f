import { createServer } from 'node:http';
import { Server, ServerCredentials, status, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { closeServer, listen } from './stand-in-store.ts';

interface Received {
  readonly protocol: string;
  readonly authorization: string;
  readonly body: Buffer;
}

export interface StandInCollector {
  readonly http: string;
  readonly grpc: string;
  readonly received: readonly Received[];
  readonly close: () => Promise<void>;
}

export interface StandInBehaviour {
  readonly readyz?: { readonly status: number; readonly body: string };
  readonly exportStatus?: number;
  readonly grpcStatus?: status;
}

const EXPORT = {
  path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  requestStream: false,
  responseStream: false,
  requestSerialize: (value: Buffer) => value,
  requestDeserialize: (value: Buffer) => value,
  responseSerialize: (value: Buffer) => value,
  responseDeserialize: (value: Buffer) => value,
};

/** Answers like a collector, and keeps what it is sent. */
export async function startStandInCollector({
  readyz = { status: 200, body: '{"ready":true,"reasons":[]}' },
  exportStatus = 200,
  grpcStatus = status.OK,
}: StandInBehaviour = {}): Promise<StandInCollector> {
  const received: Received[] = [];
  const http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.url === '/readyz') {
        response.statusCode = readyz.status;
        response.end(readyz.body);
        return;
      }
      const protocol = `${request.method ?? ''} ${request.url ?? ''} ${request.headers['content-type'] ?? ''}`;
      received.push({ protocol, authorization: request.headers.authorization ?? '', body: Buffer.concat(chunks) });
      response.statusCode = exportStatus;
      response.end();
    });
  });
  const grpc = new Server();
  grpc.addService(
    { export: EXPORT },
    {
      export: (call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>) => {
        const [authorization = ''] = call.metadata.get('authorization');
        received.push({ protocol: 'gRPC', authorization: String(authorization), body: call.request });
        if (grpcStatus === status.OK) callback(null, Buffer.alloc(0));
        else callback({ code: grpcStatus, details: 'refused' });
      },
    }
  );
  const port = await new Promise<number>((resolve, reject) => {
    grpc.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error)
    );
  });
  const address = await listen(http);
  return {
    http: `http://${address}`,
    grpc: `127.0.0.1:${port}`,
    received,
    close: async () => {
      grpc.forceShutdown();
      await closeServer(http);
    },
  };
}
