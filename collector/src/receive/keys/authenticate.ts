import { timingSafeEqual } from 'node:crypto';
import { hashKey, hasKeyShape, MAX_KEY_LENGTH, type KeyRole } from './key-format.ts';
import type { KeyStore, Principal } from './key-store.ts';

/** The headers that may carry a key. Everything else a caller says about itself is ignored. */
export interface CredentialHeaders {
  readonly authorization?: string | undefined;
  readonly 'x-api-key'?: string | undefined;
}

/** `missing` and `invalid` are 401, `forbidden` is 403: a good key of another role. */
export type Authentication = Principal | 'missing' | 'invalid' | 'forbidden';

export type Authenticate = (headers: CredentialHeaders, needed: KeyRole) => Authentication;

export interface AuthenticateDeps {
  readonly keys?: Pick<KeyStore, 'find'> | undefined;
  /** A key in clear with every role for the workspace `default`; it need not have our shape. */
  readonly bootstrapKey?: string | undefined;
  readonly pepper: string;
  /** Keys that another collector knows to be revoked. */
  readonly isRevoked?: (keyId: string) => boolean;
}

const DEFAULT_WORKSPACE = 'default';
const MAX_HEADER_LENGTH = 4096;
const SCHEME = /^(bearer|basic) +(\S+) *$/i;

/**
 * Decides who calls. Keys are taken from `Authorization: Bearer`, `Authorization: Basic` (Langfuse SDKs send
 * public:secret; password before user) and `X-API-Key`; those with the shape of a key first. Without key file and
 * bootstrap key everybody is admin of `default`: only loopback listeners may run so.
 */
export function createAuthenticate({ keys, bootstrapKey, pepper, isRevoked }: AuthenticateDeps): Authenticate {
  if (!keys && !bootstrapKey) {
    return () => ({ workspace: DEFAULT_WORKSPACE, role: 'admin', keyId: 'none' });
  }
  const bootstrap = bootstrapKey ? hashKey(pepper, bootstrapKey) : undefined;
  const find = (key: string): Principal | undefined => {
    if (bootstrap && timingSafeEqual(hashKey(pepper, key), bootstrap)) {
      return { workspace: DEFAULT_WORKSPACE, role: 'admin', keyId: 'bootstrap' };
    }
    const found = keys?.find(key);
    return found !== undefined && isRevoked?.(found.keyId) === true ? undefined : found;
  };
  return (headers, needed) => {
    if (!headers.authorization && !headers['x-api-key']) return 'missing';
    for (const credential of credentials(headers)) {
      const principal = find(credential);
      if (principal) return principal.role === needed || principal.role === 'admin' ? principal : 'forbidden';
    }
    return 'invalid';
  };
}

function credentials(headers: CredentialHeaders): string[] {
  const found = [...fromAuthorization(headers.authorization ?? ''), headers['x-api-key'] ?? ''].filter(
    (text) => text !== '' && text.length <= MAX_KEY_LENGTH
  );
  return [...found.filter(hasKeyShape), ...found.filter((text) => !hasKeyShape(text))];
}

function fromAuthorization(header: string): string[] {
  const match = header.length <= MAX_HEADER_LENGTH ? SCHEME.exec(header) : null;
  if (!match) return [];
  const [, scheme, value] = match;
  if (scheme!.toLowerCase() === 'bearer') return [value!];
  const pair = Buffer.from(value!, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon < 0 ? [pair] : [pair.slice(colon + 1), pair.slice(0, colon)];
}
