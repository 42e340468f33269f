import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { ClickHouseClient } from '@clickhouse/client';

/** Older servers close an idle connection after 3 s; a request sent at that moment ends in a hang-up. */
const IDLE_SOCKET_MS = 2000;
/** Longer than a merge-throttled insert of the largest batch takes; then the outcome is unknown and the token settles it. */
const REQUEST_TIMEOUT_MS = 120_000;
const MAX_CONNECTIONS = 16;

/**
 * A client for `http(s)://user:password@host:port`. A path is not used: every statement names its database, which the first one creates. No compression: on loopback it costs more than it saves.
 * The client's own log is off, because it quotes statements and server texts. Throws on a URL that is none, without echoing it.
 */
export function connect(url: string, options: { readonly requestTimeoutMs?: number } = {}): ClickHouseClient {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new Error('the ClickHouse URL is not a URL');
  }
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')
    throw new Error('the ClickHouse URL must begin with http:// or https://');
  return createClient({
    url: parsed.origin,
    username: decodeURIComponent(parsed.username) || 'default',
    password: decodeURIComponent(parsed.password),
    application: 'spanledger',
    compression: { request: false, response: false },
    keep_alive: { enabled: true, idle_socket_ttl: IDLE_SOCKET_MS, eagerly_destroy_stale_sockets: true },
    request_timeout: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
    max_open_connections: MAX_CONNECTIONS,
    log: { level: ClickHouseLogLevel.OFF },
  });
}
