import type { Config } from './config.ts';
import { createExternalGuard, type ExternalGuard } from './external-guard/external-guard.ts';
import { externalProtocols } from './external-guard/external-protocol.ts';
import { postJson } from './external-guard/post-json.ts';
import { NO_SPANS } from './ledger/accounting.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { createEncodeFindings } from './rows/encode-findings.ts';

const NO_FINGERPRINTS = new Uint32Array();
/** A guard that is down is said once in this time. */
const WARN_MS = 60_000;

/** The external guard of the configuration, or one that takes nothing. */
export function startExternalGuard(options: {
  readonly config: Config;
  readonly ledger: Pick<Ledger, 'append'>;
  readonly metrics: Pick<Metrics, 'watchExternalGuard'>;
  readonly log: Log;
  readonly now: () => number;
}): Pick<ExternalGuard, 'offer' | 'stop'> {
  const { config, ledger, log, now } = options;
  const { externalGuardUrl: url } = config;
  if (url === undefined) return { offer: () => undefined, stop: () => Promise.resolve() };
  const encode = createEncodeFindings();
  let warnedAt = -Infinity;
  const guard = createExternalGuard({
    protocol: externalProtocols[config.externalGuardKind],
    model: config.externalGuardModel ?? '',
    sample: config.externalGuardSamplePercent / 100,
    ask: (body) =>
      postJson({ url, key: config.externalGuardKey ?? '', allowPrivate: config.externalGuardAllowPrivate, body }),
    store: async (rows) => {
      const outcome = await ledger.append({
        tables: encode(rows),
        fingerprints: NO_FINGERPRINTS,
        counters: NO_SPANS,
      });
      if (outcome !== 'stored') throw new Error(`the ledger is ${outcome}`);
    },
    onFailure: (error) => {
      if (now() - warnedAt < WARN_MS) return;
      warnedAt = now();
      log.warn({ err: error }, 'the external guard gives no usable answer');
    },
    now,
    random: Math.random,
  });
  options.metrics.watchExternalGuard(guard.stats);
  return guard;
}
