import { spanOf } from '../testing/span-of.ts';
import { voltAgent } from './volt-agent.ts';

const ENTITY = {
  'entity.id': 'assistant',
  'entity.type': 'agent',
  'entity.name': 'assistant',
  'conversation.id': 'c-1',
  'operation.id': 'op-1',
};

describe('voltAgent', () => {
  it('reads a call', () => {
    const span = spanOf({
      ...ENTITY,
      'span.type': 'llm',
      'llm.operation': 'streamText',
      'llm.model': 'openai/gpt-4o-mini',
      'llm.provider': 'openai',
      'llm.messages': '[{"role":"user","content":"hi"}]',
      output: 'Hello',
      'llm.usage.prompt_tokens': 24,
      'llm.usage.completion_tokens': 12,
      'llm.usage.cached_tokens': 8,
    });
    expect(voltAgent.matches(span)).toBe(true);
    const fields = { ...voltAgent.read(span), consumed: undefined };
    expect(fields).toEqual({
      operation: 'chat',
      provider: 'openai',
      requestModel: 'openai/gpt-4o-mini',
      usage: { input: 24, output: 12, cacheRead: 8 },
      streaming: true,
      agentName: 'assistant',
      conversationId: 'c-1',
      fragments: [
        {
          kind: 'input_messages',
          source: 'attribute',
          position: 0,
          body: '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]',
        },
        {
          kind: 'output_messages',
          source: 'attribute',
          position: 0,
          body: '[{"role":"assistant","parts":[{"type":"text","content":"Hello"}]}]',
        },
      ],
    });
  });

  it('does not take usage from the agent, which repeats its calls', () => {
    expect(voltAgent.read(spanOf({ ...ENTITY, 'usage.prompt_tokens': 24 }))).toMatchObject({
      operation: 'invoke_agent',
      usage: null,
    });
  });
});
