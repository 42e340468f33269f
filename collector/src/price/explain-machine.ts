import { formatPico } from './decimal.ts';
import type { CostLine } from './explain-cost.ts';
import { usdPerMillion } from './override-rows.ts';
import type { PriceOverride } from './price-override.ts';

const NS_PER_SECOND = 1e9;

/** The line of a call on machines paid by the hour: seconds of GPUs, shared with the calls beside it. */
export function explainMachine(own: PriceOverride, durationNs: number, pico: bigint): CostLine {
  return {
    unit: 'gpu_second',
    part: 'request_cost_usd',
    quantity: (durationNs * own.gpus) / own.parallelCalls / NS_PER_SECOND,
    usd_per_million: usdPerMillion(own, own.amounts['gpu_second'] ?? '0'),
    cost_usd: formatPico(pico),
  };
}
