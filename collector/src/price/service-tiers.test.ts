import { loadPriceData } from './load-price-data.ts';
import { createPriceBook } from './price-book.ts';
import { createPrice } from './price-span.ts';
import type { Price } from './price-span.ts';
import { STANDARD_TIER, serviceTier } from './service-tiers.ts';
import { makeSpan } from './testing/make-span.ts';

let price: Price;
beforeAll(async () => {
  price = createPrice(createPriceBook(await loadPriceData()));
});

describe('serviceTier', () => {
  it.each(['', 'default', 'standard', 'auto', 'scale', 'on_demand', 'reserved', 'ultrafast', '__proto__'])(
    'bills %j as standard',
    (sent) => {
      expect(serviceTier('openai', 'gpt-5', sent)).toBe(STANDARD_TIER);
    }
  );

  it.each([
    ['flex', 'flex'],
    ['Flex', 'flex'],
    ['SERVICE_TIER_FLEX', 'flex'],
    ['ON_DEMAND_PRIORITY', 'priority'],
    ['fast', 'priority'],
    [' batch ', 'batch'],
  ])('reads %j as %s', (sent, name) => {
    expect(serviceTier('openai', 'gpt-5', sent).name).toBe(name);
  });

  it.each([
    ['openai', 'gpt-4o', 'flex'],
    ['openai', 'gpt-5-pro', 'priority'],
    ['anthropic', 'claude-sonnet-4-5', 'priority'],
    ['azure', 'gpt-4o', 'priority'],
    ['groq', 'llama-3.3-70b-versatile', 'flex'],
    ['x-ai', 'grok-4', 'batch'],
  ])('bills %s %s as standard when its tier %s has no published price', (provider, model, sent) => {
    expect(serviceTier(provider, model, sent)).toBe(STANDARD_TIER);
  });
});

describe('a price in a tier', () => {
  it('names the tier and the length of context in the price id', () => {
    const usage = { ...makeSpan().usage, inputTokens: 300_000 };
    const cost = price(makeSpan({ requestModel: 'gpt-5.4', responseModel: 'gpt-5.4', serviceTier: 'batch', usage }));
    expect(cost.priceId).toBe('openai/gpt-5.4@initial#batch-over-271999');
    expect(cost.totalPico).toBe(300_000n * 2_500_000n + 100n * 11_250_000n);
  });

  it('does not change the fee for a search', () => {
    const span = makeSpan({
      provider: 'anthropic',
      requestModel: 'claude-sonnet-4-5',
      responseModel: '',
      serviceTier: 'batch',
      attributes: new Map([['gen_ai.usage.web_search_requests', '1']]),
    });
    expect(price(span)).toMatchObject({ inputPico: 1_500_000_000n, requestPico: 10_000_000_000n });
  });
});
