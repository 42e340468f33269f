import { spanOf } from '../testing/span-of.ts';
import { openrouter } from './openrouter.ts';

describe('openrouter', () => {
  it('reads a request that the gateway broadcast', () => {
    const span = spanOf({
      'gen_ai.request.model': 'anthropic/claude-sonnet-4.5',
      'gen_ai.provider.name': 'Anthropic',
      'gen_ai.usage.total_cost': 0.00123,
      'trace.metadata.openrouter.provider_slug': 'anthropic',
      'trace.metadata.environment': 'production',
      'user.id': 'user-42',
    });
    expect(openrouter.matches(span)).toBe(true);
    const fields = { ...openrouter.read(span), consumed: undefined };
    expect(fields).toEqual({ provider: 'openrouter', reportedCostUsd: '0.00123', environment: 'production' });
  });

  it('does not take a span without a model for a call', () => {
    const span = spanOf({}, { resource: { 'service.name': 'openrouter' }, name: 'my-trace' });
    expect(openrouter.matches(span)).toBe(true);
    expect(openrouter.read(span)).toMatchObject({ operation: 'chain', workflowName: 'my-trace' });
  });

  it('leaves other spans alone', () => {
    expect(openrouter.matches(spanOf({ 'gen_ai.request.model': 'openai/gpt-4o' }))).toBe(false);
  });
});
