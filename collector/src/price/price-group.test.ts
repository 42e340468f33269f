import { parsePico } from './decimal.ts';
import { loadPriceData } from './load-price-data.ts';
import { createPriceBook, type PriceBook } from './price-book.ts';
import { createPriceGroup, type CallGroup, type GroupPrice } from './price-group.ts';
import type { PriceOverride } from './price-override.ts';
import { readOverride } from './read-override.ts';
import { makeUsage, nanoseconds } from './testing/make-span.ts';

let book: PriceBook;
beforeAll(async () => {
  book = createPriceBook(await loadPriceData());
});

function own(id: string, body: object): PriceOverride {
  const read = readOverride(id, body);
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  return { ...read.draft, version: 'v1', source: 'override', workspace: 'shop', updatedBy: 'ada', updatedAtMs: 1 };
}

/** Three calls with a million tokens of input together, which cost 7 pico-dollars. */
const priced = (overrides: readonly PriceOverride[], more: Partial<CallGroup>): GroupPrice =>
  createPriceGroup(
    book,
    overrides
  )({
    workspace: 'shop',
    provider: '',
    model: 'acme',
    serviceTier: '',
    priceId: '',
    timestampNs: nanoseconds('2026-06-01T00:00:00Z'),
    calls: 3,
    durationNs: 0,
    usage: makeUsage({ inputTokens: 1_000_000 }),
    costPico: 7n,
    requestPico: 0n,
    ...more,
  });
const kept = (priceId: string, estimate = false): GroupPrice => ({ priceId, costPico: 7n, estimate });

const price = { input: '2', output: '4' };
const machine = own('gpu', { model: 'acme', gpu_hour: { price: '2.10', gpus: 4, parallel_calls: 12 } });
const anywhere = own('any', { model: 'acme', price });
const european = own('eu', { model: 'acme', region: 'eu-west-1', price: { input: '5', output: '5' } });

describe('calls whose price entry stays the same keep their cost', () => {
  it('when machines are paid by the hour: each call was rounded', () => {
    expect(priced([machine], { priceId: 'override/gpu@v1', durationNs: 1_234_567_891 })).toEqual(
      kept('override/gpu@v1')
    );
  });

  it('when their price is that of the model asked for, and another answered', () => {
    expect(priced([anywhere], { priceId: 'override/any@v1', model: 'acme-0612' })).toEqual(kept('override/any@v1'));
  });

  it('when their price is that of a region', () => {
    expect(priced([anywhere, european], { priceId: 'override/eu@v1' })).toEqual(kept('override/eu@v1'));
  });

  it.each([
    ['aws.bedrock', 'claude-sonnet-4-5-20250929', 'aws/global.anthropic.claude-sonnet-4-5-20250929-v1:0@initial'],
    ['aws.bedrock', 'claude-sonnet-4-5-20250929', 'aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0@initial'],
    ['openai', 'a-name-that-no-list-has', 'openai/gpt-4o@initial'],
  ])('when the model that was asked for at %s told more than %s', (provider, model, priceId) => {
    expect(priced([], { provider, model, priceId })).toEqual(kept(priceId));
  });

  it('when they reported no tokens: they have no price before and after', () => {
    const silent = { provider: 'openai', model: 'gpt-4o', usage: makeUsage({}), costPico: 0n };
    expect(priced([], silent)).toEqual({ priceId: '', costPico: 0n, estimate: false });
    expect(
      priced([own('fee', { model: 'gpt-4o', price: { ...price, input: '0', output: '0', request: '40000' } })], silent)
    ).toEqual({
      priceId: 'override/fee@v1',
      costPico: parsePico('0.12'),
      estimate: true,
    });
  });
});

it('what calls in a region would cost is an estimate, also when the price of other regions stays', () => {
  expect(priced([anywhere, european], { priceId: 'override/any@v1' })).toEqual(kept('override/any@v1', true));
  expect(priced([european], {})).toEqual({ priceId: '', costPico: 0n, estimate: true });
});

it('calls of a region or a model asked for have the later version of their price, as an estimate', () => {
  const later = [anywhere, european].map((each) => ({ ...each, version: 'v2' }));
  expect([
    priced(later, { priceId: 'override/eu@v1' }),
    priced([later[0]!], { priceId: 'override/any@v1', model: 'acme-0612' }),
    priced([later[0]!], { priceId: 'override/any@v1' }),
  ]).toEqual([
    { priceId: 'override/eu@v2', costPico: parsePico('5'), estimate: true },
    { priceId: 'override/any@v2', costPico: parsePico('2'), estimate: true },
    { priceId: 'override/any@v2', costPico: parsePico('2'), estimate: false },
  ]);
});

it('another model asked for is no reason to keep a price that no longer holds', () => {
  expect(priced([], { priceId: 'override/any@v1', model: 'acme-0612' })).toEqual({
    priceId: '',
    costPico: 0n,
    estimate: true,
  });
});

it('lengths that only later prices tell apart make an estimate', () => {
  const luna = {
    provider: 'aws.bedrock',
    model: 'us.openai.gpt-5.6-luna',
    timestampNs: nanoseconds('2026-11-01T00:00:00Z'),
  };
  expect(priced([], luna)).toMatchObject({ estimate: true });
});

it('sound, pages and searches cost in proportion, since no sum counts them', () => {
  const whisper = {
    provider: 'groq',
    model: 'whisper-large-v3',
    usage: makeUsage({}),
    costPico: 8_000n,
    priceId: 'groq/whisper-large-v3@initial',
  };
  const discount = own('groq', { provider: 'groq', percent_off: '12.5' });
  expect(priced([discount], whisper)).toEqual({
    priceId: 'override/groq@v1+groq/whisper-large-v3@initial',
    costPico: 7_000n,
    estimate: true,
  });
  expect(priced([], { ...whisper, priceId: 'override/gone@v1+groq/whisper-large-v3@initial' })).toEqual({
    priceId: 'groq/whisper-large-v3@initial',
    costPico: 8_000n,
    estimate: true,
  });
});

it('no call costs more than a column holds', () => {
  const huge = { usage: makeUsage({ inputTokens: Number.MAX_SAFE_INTEGER }) };
  expect(priced([anywhere], huge)).toMatchObject({ costPico: parsePico(String(3 * 999_999)) });
});
