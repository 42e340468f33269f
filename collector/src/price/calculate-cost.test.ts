import fc from 'fast-check';
import type { TokenUsage } from '../span.ts';
import { MAX_PICO, calculateCost, calculateExact, calculateFast } from './calculate-cost.ts';
import type { CostAmounts } from './calculate-cost.ts';
import { divideHalfEven } from './decimal.ts';
import { loadPriceData } from './load-price-data.ts';
import { createPriceBook } from './price-book.ts';
import { OTHER_UNITS, PRICE_UNITS, TEXT_UNITS } from './price-units.ts';
import type { PriceUnit } from './price-units.ts';
import { createRateCard } from './rate-card.ts';
import type { RateCard } from './rate-card.ts';
import { PREMIUM_RULES } from './region-premiums.ts';
import { STANDARD_TIER, TIER_RULES, serviceTier } from './service-tiers.ts';
import { quantityOf, splitUsage } from './split-usage.ts';
import type { BilledQuantities } from './split-usage.ts';
import { makeUsage } from './testing/make-span.ts';

/** Every price of the book in every tier and region that has a published factor. */
const cards: RateCard[] = [];
beforeAll(async () => {
  for (const entry of createPriceBook(await loadPriceData()).entries()) {
    for (const { allDay, hours } of entry.validities) {
      for (const { contexts, priceId } of [allDay, ...hours.map(({ prices }) => prices)]) {
        for (const { standard, prices, tags } of contexts) {
          cards.push(standard);
          for (const sent of Object.keys(TIER_RULES)) {
            const tier = serviceTier(entry.provider, entry.model, sent);
            if (tier.name === sent) cards.push(createRateCard(priceId, prices, tags, tier));
          }
          for (const { seller, models, factor } of PREMIUM_RULES) {
            if (seller !== entry.provider || !models.test(entry.model)) continue;
            cards.push(createRateCard(priceId, prices, tags, STANDARD_TIER, { name: 'there', factor }));
          }
        }
      }
    }
  }
});

const anyCard = fc.nat().map((index) => cards[index % cards.length]!);
const fractionalCard = fc.nat().map((index) => {
  const fractional = cards.filter(({ scale }) => scale > 1n);
  return fractional[index % fractional.length]!;
});

/** Half of them of text alone, which is calculated with numbers. */
function quantities(max: number): fc.Arbitrary<BilledQuantities> {
  const count = fc.oneof(
    fc.nat({ max: 5_000 }),
    fc.maxSafeNat().map((value) => value % (max + 1))
  );
  const text = fc.record(recordOf(TEXT_UNITS, () => count));
  const other = fc.option(fc.record(recordOf(OTHER_UNITS, () => count)), { nil: undefined, freq: 1 });
  return fc.tuple(text, other).map(([counts, more]) => ({ ...counts, other: more }));
}

function recordOf<Unit extends PriceUnit, T>(units: readonly Unit[], of: (unit: Unit) => T): Record<Unit, T> {
  return Object.fromEntries(units.map((unit) => [unit, of(unit)])) as Record<Unit, T>;
}

/** The same quantities after a change of each. */
function changed(billed: BilledQuantities, change: (unit: PriceUnit, quantity: number) => number): BilledQuantities {
  const of = (unit: PriceUnit): number => change(unit, quantityOf(billed, unit));
  return { ...recordOf(TEXT_UNITS, of), other: recordOf(OTHER_UNITS, of) };
}

function sumOfParts(amounts: CostAmounts): bigint {
  return amounts.inputPico + amounts.outputPico + amounts.cacheReadPico + amounts.cacheWritePico + amounts.requestPico;
}

