import { spanOf } from '../testing/span-of.ts';
import { strands } from './strands.ts';

const SCOPE = 'strands.telemetry.tracer';

describe('strands', () => {
  it('reads the older events, with milliseconds to the first token', () => {
    const span = spanOf(
      { 'gen_ai.operation.name': 'chat', 'gen_ai.system': 'strands-agents', 'gen_ai.server.time_to_first_token': 815 },
      {
        scope: SCOPE,
        events: [
          { name: 'gen_ai.system.message', attributes: { content: '[{"text": "Be terse."}]' } },
          { name: 'gen_ai.user.message', attributes: { content: '[{"text": "Weather?"}]' } },
          {
            name: 'gen_ai.choice',
            attributes: {
              finish_reason: 'tool_use',
              message: '[{"toolUse": {"toolUseId": "c1", "name": "get_weather", "input": {"city": "Paris"}}}]',
            },
          },
        ],
      }
    );
    expect(strands.matches(span)).toBe(true);
    const fields = { ...strands.read(span), consumed: undefined };
    expect(fields).toEqual({
      operation: 'chat',
      timeToFirstTokenNs: 815_000_000,
      finishReasons: ['tool_use'],
      fragments: [
        {
          kind: 'input_messages',
          source: 'span_event',
          position: 0,
          body: '[{"role":"system","parts":[{"type":"text","content":"Be terse."}]}]',
        },
        {
          kind: 'input_messages',
          source: 'span_event',
          position: 1,
          body: '[{"role":"user","parts":[{"type":"text","content":"Weather?"}]}]',
        },
        {
          kind: 'output_messages',
          source: 'span_event',
          position: 2,
          body: '[{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"get_weather","arguments":{"city":"Paris"}}],"finish_reason":"tool_use"}]',
        },
      ],
    });
  });

  it('reads the current events', () => {
    const answer = '[{"role":"assistant","parts":[{"type":"text","content":"Rain."}],"finish_reason":"end_turn"}]';
    const span = spanOf(
      { 'gen_ai.operation.name': 'chat' },
      {
        scope: SCOPE,
        events: [
          {
            name: 'gen_ai.client.inference.operation.details',
            attributes: { 'gen_ai.system_instructions': '[{"type":"text","content":"Be terse."}]' },
          },
          { name: 'gen_ai.client.inference.operation.details', attributes: { 'gen_ai.output.messages': answer } },
        ],
      }
    );
    expect(strands.read(span)).toMatchObject({
      finishReasons: ['end_turn'],
      fragments: [
        { kind: 'system_instructions', source: 'span_event', position: 0 },
        { kind: 'output_messages', source: 'span_event', position: 1, body: answer },
      ],
    });
  });

  it('reads a tool from the older events', () => {
    const span = spanOf(
      { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'get_weather', 'gen_ai.tool.call.id': 'c1' },
      {
        scope: SCOPE,
        events: [
          { name: 'gen_ai.tool.message', attributes: { role: 'tool', content: '{"city": "Paris"}', id: 'c1' } },
          { name: 'gen_ai.choice', attributes: { message: '[{"text": "rain"}]', id: 'c1' } },
        ],
      }
    );
    expect(strands.read(span).fragments?.map((fragment) => fragment.body)).toEqual([
      '[{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"get_weather","arguments":{"city":"Paris"}}]}]',
      '[{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":[{"text":"rain"}]}]}]',
    ]);
  });

  it.each([
    ['invoke_agent', 'invoke_agent'],
    ['execute_event_loop_cycle', 'chain'],
    ['invoke_swarm', 'invoke_workflow'],
    ['memory.search', 'chain'],
  ])('does not take %s for a call to a model', (name, operation) => {
    expect(strands.read(spanOf({ 'gen_ai.operation.name': name }, { scope: SCOPE })).operation).toBe(operation);
  });
});
