import { spanOf } from '../testing/span-of.ts';
import { googleAdk } from './google-adk.ts';

const CALL = {
  'gen_ai.system': 'gcp.vertex.agent',
  'gen_ai.request.model': 'gemini-2.5-flash',
  'gcp.vertex.agent.session_id': 'sess-9',
  'gcp.vertex.agent.llm_request':
    '{"model":"gemini-2.5-flash","config":{"system_instruction":"Be terse.","tools":[{"function_declarations":[{"name":"get_weather"}]}]},"contents":[{"role":"user","parts":[{"text":"Weather?"}]}]}',
  'gcp.vertex.agent.llm_response':
    '{"model_version":"gemini-2.5-flash-001","content":{"role":"model","parts":[{"text":"Rain."}]},"finish_reason":"STOP","usage_metadata":{"prompt_token_count":2061,"candidates_token_count":113,"thoughts_token_count":320,"cached_content_token_count":1536,"total_token_count":2494}}',
  'gen_ai.usage.input_tokens': 2061,
  'gen_ai.usage.output_tokens': 113,
};

describe('googleAdk', () => {
  it('reads an old call, with the thoughts that the attributes leave out', () => {
    const span = spanOf(CALL, { scope: 'gcp.vertex.agent', version: '1.16.0', name: 'call_llm' });
    expect(googleAdk.matches(span)).toBe(true);
    const fields = { ...googleAdk.read(span), consumed: undefined };
    expect(fields).toEqual({
      operation: 'generate_content',
      provider: 'gcp.vertex.agent',
      responseModel: 'gemini-2.5-flash-001',
      usage: {
        input: 2061,
        output: 113,
        total: 2494,
        cacheRead: 1536,
        reasoning: 320,
        inputIncludesCache: true,
        outputIncludesReasoning: false,
      },
      conversationId: 'sess-9',
      fragments: [
        {
          kind: 'input_messages',
          source: 'attribute',
          position: 0,
          body: '[{"role":"user","parts":[{"type":"text","content":"Weather?"}]}]',
        },
        {
          kind: 'output_messages',
          source: 'attribute',
          position: 0,
          body: '[{"role":"assistant","parts":[{"type":"text","content":"Rain."}],"finish_reason":"STOP"}]',
        },
        {
          kind: 'system_instructions',
          source: 'attribute',
          position: 0,
          body: '[{"type":"text","content":"Be terse."}]',
        },
        {
          kind: 'tool_definitions',
          source: 'attribute',
          position: 0,
          body: '[{"type":"function","function_declarations":[{"name":"get_weather"}]}]',
        },
      ],
    });
  });

  it.each([
    ['1.23.0', 'generate_content'],
    ['1.24.0', 'chain'],
    ['2.13.0', 'chain'],
    ['', 'generate_content'],
  ])('takes call_llm of version %s for %s, as a span of the call lies below it since 1.24', (version, operation) => {
    expect(googleAdk.read(spanOf(CALL, { scope: 'gcp.vertex.agent', version, name: 'call_llm' })).operation).toBe(
      operation
    );
  });

  it('reads the call of newer versions from the conventions', () => {
    const span = spanOf(
      {
        'gen_ai.operation.name': 'generate_content',
        'gen_ai.provider.name': 'gcp.gemini',
        'gen_ai.conversation.id': 'sess-9',
      },
      { scope: 'gcp.vertex.agent', version: '2.13.0' }
    );
    expect(googleAdk.read(span)).toMatchObject({
      operation: 'generate_content',
      provider: 'gcp.gemini',
      conversationId: 'sess-9',
    });
    expect(googleAdk.read(span).usage).toBeUndefined();
  });

  it('reads a tool and not the placeholders for content that was not captured', () => {
    const tool = {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'get_weather',
      'gen_ai.tool.call.id': 'adk-1',
    };
    const shown = spanOf(
      {
        ...tool,
        'gcp.vertex.agent.tool_call_args': '{"city":"Paris"}',
        'gcp.vertex.agent.tool_response': '{"result":"rain"}',
      },
      { scope: 'gcp.vertex.agent' }
    );
    const hidden = spanOf(
      { ...tool, 'gcp.vertex.agent.tool_call_args': '{}', 'gcp.vertex.agent.tool_response': '{}' },
      { scope: 'gcp.vertex.agent' }
    );
    expect(googleAdk.read(shown)).toMatchObject({
      operation: 'execute_tool',
      toolName: 'get_weather',
      fragments: [{ kind: 'input_messages' }, { kind: 'output_messages' }],
    });
    expect(googleAdk.read(hidden).fragments).toEqual([]);
  });
});
