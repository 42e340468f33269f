import { connect } from 'node:net';

export interface HttpAnswer {
  readonly status: number;
  readonly type: string | null;
  /** One character for each byte. */
  readonly body: string;
}

export async function readAnswer(response: Response): Promise<HttpAnswer> {
  const body = Buffer.from(await response.arrayBuffer()).toString('latin1');
  return { status: response.status, type: response.headers.get('content-type'), body };
}

export async function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: Buffer | string
): Promise<HttpAnswer> {
  return readAnswer(await fetch(url, { method: 'POST', headers, body: new Uint8Array(Buffer.from(body)) }));
}

/** Sends bytes on a bare connection and returns all that comes back before it closes. */
export function exchange(port: number, bytes: string, { end = false } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => (end ? socket.end(bytes) : socket.write(bytes)));
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.on('close', () => resolve(answer));
    // Who is answered before all is sent may find the connection reset behind the answer.
    socket.on('error', (error) => (answer === '' ? reject(error) : undefined));
  });
}

/** A google.rpc.Status without details, as protobuf in latin1. */
export function statusText(code: number, message: string): string {
  return Buffer.from([0x08, code, 0x12, message.length, ...Buffer.from(message)]).toString('latin1');
}

/** Resolves once the condition holds; the test's own time limit ends the wait. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
