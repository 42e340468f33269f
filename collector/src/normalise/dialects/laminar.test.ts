import { spanOf } from '../testing/span-of.ts';
import { laminar } from './laminar.ts';

describe('laminar', () => {
  it('reads a call', () => {
    const span = spanOf({
      'lmnr.span.type': 'LLM',
      'lmnr.span.input': '[{"role":"user","content":"hi"}]',
      'lmnr.span.output': '[{"role":"assistant","content":"Hello"}]',
      'lmnr.association.properties.session_id': 'sess-9',
      'lmnr.association.properties.user_id': 'user-42',
    });
    expect(laminar.matches(span)).toBe(true);
    const fields = { ...laminar.read(span), consumed: undefined };
    expect(fields).toEqual({
      operation: 'chat',
      conversationId: 'sess-9',
      userId: 'user-42',
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
    ['DEFAULT', 'chain'],
    ['CACHED', 'chain'],
    ['TOOL', 'execute_tool'],
    ['EVALUATOR', 'evaluation'],
  ])('does not bill a span of type %s', (type, operation) => {
    expect(laminar.read(spanOf({ 'lmnr.span.type': type })).operation).toBe(operation);
  });
});
