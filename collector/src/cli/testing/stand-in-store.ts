import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StandInStore {
  readonly url: string;
  readonly close: () => Promise<void>;
}

export type StoreAnswer =
  { readonly rows: readonly object[] } | { readonly status: number; readonly code: number; readonly text: string };

export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Speaks the ClickHouse HTTP protocol as far as the doctor listens: `answer` is asked for each statement. */
export async function startStandInStore(
  answer: (statement: string, parameters: URLSearchParams) => StoreAnswer
): Promise<StandInStore> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { searchParams } = new URL(request.url ?? '/', 'http://store');
      const result = answer(Buffer.concat(chunks).toString('utf8'), searchParams);
      if ('rows' in result) {
        response.setHeader('content-type', 'application/x-ndjson');
        response.end(result.rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
        return;
      }
      response.statusCode = result.status;
      response.setHeader('X-ClickHouse-Exception-Code', result.code);
      response.end(`Code: ${result.code}. DB::Exception: ${result.text} (version 26.7.3)`);
    });
  });
  const url = `http://${await listen(server)}`;
  return { url, close: () => closeServer(server) };
}
