import { loadPriceData } from './load-price-data.ts';
import { createMatchModel } from './match-model.ts';
import { createPriceBook } from './price-book.ts';
import type { PriceBook } from './price-book.ts';
import { modelIdCases } from './testing/model-id-cases.ts';

const CASES = modelIdCases();

let book: PriceBook;
beforeAll(async () => {
  book = createPriceBook(await loadPriceData());
});

function entryOf(provider: string, responseModel: string, requestModel = ''): string {
  const entry = createMatchModel(book)(provider, responseModel, requestModel);
  return entry === undefined ? 'unpriced' : `${entry.provider}/${entry.model}`;
}

describe('model ids seen in the wild', () => {
  it('are at least 450', () => {
    expect(CASES.length).toBeGreaterThanOrEqual(450);
  });

  it.each(CASES)('of provider "%s": %s is billed by %s', (provider, model, expected) => {
    expect(entryOf(provider, model)).toBe(expected);
  });
});

describe('the choice between response and request model', () => {
  it('prefers the response model, which names what was really used', () => {
    expect(entryOf('openai', 'gpt-4o-2024-05-13', 'gpt-4o')).toBe('openai/gpt-4o-2024-05-13');
  });

  it('falls back to the request model when the response model is missing or unknown', () => {
    expect(entryOf('openai', '', 'gpt-4o')).toBe('openai/gpt-4o');
    expect(entryOf('openrouter', 'anthropic/claude-4.5-sonnet-20250929', 'anthropic/claude-sonnet-4.5')).toBe(
      'openrouter/anthropic/claude-sonnet-4.5'
    );
  });

  it('takes the region of a Bedrock call from the request, because the answer has the bare name', () => {
    const answered = 'claude-sonnet-4-5-20250929';
    expect(entryOf('aws.bedrock', answered, 'global.anthropic.claude-sonnet-4-5-20250929-v1:0')).toBe(
      'aws/global.anthropic.claude-sonnet-4-5-20250929-v1:0'
    );
    expect(entryOf('aws.bedrock', answered, 'us.anthropic.claude-sonnet-4-5-20250929-v1:0')).toBe(
      'aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0'
    );
  });

  it('finds nothing without a model, for absurdly long ids and for control characters', () => {
    expect(entryOf('openai', '', '')).toBe('unpriced');
    expect(entryOf('openai', `gpt-4o-${'2024-01-01-'.repeat(40)}`)).toBe('unpriced');
    expect(entryOf('openai', 'gpt-4o\u0000')).toBe('unpriced');
  });
});

describe("deployments of one's own", () => {
  const deployments = new Map([
    ['prod-chat', 'gpt-4o'],
    ['arn:aws:bedrock:us-east-1:1:application-inference-profile/abc', 'us.amazon.nova-pro-v1:0'],
  ]);

  it.each([
    ['azure.ai.openai', 'Prod-Chat', 'openai/gpt-4o'],
    ['aws.bedrock', 'arn:aws:bedrock:us-east-1:1:application-inference-profile/abc', 'aws/amazon.nova-pro-v1:0'],
    ['azure.ai.openai', 'prod-chat-2', 'unpriced'],
  ])('of %s: %s is billed by %s', (provider, model, expected) => {
    const entry = createMatchModel(book, deployments)(provider, '', model);
    expect(entry === undefined ? 'unpriced' : `${entry.provider}/${entry.model}`).toBe(expected);
  });
});

describe('provider names', () => {
  it.each(['openai', 'OpenAI', ' openai ', 'open-ai', 'open.ai'])('reads %j as OpenAI', (provider) => {
    expect(entryOf(provider, 'gpt-4o')).toBe('openai/gpt-4o');
  });

  it.each(['x_ai', 'xai', 'x.ai', 'x-ai'])('reads %j as xAI', (provider) => {
    expect(entryOf(provider, 'grok-3')).toBe('x-ai/grok-3');
  });

  it('never gives a known host the price of the maker', () => {
    expect(entryOf('databricks', 'claude-sonnet-4-5')).toBe('unpriced');
    expect(entryOf('groq', 'claude-sonnet-4-5')).toBe('unpriced');
  });
});

describe('what the matcher remembers', () => {
  it('gives the same answers when more pairs come than it remembers', () => {
    const match = createMatchModel(book);
    const before = match('openai', 'gpt-4o', '');
    for (let index = 0; index < 10_000; index += 1) match('openai', `made-up-${index}`, '');
    expect(match('openai', 'gpt-4o', '')).toBe(before);
  });
});
