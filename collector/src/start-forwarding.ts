import { hostname } from 'node:os';
import type { ClickHouseClient } from '@clickhouse/client';
import { createWatchLedgers } from './audit/watch-ledgers.ts';
import type { Config } from './config.ts';
import { createForward, readPosition } from './forward/create-forward.ts';
import { openTarget } from './forward/open-target.ts';
import type { Log } from './log.ts';
import type { CountForwards } from './metrics/count-forwards.ts';
import { createOutboundAddresses } from './outbound/outbound-addresses.ts';
import { createSettleLoop } from './settle/settle-loop.ts';
import type { Store } from './store/open-store.ts';
import { createReadStore } from './store/read-store.ts';
import { createTakeLease } from './write/lease.ts';
import type { Lease } from './write/lease.ts';

const INTERVAL_MS = 5_000;
const BACK_OFF_RUNS = 60;

/** Forwards what was stored to SPANLEDGER_FORWARD_URL, one collector at a time. Does nothing when that is unset. */
export function startForwarding(options: {
  readonly config: Pick<Config, 'forwardUrl' | 'forwardHeaders' | 'outboundAllow'>;
  readonly client: ClickHouseClient;
  readonly database: string;
  readonly store: Pick<Store, 'ready'>;
  readonly now: () => number;
  readonly log: Log;
  readonly metrics: { readonly forwards: CountForwards };
  readonly writeBooks: () => Promise<void>;
  readonly settleMs?: number;
}): { readonly runNow: () => Promise<void>; readonly stop: () => Promise<void> } {
  const { config, client, now, log, metrics } = options;
  const { forwardUrl } = config;
  if (forwardUrl === undefined) return { runNow: () => Promise.resolve(), stop: () => Promise.resolve() };
  const { lookup } = createOutboundAddresses(config.outboundAllow ?? []);
  const target = openTarget({ url: forwardUrl, headers: Object.fromEntries(config.forwardHeaders ?? []), lookup });
  const { query, readOrdered } = createReadStore(client);
  const { watermark } = createWatchLedgers({ query, now, writeBooks: options.writeBooks });
  const take = createTakeLease({ client, database: options.database, holder: hostname(), now });
  const forward = createForward({
    now,
    query,
    readRows: readOrdered,
    watermark,
    send: target.send,
    count: metrics.forwards.count,
    ...(options.settleMs === undefined ? {} : { settleMs: options.settleMs }),
  });
  /** Where the very first run begins: the store may be away for long before it. */
  const startedAtMs = now();
  let lease: Lease | undefined;
  let position = '';
  let failures = 0;
  let pause = 0;
  let stopped = false;

  const run = async (): Promise<void> => {
    if (pause > 0) {
      pause -= 1;
      return;
    }
    if (lease?.isHeld() !== true) {
      lease = await take('forward');
      if (lease === undefined) return;
      // The first start must not begin later again when nothing came.
      position = JSON.stringify(readPosition(lease.position, startedAtMs));
    }
    const held = lease;
    const { outcome, lagMs, ...after } = await forward({
      position,
      isHeld: () => !stopped && held.isHeld(),
      renew: held.renew,
    });
    position = after.position;
    await held.renew(position);
    metrics.forwards.lag(lagMs / 1000);
    failures = outcome === 'failed' ? failures + 1 : 0;
    pause = failures === 0 ? 0 : Math.min(BACK_OFF_RUNS, 2 ** failures) - 1;
    if (failures === 1) log.warn('the forward target does not take spans; they are kept in the store and sent later');
  };
  const loop = createSettleLoop({
    jobs: [{ name: 'forward', run }],
    intervalMs: INTERVAL_MS,
    onFailure: (_, error) => {
      metrics.forwards.failed();
      if (!stopped) log.warn({ err: error }, 'forwarding failed; it is tried again');
    },
  });
  void options.store.ready.then(() => loop.start());
  return {
    runNow: loop.runNow,
    stop: async () => {
      stopped = true;
      await loop.stop();
      if (lease !== undefined && position !== '') await lease.release(position);
      await target.close().catch(() => undefined);
    },
  };
}
