import { loadPriceData } from './load-price-data.ts';
import { createPriceBook } from './price-book.ts';
import { createPrice } from './price-span.ts';
import { PRICED_ATTRIBUTES } from './priced-attributes.ts';
import { goldenCosts } from './testing/golden-costs.ts';
import { makeSpan, makeUsage, nanoseconds } from './testing/make-span.ts';

/** Says which names were asked for. */
class Watched extends Map<string, string> {
  readonly asked = new Set<string>();

  override get(name: string): string | undefined {
    this.asked.add(name);
    return super.get(name);
  }
}

it('names every attribute that a price asks for: re-pricing reads no others', async () => {
  const price = createPrice(createPriceBook(await loadPriceData()));
  const asked = new Set<string>();
  for (const golden of goldenCosts())
    for (const operation of ['chat', 'image_generation', 'rerank', 'transcription']) {
      // Something must be there, or nothing is asked for.
      const attributes = new Watched([['some.name', 'x']]);
      price(
        makeSpan({
          operation,
          provider: golden.provider,
          requestModel: golden.model,
          responseModel: golden.model,
          timestampNs: nanoseconds(golden.time),
          serviceTier: golden.tier,
          region: golden.region,
          usage: makeUsage(golden.usage),
          attributes,
        })
      );
      for (const name of attributes.asked) asked.add(name);
    }
  expect(asked.size).toBeGreaterThan(5);
  expect([...asked].filter((name) => !PRICED_ATTRIBUTES.includes(name))).toEqual([]);
  expect(PRICED_ATTRIBUTES).toContain('cloud.region');
});
