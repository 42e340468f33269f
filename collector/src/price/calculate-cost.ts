import type { Cost } from '../span.ts';
import { divideHalfEven } from './decimal.ts';
import { PRICE_UNITS, UNIT_FACTS } from './price-units.ts';
import type { CostPart } from './price-units.ts';
import type { RateCard } from './rate-card.ts';
import { quantityOf } from './split-usage.ts';
import type { BilledQuantities } from './split-usage.ts';

/** Amounts beyond this are clamped: a Decimal(18,12) column holds no more than six digits before the point. */
export const MAX_PICO = 999_999n * 10n ** 12n;

/** The amounts of a cost, in pico-dollars. The total is the sum of the five parts. */
export type CostAmounts = Omit<Cost, 'state' | 'priceId' | 'reportedPico'>;

/**
 * Quantities × prices, exactly. Each part is the exact sum of its quantities × prices, rounded once, half-even, to a pico-dollar;
 * savings are what the cached tokens would have cost at the uncached price, less what they cost (negative when writes cost more).
 * A total beyond ±999,999 USD is clamped, part by part in the order of the columns, so that the sum stays right.
 */
export function calculateCost(card: RateCard, billed: BilledQuantities): CostAmounts {
  return calculateFast(card, billed) ?? calculateExact(card, billed);
}

/**
 * The same with numbers, for calls of text at prices that are whole pico-dollars per token (nearly all): exact as long as every sum stays
 * below 2^53 (9,007 USD), because then no product or partial sum of these non-negative integers was rounded. `undefined` when it does not.
 */
export function calculateFast(card: RateCard, billed: BilledQuantities): CostAmounts | undefined {
  const rates = card.integerRates;
  if (rates === undefined || billed.other !== undefined) return undefined;
  const input = billed.input * rates.input;
  const output = billed.output * rates.output + billed.reasoning * rates.reasoning;
  const request = billed.request * rates.request + billed.webSearch * rates.webSearch;
  let cacheRead = 0;
  let cacheWrite = 0;
  let uncached = 0;
  const written = billed.cacheWrite + billed.cacheWrite1h;
  if (billed.cacheRead + written > 0) {
    cacheRead = billed.cacheRead * rates.cacheRead;
    cacheWrite = billed.cacheWrite * rates.cacheWrite + billed.cacheWrite1h * rates.cacheWrite1h;
    uncached = (billed.cacheRead + written) * rates.input;
  }
  const total = input + output + cacheRead + cacheWrite + request;
  if (!(total <= Number.MAX_SAFE_INTEGER && uncached <= Number.MAX_SAFE_INTEGER)) return undefined;
  return {
    totalPico: toBigInt(total),
    inputPico: toBigInt(input),
    outputPico: toBigInt(output),
    cacheReadPico: toBigInt(cacheRead),
    cacheWritePico: toBigInt(cacheWrite),
    requestPico: toBigInt(request),
    cacheSavingsPico: toBigInt(uncached - cacheRead - cacheWrite),
    clamped: false,
  };
}

/** The same for any price and any quantity. */
export function calculateExact(card: RateCard, billed: BilledQuantities): CostAmounts {
  const { rates, scale } = card;
  const sums: Record<CostPart, bigint> = { input: 0n, output: 0n, cacheRead: 0n, cacheWrite: 0n, request: 0n };
  for (const unit of PRICE_UNITS) {
    const quantity = quantityOf(billed, unit);
    if (quantity > 0) sums[UNIT_FACTS[unit].part] += BigInt(quantity) * rates[unit];
  }
  const text = BigInt(billed.cacheRead) + BigInt(billed.cacheWrite) + BigInt(billed.cacheWrite1h);
  const uncached =
    text * rates.input +
    BigInt(billed.other?.audioCacheRead ?? 0) * rates.audioInput +
    BigInt(billed.other?.imageCacheRead ?? 0) * rates.imageInput;
  return clampAmounts({
    inputPico: divideHalfEven(sums.input, scale),
    outputPico: divideHalfEven(sums.output, scale),
    cacheReadPico: divideHalfEven(sums.cacheRead, scale),
    cacheWritePico: divideHalfEven(sums.cacheWrite, scale),
    requestPico: divideHalfEven(sums.request, scale),
    cacheSavingsPico: divideHalfEven(uncached - sums.cacheRead - sums.cacheWrite, scale),
  });
}

function clampAmounts(parts: Omit<CostAmounts, 'totalPico' | 'clamped'>): CostAmounts {
  let left = MAX_PICO;
  const take = (amount: bigint): bigint => {
    const taken = amount < left ? amount : left;
    left -= taken;
    return taken;
  };
  const total = parts.inputPico + parts.outputPico + parts.cacheReadPico + parts.cacheWritePico + parts.requestPico;
  const cacheSavingsPico = clampPico(parts.cacheSavingsPico);
  return {
    inputPico: take(parts.inputPico),
    outputPico: take(parts.outputPico),
    cacheReadPico: take(parts.cacheReadPico),
    cacheWritePico: take(parts.cacheWritePico),
    requestPico: take(parts.requestPico),
    totalPico: total < MAX_PICO ? total : MAX_PICO,
    cacheSavingsPico,
    clamped: total > MAX_PICO || cacheSavingsPico !== parts.cacheSavingsPico,
  };
}

/** An amount cut to ±999,999 USD. */
export function clampPico(pico: bigint): bigint {
  if (pico > MAX_PICO) return MAX_PICO;
  return pico < -MAX_PICO ? -MAX_PICO : pico;
}

/** Most parts of most calls are 0; the constant spares an allocation. */
function toBigInt(amount: number): bigint {
  return amount === 0 ? 0n : BigInt(amount);
}
