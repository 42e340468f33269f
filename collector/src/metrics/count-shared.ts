import { Counter, Gauge, type Registry } from 'prom-client';

/** What collectors share through Redis. */
export interface CountShared {
  readonly connected: (isConnected: boolean) => void;
  readonly fellBack: (what: 'rate_limit' | 'revoked_keys') => void;
}

export function createCountShared(registry: Registry): CountShared {
  const registers = [registry];
  const connected = new Gauge({
    name: 'spanledger_redis_connected',
    help: '1 while Redis is connected; 0 without SPANLEDGER_REDIS_URL too',
    registers,
  });
  const fallbacks = new Counter({
    name: 'spanledger_redis_fallbacks_total',
    help: 'Times that this collector went on by what it knows, because Redis was slow or gone',
    labelNames: ['what'],
    registers,
  });
  return {
    connected: (isConnected) => connected.set(isConnected ? 1 : 0),
    fellBack: (what) => fallbacks.inc({ what }),
  };
}
