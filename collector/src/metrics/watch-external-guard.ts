import type { Registry } from 'prom-client';
import type { ExternalGuardStats } from '../external-guard/external-guard.ts';
import { watchCounter } from './watch-value.ts';

const HELP: Readonly<Record<keyof ExternalGuardStats, string>> = {
  asked: 'Texts the external guard was asked about',
  failed: 'Questions to the external guard without a usable answer, or whose findings could not be stored',
  dropped: 'Texts the external guard was not asked about, because too many waited',
  found: 'Findings of the external guard',
};

/** What becomes of the texts that the external guard is asked about. */
export function watchExternalGuard(registry: Registry, stats: () => ExternalGuardStats): void {
  for (const [name, help] of Object.entries(HELP))
    watchCounter(registry, {
      name: `spanledger_external_guard_${name}_total`,
      help,
      read: () => stats()[name as keyof ExternalGuardStats],
    });
}
