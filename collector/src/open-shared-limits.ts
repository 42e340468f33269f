import type { Config } from './config.ts';
import type { Metrics } from './metrics.ts';
import { createRateLimit } from './receive/rate-limit.ts';
import type { RateLimit } from './receive/rate-limit.ts';
import type { KeyStore } from './receive/keys/key-store.ts';
import { openRedis } from './redis/open-redis.ts';

/** With the poll of the key file a revocation is seen by every collector within half a minute. */
const EXCHANGE_MS = 15_000;

export interface SharedLimits {
  readonly rateLimit: RateLimit | undefined;
  readonly isRevoked: (keyId: string) => boolean;
  readonly close: () => void;
}

/** What the receivers share with other collectors, by Redis where there is one: rate limits and revoked keys. */
export function openSharedLimits(options: {
  readonly config: Pick<Config, 'redisUrl' | 'rateLimitPerHour'>;
  readonly keys: Pick<KeyStore, 'revoked'> | undefined;
  readonly metrics: Pick<Metrics, 'shared'>;
  readonly now: () => number;
  readonly exchangeMs?: number;
  readonly sharedWaitMs?: number;
}): SharedLimits {
  const { config, keys, metrics, now } = options;
  const redis = config.redisUrl === undefined ? undefined : openRedis(config.redisUrl, metrics.shared.connected);
  let revoked: ReadonlySet<string> = new Set();
  const exchange = async (): Promise<void> => {
    const all = await redis?.exchangeRevoked(keys?.revoked() ?? []);
    // What was once revoked stays so, also when Redis has forgotten it.
    if (all !== undefined) revoked = new Set([...revoked, ...all]);
  };
  const exchangeOrCount = (): void => void exchange().catch(() => metrics.shared.fellBack('revoked_keys'));
  const timer =
    redis === undefined || keys === undefined
      ? undefined
      : setInterval(exchangeOrCount, options.exchangeMs ?? EXCHANGE_MS).unref();
  return {
    rateLimit:
      config.rateLimitPerHour === 0
        ? undefined
        : createRateLimit({
            limit: config.rateLimitPerHour,
            now,
            shared: redis?.rateWindow,
            ...(options.sharedWaitMs === undefined ? {} : { sharedWaitMs: options.sharedWaitMs }),
            onFallback: () => metrics.shared.fellBack('rate_limit'),
          }),
    isRevoked: (keyId) => revoked.has(keyId),
    close: () => {
      clearInterval(timer);
      redis?.close();
    },
  };
}
