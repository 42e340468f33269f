import { formatPico } from './decimal.ts';
import { loadPriceData } from './load-price-data.ts';
import { createPriceBook } from './price-book.ts';
import { createPrice } from './price-span.ts';
import type { Price } from './price-span.ts';
import { goldenCosts } from './testing/golden-costs.ts';
import { makeSpan, makeUsage, nanoseconds } from './testing/make-span.ts';

let price: Price;
beforeAll(async () => {
  price = createPrice(createPriceBook(await loadPriceData()));
});

it('there are 113 golden costs', () => {
  expect(goldenCosts()).toHaveLength(113);
});

it.each(goldenCosts())('$model $tier costs $total: $working ($page)', (golden) => {
  const cost = price(
    makeSpan({
      provider: golden.provider,
      requestModel: golden.model,
      responseModel: golden.model,
      timestampNs: nanoseconds(golden.time),
      serviceTier: golden.tier,
      region: golden.region,
      attributes: golden.attributes,
      usage: makeUsage(golden.usage),
    })
  );
  expect({
    state: cost.state,
    priceId: cost.priceId,
    total: formatPico(cost.totalPico),
    savings: formatPico(cost.cacheSavingsPico),
  }).toEqual({ state: 'computed', priceId: golden.priceId, total: golden.total, savings: golden.savings });
});
