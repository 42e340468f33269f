import { lookup } from 'node:dns';
import { request as requestHttp } from 'node:http';
import { request as requestHttps, type RequestOptions } from 'node:https';
import { isPrivateAddress } from './private-address.ts';

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024;

export interface PostJson {
  readonly url: string;
  /** Sent as `Authorization: Bearer`; empty = none. */
  readonly key: string;
  readonly allowPrivate: boolean;
  readonly body: unknown;
}

type Lookup = NonNullable<RequestOptions['lookup']>;

/** Resolves names, and refuses those that lead into a private network: checked where the connection is made, not before. */
const publicLookup: Lookup = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return done(error, '');
    const refused = addresses.length === 0 || addresses.some(({ address }) => isPrivateAddress(address));
    if (refused) return done(new Error('the address is in a private network'), '');
    if (options.all === true) return done(null, addresses);
    return done(null, addresses[0]!.address, addresses[0]!.family);
  });
};

/**
 * Sends JSON and reads the JSON answer. Redirects are not followed, an address in a private network is refused unless allowed.
 * Rejects with an error that quotes neither what was sent nor what was answered.
 */
export function postJson({ url, key, allowPrivate, body }: PostJson): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const target = new URL(url);
    const host = target.hostname.replace(/^\[|\]$/g, '');
    // A name is checked when it is resolved; an address is not resolved.
    const isAddress = /^[\d.]+$/.test(host) || host.includes(':');
    if (!allowPrivate && isAddress && isPrivateAddress(host)) {
      reject(new Error('the address is in a private network'));
      return;
    }
    const payload = Buffer.from(JSON.stringify(body));
    const send = target.protocol === 'https:' ? requestHttps : requestHttp;
    const request = send(
      target,
      {
        method: 'POST',
        timeout: TIMEOUT_MS,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(allowPrivate ? {} : { lookup: publicLookup }),
        headers: {
          'content-type': 'application/json',
          'content-length': payload.length,
          accept: 'application/json',
          ...(key === '' ? {} : { authorization: `Bearer ${key}` }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > MAX_ANSWER_BYTES) request.destroy(new Error('the answer is too long'));
          else chunks.push(chunk);
        });
        response.on('error', reject);
        response.on('end', () => {
          if (response.statusCode !== 200) return reject(new Error(`the answer has the status ${response.statusCode}`));
          try {
            resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')));
          } catch {
            reject(new Error('the answer is not JSON'));
          }
        });
      }
    );
    request.on('error', reject);
    request.end(payload);
  });
}
