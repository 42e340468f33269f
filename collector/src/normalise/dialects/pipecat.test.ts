import { spanOf } from '../testing/span-of.ts';
import { pipecat } from './pipecat.ts';

describe('pipecat', () => {
  it('reads a call', () => {
    const span = spanOf(
      {
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'gpt-4o',
        input: '[{"role":"user","content":"hi"}]',
        output: 'Hello',
        stream: true,
        'metrics.ttfb': 0.45,
        'conversation.id': 'c-1',
      },
      { scope: 'pipecat', name: 'llm' }
    );
    expect(pipecat.matches(span)).toBe(true);
    const fields = { ...pipecat.read(span), consumed: undefined };
    expect(fields).toEqual({
      operation: 'chat',
      streaming: true,
      timeToFirstTokenNs: 450_000_000,
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

  it.each([
    ['tts', 'speech'],
    ['stt', 'transcription'],
    ['turn', 'chain'],
    ['conversation', 'invoke_workflow'],
  ])('reads span %s', (name, operation) => {
    expect(pipecat.read(spanOf({}, { scope: 'pipecat.turn', name })).operation).toBe(operation);
  });
});
