import { Redis } from 'ioredis';
import type { SharedWindow } from '../receive/rate-limit.ts';

/** What collectors tell each other. Nothing here waits for a Redis that is not there: every call settles or rejects soon. */
export interface SharedState {
  readonly rateWindow: SharedWindow;
  /** Adds ids of revoked keys and gives all that any collector has added. */
  readonly exchangeRevoked: (ids: readonly string[]) => Promise<readonly string[]>;
  readonly close: () => void;
}

const PREFIX = 'spanledger:';
const REVOKED = `${PREFIX}revoked-keys`;
const CONNECT_MS = 2_000;
/** Of one command; callers wait even less where it matters. */
const COMMAND_MS = 1_000;
const LONGEST_RECONNECT_MS = 5_000;
/** The library waits so long for the end of a connection that is closed, also of one that is gone already. */
const DISCONNECT_MS = 100;
/** More revoked keys than anybody has; what is beyond is not read. */
const MAX_REVOKED = 10_000;

/** Adds only when it fits (or the window is untouched), in one step, and forgets the window when it is over. */
const TAKE = `
local used = tonumber(redis.call('GET', KEYS[1]) or '0')
local events = tonumber(ARGV[1])
if used > 0 and used + events > tonumber(ARGV[2]) then return {0, used} end
used = redis.call('INCRBY', KEYS[1], events)
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return {1, used}`;

/**
 * Connects in the background and again whenever the connection is lost. While there is none, every call rejects at once: commands
 * are neither queued nor sent again, for the one that came through could then count twice.
 */
export function openRedis(url: string, onState: (isConnected: boolean) => void): SharedState {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_MS,
    commandTimeout: COMMAND_MS,
    disconnectTimeout: DISCONNECT_MS,
    retryStrategy: (attempt) => Math.min(LONGEST_RECONNECT_MS, 100 * attempt),
  });
  redis.on('ready', () => onState(true));
  redis.on('close', () => onState(false));
  // Without a listener an error would end the process; the state says enough, and the error may hold the URL.
  redis.on('error', () => undefined);
  redis.connect().catch(() => undefined);
  return {
    rateWindow: async (window, events, limit, windowMs) => {
      const answer: unknown = await redis.eval(TAKE, 1, `${PREFIX}rate:${window}`, events, limit, 2 * windowMs);
      const [isAllowed, used] = answer as readonly [number, number];
      return { isAllowed: isAllowed === 1, used };
    },
    exchangeRevoked: async (ids) => {
      if (ids.length > 0) await redis.sadd(REVOKED, ...ids);
      if ((await redis.scard(REVOKED)) > MAX_REVOKED) return ids;
      return redis.smembers(REVOKED);
    },
    close: () => redis.disconnect(),
  };
}