describe('a cost, for every price of the book', () => {
  it('is the sum of its five parts', () => {
    fc.assert(
      fc.property(anyCard, quantities(Number.MAX_SAFE_INTEGER), (card, billed) => {
        const amounts = calculateCost(card, billed);
        expect(amounts.totalPico).toBe(sumOfParts(amounts));
      })
    );
  });

  it('is the same by numbers and by BigInt, wherever numbers are used', () => {
    fc.assert(
      fc.property(anyCard, quantities(10_000_000), (card, billed) => {
        const fast = calculateFast(card, billed);
        expect(fast ?? calculateExact(card, billed)).toEqual(calculateExact(card, billed));
      }),
      { numRuns: 1_000 }
    );
  });

  it('never falls when tokens are added', () => {
    fc.assert(
      fc.property(
        anyCard,
        quantities(10 ** 9),
        fc.constantFrom(...PRICE_UNITS),
        fc.nat({ max: 10 ** 9 }),
        (card, billed, unit, more) => {
          const before = calculateCost(card, billed).totalPico;
          const after = changed(billed, (each, quantity) => (each === unit ? quantity + more : quantity));
          expect(calculateCost(card, after).totalPico >= before).toBe(true);
        }
      )
    );
  });

  it('of several calls is the cost of their sum, to the rounding of each part', () => {
    fc.assert(
      fc.property(anyCard, quantities(10 ** 6), quantities(10 ** 6), (card, one, other) => {
        const [costOne, costOther] = [calculateCost(card, one).totalPico, calculateCost(card, other).totalPico];
        const both = changed(one, (unit, quantity) => quantity + quantityOf(other, unit));
        const difference = calculateCost(card, both).totalPico - costOne - costOther;
        const allowed = card.scale === 1n ? 0n : 5n;
        expect(difference <= allowed && difference >= -allowed).toBe(true);
      })
    );
  });

  it('fits the column, whatever the counts', () => {
    fc.assert(
      fc.property(anyCard, quantities(Number.MAX_SAFE_INTEGER), (card, billed) => {
        const amounts = calculateCost(card, billed);
        for (const amount of [
          amounts.totalPico,
          ...Object.values(amounts).filter((value) => typeof value === 'bigint'),
        ]) {
          expect(amount <= MAX_PICO && amount >= -MAX_PICO).toBe(true);
        }
      })
    );
  });

  it('rounds each part once, half-even, where a price is a fraction of a pico-dollar', () => {
    fc.assert(
      fc.property(fractionalCard, quantities(10 ** 6), (card, billed) => {
        const exactWrites =
          BigInt(billed.cacheWrite) * card.rates.cacheWrite + BigInt(billed.cacheWrite1h) * card.rates.cacheWrite1h;
        expect(calculateCost(card, billed).cacheWritePico).toBe(divideHalfEven(exactWrites, card.scale));
      })
    );
  });
});

describe('cached tokens', () => {
  it('are never dearer to read than uncached ones, in any price of the book', () => {
    const dearer = cards.filter(
      ({ rates }) =>
        rates.cacheRead > rates.input ||
        rates.audioCacheRead > rates.audioInput ||
        rates.imageCacheRead > rates.imageInput
    );
    expect(dearer.map(({ priceId }) => priceId)).toEqual([]);
  });

  it('save the difference to the uncached price, less what writing costs more', () => {
    fc.assert(
      fc.property(anyCard, quantities(10 ** 6), (card, billed) => {
        const uncached = changed(billed, (unit, quantity) => {
          if (unit === 'input') return quantity + billed.cacheRead + billed.cacheWrite + billed.cacheWrite1h;
          if (unit === 'audioInput') return quantity + quantityOf(billed, 'audioCacheRead');
          if (unit === 'imageInput') return quantity + quantityOf(billed, 'imageCacheRead');
          return unit.includes('ache') ? 0 : quantity;
        });
        const [withCache, without] = [calculateCost(card, billed), calculateCost(card, uncached)];
        const difference = without.totalPico - withCache.totalPico - withCache.cacheSavingsPico;
        const allowed = card.scale === 1n ? 0n : 3n;
        expect(difference <= allowed && difference >= -allowed).toBe(true);
      })
    );
  });
});

describe('amounts beyond 999,999 dollars', () => {
  it('are cut so that the parts still sum to the total', () => {
    const prices = cards.find(({ priceId }) => priceId === 'openai/gpt-4@initial')!;
    const billed = splitUsage(makeUsage({ inputTokens: 20_000_000_000, outputTokens: 20_000_000_000 }));
    expect(calculateCost(prices, billed)).toEqual({
      totalPico: MAX_PICO,
      inputPico: 600_000n * 10n ** 12n,
      outputPico: 399_999n * 10n ** 12n,
      cacheReadPico: 0n,
      cacheWritePico: 0n,
      requestPico: 0n,
      cacheSavingsPico: 0n,
      clamped: true,
    });
  });

  it('are left alone at the limit itself', () => {
    const card = createRateCard('test/model@initial', fixedPrices(1n));
    const billed = splitUsage(makeUsage({ inputTokens: 9_000_000_000_000_000 }));
    const amounts = calculateCost(card, billed);
    expect([amounts.totalPico, amounts.clamped]).toEqual([9_000_000_000_000_000n, false]);
  });
});

