import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface StandInInsert {
  readonly table: string;
  readonly token: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What the script lets happen to an insert: `undefined` = it goes well. */
export type StandInFault =
  | { readonly kind: 'error'; readonly code: number; readonly text: string; readonly name: string }
  /** The same after the status line: at the begin of the body, or behind the mark that ClickHouse sets since 25.11. */
  | { readonly kind: 'late-error'; readonly code: number; readonly text: string; readonly isMarked: boolean }
  /** A gateway answers 200 with a page of its own, or with nothing. */
  | { readonly kind: 'gateway'; readonly body: string }
  /** The connection ends, after or before the rows were written. */
  | { readonly kind: 'hang-up'; readonly committed: boolean };

export interface StandInClickHouse {
  readonly url: string;
  /** Every insert that arrived whole, refused ones included. */
  readonly inserts: readonly StandInInsert[];
  /** Bodies written, first of each token, by table. */
  readonly rows: (table: string) => readonly Buffer[];
  script: (insert: StandInInsert) => StandInFault | undefined;
  /** Times that it was asked which settings it knows. */
  readonly settingsAsked: () => number;
  readonly close: () => Promise<void>;
}

/** An HTTP server that takes inserts as ClickHouse does, deduplicates by token, and fails as its script says. */
export async function startStandInClickHouse(
  options: {
    /** PEM: then it speaks TLS. */
    readonly tls?: { readonly key: string; readonly cert: string };
    /** It closes connections on which nothing moves for so long. */
    readonly keepAliveMs?: number;
  } = {}
): Promise<StandInClickHouse> {
  const inserts: StandInInsert[] = [];
  const written = new Map<string, StandInInsert>();
  let settingsAsked = 0;

  function answer(insert: StandInInsert, request: IncomingMessage, response: ServerResponse): void {
    inserts.push(insert);
    const fault = standIn.script(insert);
    if (fault?.kind === 'error') {
      response.writeHead(fault.code === 516 ? 403 : 500, { 'X-ClickHouse-Exception-Code': String(fault.code) });
      response.end(`Code: ${fault.code}. DB::Exception: ${fault.text}. (${fault.name}) (version 26.7.2.1)`);
      return;
    }
    if (fault?.kind === 'late-error') {
      response.writeHead(200, { 'X-ClickHouse-Summary': '{"written_rows":"0"}', 'X-ClickHouse-Exception-Tag': 'tag' });
      const text = `Code: ${fault.code}. DB::Exception: ${fault.text}. (version 26.7.2.1)`;
      response.end(fault.isMarked ? `\r\n__exception__\r\ntag\r\n${text}\r\n80 tag\r\n__exception__\r\n` : text);
      return;
    }
    if (fault?.kind === 'gateway') {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end(fault.body);
      return;
    }
    const key = `${insert.table} ${insert.token}`;
    const isRepeat = written.has(key);
    if (fault?.committed !== false && !isRepeat) written.set(key, insert);
    if (fault?.kind === 'hang-up') {
      request.socket.destroy();
      return;
    }
    response.writeHead(200, { 'X-ClickHouse-Summary': JSON.stringify({ written_rows: isRepeat ? '0' : '1' }) });
    response.end();
  }

  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const parameters = Object.fromEntries(new URL(request.url ?? '/', 'http://localhost').searchParams);
      const body = Buffer.concat(parts);
      const query = parameters['query'] ?? body.toString();
      const table = /^INSERT INTO (?:`?genai`?\.)?`?(\w+)`?/.exec(query)?.[1];
      if (table !== undefined)
        answer(
          { table, token: parameters['insert_deduplication_token'] ?? '', settings: parameters, body },
          request,
          response
        );
      else if (query.includes('system.settings')) {
        settingsAsked += 1;
        response.end(
          '{"name":"async_insert"}\n{"name":"insert_deduplicate"}\n{"name":"input_format_skip_unknown_fields"}\n'
        );
      } else response.end();
    });
  };
  const server = options.tls === undefined ? createServer(listener) : createSecureServer(options.tls, listener);
  if (options.keepAliveMs !== undefined) server.keepAliveTimeout = options.keepAliveMs;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const standIn: StandInClickHouse = {
    url: `${options.tls === undefined ? 'http' : 'https'}://writer:secret@127.0.0.1:${(server.address() as AddressInfo).port}`,
    inserts,
    rows: (table) => [...written.values()].filter((insert) => insert.table === table).map(({ body }) => body),
    script: () => undefined,
    settingsAsked: () => settingsAsked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return standIn;
}
