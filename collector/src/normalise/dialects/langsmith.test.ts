import { spanOf } from '../testing/span-of.ts';
import { langsmith } from './langsmith.ts';

const REQUEST = '{"model":"claude-sonnet-4-5","messages":[{"role":"user","content":"hi"}]}';

describe('langsmith', () => {
  it('reads the usage of the answer with the split of cache writes', () => {
    const answer = {
      id: 'msg_1',
      model: 'claude-sonnet-4-5-20250929',
      content: [{ type: 'text', text: 'Hello.' }],
      role: 'assistant',
      usage_metadata: {
        input_tokens: 2334,
        output_tokens: 41,
        total_tokens: 2375,
        input_token_details: { cache_read: 1801, ephemeral_5m_input_tokens: 312, ephemeral_1h_input_tokens: 200 },
      },
    };
    const span = spanOf(
      {
        'langsmith.span.kind': 'llm',
        'gen_ai.operation.name': 'chat',
        'gen_ai.response.service_tier': 'standard',
        'langsmith.request.streaming': true,
        'langsmith.metadata.lc_agent_name': 'weather_agent',
        'gen_ai.usage.input_tokens': 2334,
        'gen_ai.usage.output_tokens': 41,
        'gen_ai.usage.input_token_details': "{'cache_read': 1801}",
        'gen_ai.prompt': REQUEST,
        'gen_ai.completion': JSON.stringify(answer),
      },
      { scope: 'langsmith' }
    );
    expect(langsmith.matches(span)).toBe(true);
    const fields = { ...langsmith.read(span), consumed: undefined };
    expect(fields).toEqual({
      operation: 'chat',
      requestModel: 'claude-sonnet-4-5',
      responseModel: 'claude-sonnet-4-5-20250929',
      responseId: 'msg_1',
      usage: {
        input: 2334,
        output: 41,
        total: 2375,
        cacheRead: 1801,
        cacheWrite: 512,
        cacheWrite1h: 200,
        inputIncludesCache: true,
        outputIncludesReasoning: true,
      },
      serviceTier: 'standard',
      streaming: true,
      agentName: 'weather_agent',
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
          body: '[{"role":"assistant","parts":[{"type":"text","content":"Hello."}]}]',
        },
      ],
    });
  });

  it('reads token details that are Python text where the answer is not there', () => {
    const span = spanOf({
      'langsmith.span.kind': 'llm',
      'gen_ai.usage.input_tokens': 2061,
      'gen_ai.usage.output_tokens': 433,
      'gen_ai.usage.input_token_details': "{'cache_read': 1536, 'audio': None}",
      'gen_ai.usage.output_token_details': "{'reasoning': 320}",
    });
    expect(langsmith.read(span).usage).toMatchObject({ input: 2061, output: 433, cacheRead: 1536, reasoning: 320 });
  });

  it('finds the usage of a LangChain message', () => {
    const answer = {
      generations: [
        [
          {
            message: {
              lc: 1,
              kwargs: {
                usage_metadata: {
                  input_tokens: 5,
                  output_tokens: 6,
                  total_tokens: 11,
                  output_token_details: { reasoning: 2 },
                },
              },
            },
          },
        ],
      ],
    };
    const span = spanOf({ 'langsmith.span.kind': 'llm', 'gen_ai.completion': JSON.stringify(answer) });
    expect(langsmith.read(span).usage).toMatchObject({ input: 5, output: 6, total: 11, reasoning: 2 });
  });

  it.each([
    ['chain', 'chain', 'chain'],
    ['prompt', 'chat', 'chain'],
    ['parser', 'parser', 'chain'],
    ['retriever', 'embeddings', 'retrieval'],
    ['embedding', 'embeddings', 'embeddings'],
    ['tool', 'execute_tool', 'execute_tool'],
  ])('trusts the kind %s more than the operation %s', (kind, named, operation) => {
    expect(langsmith.read(spanOf({ 'langsmith.span.kind': kind, 'gen_ai.operation.name': named })).operation).toBe(
      operation
    );
  });

  it('knows a failure by its exception, as the status says ok', () => {
    const events = [
      {
        name: 'exception',
        attributes: { 'exception.type': 'Exception', 'exception.message': "RateLimitError('Error code: 429')" },
      },
    ];
    const span = spanOf({ 'langsmith.span.kind': 'llm' }, { status: 1, events });
    expect(langsmith.read(span).error).toEqual({
      type: 'RateLimitError',
      message: "RateLimitError('Error code: 429')",
    });
  });

  it('names a tool after its span', () => {
    const span = spanOf(
      { 'langsmith.span.kind': 'tool', 'gen_ai.prompt': '{"city":"Paris"}', 'gen_ai.completion': '{"output":"rain"}' },
      { name: 'get_weather' }
    );
    expect(langsmith.read(span)).toMatchObject({
      toolName: 'get_weather',
      fragments: [{ kind: 'input_messages' }, { kind: 'output_messages' }],
    });
  });
});