describe('splitUsage', () => {
  const usage: fc.Arbitrary<TokenUsage> = fc
    .tuple(...Array.from({ length: 8 }, () => fc.nat({ max: 1_000_000 })))
    .map(([text = 0, audio = 0, read = 0, write5m = 0, write1h = 0, answer = 0, reasoning = 0, speech = 0]) =>
      makeUsage({
        inputTokens: text + audio + read + write5m + write1h,
        audioInputTokens: audio,
        cacheReadTokens: read,
        cacheWriteTokens: write5m + write1h,
        cacheWrite1hTokens: write1h,
        outputTokens: answer + reasoning + speech,
        reasoningTokens: reasoning,
        audioOutputTokens: speech,
      })
    );

  const INPUTS: readonly PriceUnit[] = [
    ...(['input', 'cacheRead', 'cacheWrite', 'cacheWrite1h', 'audioInput', 'audioCacheRead'] as const),
    ...(['imageInput', 'imageCacheRead', 'videoInput'] as const),
  ];
  const OUTPUTS: readonly PriceUnit[] = ['output', 'reasoning', 'audioOutput', 'imageOutput', 'videoOutput'];
  const sum = (billed: BilledQuantities, units: readonly PriceUnit[]): number =>
    units.reduce((total, unit) => total + quantityOf(billed, unit), 0);

  it('puts every token of the totals into exactly one quantity', () => {
    fc.assert(
      fc.property(usage, fc.nat({ max: 1_000_000 }), fc.nat({ max: 1_000_000 }), (counts, pictures, cachedPictures) => {
        const billed = splitUsage(counts, {
          imageInput: pictures,
          imageCacheRead: cachedPictures,
          videoInput: pictures,
        });
        expect([sum(billed, INPUTS), sum(billed, OUTPUTS)]).toEqual([counts.inputTokens, counts.outputTokens]);
        expect(PRICE_UNITS.filter((unit) => quantityOf(billed, unit) < 0)).toEqual([]);
      })
    );
  });

  it('takes audio and images as uncached first and puts only the rest into the cached part', () => {
    const audio = splitUsage(makeUsage({ inputTokens: 1000, cacheReadTokens: 600, audioInputTokens: 700 }));
    expect(nonZero(audio)).toEqual({ audioInput: 400, cacheRead: 300, audioCacheRead: 300, request: 1 });
    const image = splitUsage(makeUsage({ inputTokens: 1000, cacheReadTokens: 600 }), { imageInput: 700 });
    expect(nonZero(image)).toEqual({ imageInput: 400, cacheRead: 300, imageCacheRead: 300, request: 1 });
  });

  it('believes what the provider says of cached audio and images', () => {
    const counts = makeUsage({ inputTokens: 1000, cacheReadTokens: 600, audioInputTokens: 300 });
    expect(nonZero(splitUsage(counts, { audioCacheRead: 200, imageInput: 100, imageCacheRead: 100 }))).toEqual({
      input: 300,
      cacheRead: 300,
      audioInput: 100,
      audioCacheRead: 200,
      imageCacheRead: 100,
      request: 1,
    });
  });

  it('bills parts that exceed their total as they were reported', () => {
    const counts = { inputTokens: 10, cacheReadTokens: 100, outputTokens: 5, reasoningTokens: 20 };
    expect(nonZero(splitUsage(makeUsage(counts)))).toEqual({ cacheRead: 100, reasoning: 20, request: 1 });
  });

  it('counts what is not a whole number as 0', () => {
    const billed = splitUsage(makeUsage({ inputTokens: Number.NaN, outputTokens: -5, cacheReadTokens: 1.5 }), {
      webSearch: Number.NaN,
      imageOutput: 1.5,
      audioMillisecond: -1,
    });
    expect(nonZero(billed)).toEqual({ request: 1 });
  });
});

function nonZero(billed: BilledQuantities): Record<string, number> {
  const quantities = PRICE_UNITS.map((unit) => [unit, quantityOf(billed, unit)] as const);
  return Object.fromEntries(quantities.filter(([, quantity]) => quantity !== 0));
}

function fixedPrices(picoPerUnit: bigint): Parameters<typeof createRateCard>[1] {
  const price = { numerator: picoPerUnit, denominator: 1n };
  const zero = { numerator: 0n, denominator: 1n };
  return {
    ...(Object.fromEntries(PRICE_UNITS.map((unit) => [unit, price])) as Record<PriceUnit, typeof price>),
    request: zero,
    webSearch: zero,
  };
}
