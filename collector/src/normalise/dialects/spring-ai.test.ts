import { spanOf } from '../testing/span-of.ts';
import { springAi } from './spring-ai.ts';

describe('springAi', () => {
  it('reads the chat client, which is no call itself', () => {
    const span = spanOf({
      'spring.ai.kind': 'chat_client',
      'gen_ai.operation.name': 'framework',
      'spring.ai.chat.client.stream': 'true',
      'spring.ai.chat.client.conversation.id': 'c-1',
    });
    expect(springAi.matches(span)).toBe(true);
    expect(springAi.read(span)).toMatchObject({
      operation: 'invoke_agent',
      usage: null,
      conversationId: 'c-1',
      streaming: true,
    });
  });

  it('reads a tool', () => {
    const span = spanOf({
      'spring.ai.kind': 'tool_call',
      'spring.ai.tool.definition.name': 'get_weather',
      'spring.ai.tool.call.arguments': '{"city":"Paris"}',
      'spring.ai.tool.call.result': 'rain',
    });
    expect(springAi.read(span)).toMatchObject({
      operation: 'execute_tool',
      toolName: 'get_weather',
      fragments: [{ kind: 'input_messages' }, { kind: 'output_messages' }],
    });
  });

  it('leaves the span of the model to the conventions', () => {
    expect(springAi.matches(spanOf({ 'gen_ai.operation.name': 'chat', 'gen_ai.usage.input_tokens': '37' }))).toBe(
      false
    );
  });
});
