import { spanOf } from '../testing/span-of.ts';
import { pydanticAi } from './pydantic-ai.ts';

const SCOPE = { scope: 'pydantic-ai' };

describe('pydanticAi', () => {
  it('reads version 1, with the messages in one attribute', () => {
    const events = [
      { content: 'Be terse.', role: 'system', 'gen_ai.message.index': 0, 'event.name': 'gen_ai.system.message' },
      { content: [{ kind: 'text', content: 'hi' }], role: 'user', 'event.name': 'gen_ai.user.message' },
      {
        index: 0,
        message: {
          role: 'assistant',
          content: 'Hello',
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 't', arguments: { a: 1 } } }],
        },
        'event.name': 'gen_ai.choice',
      },
    ];
    const span = spanOf(
      {
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'gpt-5-mini',
        'gen_ai.usage.input_tokens': 2061,
        'gen_ai.usage.output_tokens': 433,
        'gen_ai.usage.details.reasoning_tokens': 320,
        'gen_ai.usage.details.cached_tokens': 1536,
        model_request_parameters:
          '{"function_tools":[{"name":"t","description":"d","parameters_json_schema":{"type":"object"}}],"output_tools":[]}',
        events: JSON.stringify(events),
      },
      SCOPE
    );
    expect(pydanticAi.matches(span)).toBe(true);
    const fields = { ...pydanticAi.read(span), consumed: undefined };
    expect(fields).toEqual({
      operation: 'chat',
      requestModel: 'gpt-5-mini',
      usage: { input: 2061, output: 433, cacheRead: 1536, reasoning: 320 },
      fragments: [
        {
          kind: 'input_messages',
          source: 'attribute',
          position: 0,
          body: '[{"role":"system","parts":[{"type":"text","content":"Be terse."}]},{"role":"user","parts":[{"type":"text","content":"hi"}]}]',
        },
        {
          kind: 'output_messages',
          source: 'attribute',
          position: 0,
          body: '[{"role":"assistant","parts":[{"type":"text","content":"Hello"},{"type":"tool_call","id":"c1","name":"t","arguments":{"a":1}}]}]',
        },
        {
          kind: 'tool_definitions',
          source: 'attribute',
          position: 0,
          body: '[{"type":"function","name":"t","description":"d","parameters":{"type":"object"}}]',
        },
      ],
    });
  });

  it('reads raw counts of Anthropic, which leave cached tokens out, when nothing else is written', () => {
    const span = spanOf(
      {
        'gen_ai.operation.name': 'chat',
        'gen_ai.usage.details.input_tokens': 21,
        'gen_ai.usage.details.output_tokens': 41,
        'gen_ai.usage.details.cache_read_input_tokens': 1801,
        'gen_ai.usage.details.cache_creation_input_tokens': 512,
      },
      SCOPE
    );
    expect(pydanticAi.read(span).usage).toMatchObject({
      input: 21,
      output: 41,
      cacheRead: 1801,
      cacheWrite: 512,
      inputIncludesCache: false,
    });
  });

  it('tells the agent of version 1 by its title', () => {
    const span = spanOf(
      {
        agent_name: 'weather_agent',
        model_name: 'gpt-4o',
        'gen_ai.usage.input_tokens': 220,
        all_messages_events: '[{"content":"hi","role":"user","event.name":"gen_ai.user.message"}]',
        final_result: 'Rain.',
      },
      { ...SCOPE, name: 'agent run' }
    );
    expect(pydanticAi.read(span)).toMatchObject({
      operation: 'invoke_agent',
      agentName: 'weather_agent',
      requestModel: 'gpt-4o',
      fragments: [
        { kind: 'input_messages', body: '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]' },
        { kind: 'output_messages', body: '[{"role":"assistant","parts":[{"type":"text","content":"Rain."}]}]' },
      ],
    });
  });

  it('tells the tool of version 1 by its name', () => {
    const span = spanOf(
      {
        'gen_ai.tool.name': 'get_weather',
        'gen_ai.tool.call.id': 'c1',
        tool_arguments: '{"city":"Paris"}',
        tool_response: 'rain',
      },
      { ...SCOPE, name: 'running tool' }
    );
    expect(pydanticAi.read(span)).toMatchObject({
      operation: 'execute_tool',
      toolName: 'get_weather',
      fragments: [{ kind: 'input_messages' }, { kind: 'output_messages' }],
    });
  });

  it('takes the group of tools for a step', () => {
    expect(pydanticAi.read(spanOf({ tools: ['a', 'b'] }, { ...SCOPE, name: 'running 2 tools' })).operation).toBe(
      'chain'
    );
  });
});
