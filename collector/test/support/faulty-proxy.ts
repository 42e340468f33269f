import { createServer, request as forward } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of an INSERT on its way: everything else passes, unless `spoilsAll`. */
export type ProxyFault =
  /** The connection is cut before the store hears of it. */
  | { readonly kind: 'refuse' }
  /** The store does it; the connection is cut before, or in the middle of, its answer. */
  | { readonly kind: 'cut-answer' | 'half-answer' }
  /** Nothing happens for a while, then the connection is cut. */
  | { readonly kind: 'silence'; readonly ms: number }
  /** Nothing ever happens. */
  | { readonly kind: 'hang' }
  /** An exception of ClickHouse instead of the insert. */
  | { readonly kind: 'answer'; readonly code: number; readonly text: string; readonly status: number };

export interface FaultyProxy {
  readonly url: string;
  fault: ProxyFault | undefined;
  /** Every statement meets the fault. */
  spoilsAll: boolean;
  /** Inserts that met a fault. */
  readonly faulted: () => number;
  readonly close: () => Promise<void>;
}

function isInsert(request: IncomingMessage): boolean {
  return /[?&]query=INSERT/.test(request.url ?? '');
}

/** Stands between a collector and a real store and spoils inserts as it is told. */
export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  const { hostname, port } = new URL(target);
  let faulted = 0;

  function pass(request: IncomingMessage, response: ServerResponse, fault: ProxyFault | undefined): void {
    const { method, url, headers } = request;
    const onward = forward({ hostname, port, method, path: url, headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => {
        if (fault?.kind === 'cut-answer') return request.socket.destroy();
        const body = Buffer.concat(parts);
        const length = fault?.kind === 'half-answer' ? body.length + 100 : body.length;
        const head = { ...answer.headers, 'content-length': String(length) };
        delete (head as Record<string, unknown>)['transfer-encoding'];
        response.writeHead(answer.statusCode ?? 500, head);
        if (fault?.kind !== 'half-answer') return response.end(body);
        response.write('\n', () => request.socket.destroy());
      });
    });
    onward.on('error', () => request.socket.destroy());
    request.pipe(onward);
  }

  const server = createServer((request, response) => {
    const fault = proxy.spoilsAll || isInsert(request) ? proxy.fault : undefined;
    if (fault === undefined) return pass(request, response, undefined);
    faulted += 1;
    if (fault.kind === 'hang') return;
    if (fault.kind === 'refuse') request.socket.destroy();
    else if (fault.kind === 'silence') setTimeout(() => request.socket.destroy(), fault.ms);
    else if (fault.kind === 'answer') {
      request.resume().on('end', () => {
        response.writeHead(fault.status, { 'X-ClickHouse-Exception-Code': String(fault.code) });
        response.end(`Code: ${fault.code}. DB::Exception: ${fault.text}. (A_NAME) (version 26.7.2.1)`);
      });
    } else pass(request, response, fault);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: FaultyProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fault: undefined,
    spoilsAll: false,
    faulted: () => faulted,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}
