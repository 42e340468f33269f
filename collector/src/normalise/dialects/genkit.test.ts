import { spanOf } from '../testing/span-of.ts';
import { genkit } from './genkit.ts';

const MODEL = { 'genkit:type': 'action', 'genkit:metadata:subtype': 'model', 'genkit:state': 'success' };
const REQUEST = JSON.stringify({
  messages: [
    { role: 'system', content: [{ text: 'Be terse.' }] },
    { role: 'user', content: [{ text: 'Weather?' }, { media: { url: 'https://example.org/a.png' } }] },
    { role: 'model', content: [{ toolRequest: { ref: 'c1', name: 'get_weather', input: { city: 'Paris' } } }] },
    { role: 'tool', content: [{ toolResponse: { ref: 'c1', name: 'get_weather', output: 'rain' } }] },
  ],
  tools: [{ name: 'get_weather', description: 'Weather', inputSchema: { type: 'object' } }],
});

describe('genkit', () => {
  it('prefers the answer of the API over the summary, which has no cached tokens', () => {
    const answer = {
      message: { role: 'model', content: [{ reasoning: 'hm' }, { text: 'Rain.' }] },
      finishReason: 'stop',
      usage: { inputTokens: 2061, outputTokens: 433, totalTokens: 2494 },
      raw: {
        id: 'chatcmpl-1',
        model: 'gpt-5-mini-2025-08-07',
        service_tier: 'default',
        usage: {
          prompt_tokens: 2061,
          completion_tokens: 433,
          total_tokens: 2494,
          prompt_tokens_details: { cached_tokens: 1536 },
          completion_tokens_details: { reasoning_tokens: 320 },
        },
      },
    };
    const span = spanOf(
      {
        ...MODEL,
        'genkit:name': 'openai/gpt-5-mini',
        'genkit:input': REQUEST,
        'genkit:output': JSON.stringify(answer),
      },
      { scope: 'genkit-tracer' }
    );
    expect(genkit.matches(span)).toBe(true);
    const fields = { ...genkit.read(span), consumed: undefined };
    expect(fields).toEqual({
      operation: 'chat',
      provider: 'openai',
      requestModel: 'gpt-5-mini',
      responseModel: 'gpt-5-mini-2025-08-07',
      responseId: 'chatcmpl-1',
      serviceTier: 'default',
      usage: { input: 2061, output: 433, total: 2494, cacheRead: 1536, reasoning: 320, inputIncludesCache: true },
      finishReasons: ['stop'],
      fragments: [
        {
          kind: 'input_messages',
          source: 'attribute',
          position: 0,
          body: JSON.stringify([
            { role: 'system', parts: [{ type: 'text', content: 'Be terse.' }] },
            {
              role: 'user',
              parts: [
                { type: 'text', content: 'Weather?' },
                { type: 'uri', modality: 'image', mime_type: 'image/*', uri: 'https://example.org/a.png' },
              ],
            },
            {
              role: 'assistant',
              parts: [{ type: 'tool_call', id: 'c1', name: 'get_weather', arguments: { city: 'Paris' } }],
            },
            { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: 'rain' }] },
          ]),
        },
        {
          kind: 'output_messages',
          source: 'attribute',
          position: 0,
          body: '[{"role":"assistant","parts":[{"type":"reasoning","content":"hm"},{"type":"text","content":"Rain."}]}]',
        },
        {
          kind: 'tool_definitions',
          source: 'attribute',
          position: 0,
          body: '[{"type":"function","name":"get_weather","description":"Weather","parameters":{"type":"object"}}]',
        },
      ],
    });
  });

  it('reads the summary with its thoughts where nothing else is', () => {
    const answer = {
      candidates: [{ message: { role: 'model', content: [{ text: 'Hi' }] }, finishReason: 'stop' }],
      usage: { inputTokens: 10, outputTokens: 5, thoughtsTokens: 7, totalTokens: 22, cachedContentTokens: 4 },
    };
    const fields = genkit.read(
      spanOf({ ...MODEL, 'genkit:name': 'googleai/gemini-2.5-flash', 'genkit:output': JSON.stringify(answer) })
    );
    expect(fields).toMatchObject({
      provider: 'googleai',
      requestModel: 'gemini-2.5-flash',
      usage: { input: 10, output: 5, total: 22, cacheRead: 4, reasoning: 7 },
      finishReasons: ['stop'],
    });
  });

  it.each([
    ['util', undefined, 'chain'],
    ['action', 'flow', 'invoke_workflow'],
    ['action', 'tool', 'execute_tool'],
    ['action', 'retriever', 'retrieval'],
  ])('does not take usage from a span of type %s and subtype %s', (type, subtype, operation) => {
    const span = spanOf({
      'genkit:type': type,
      'genkit:name': 'n',
      'genkit:output': '{"usage":{"inputTokens":5}}',
      ...(subtype === undefined ? {} : { 'genkit:metadata:subtype': subtype }),
    });
    expect(genkit.read(span)).toMatchObject({ operation, usage: null });
  });

  it('reads what was embedded, not the vectors', () => {
    const span = spanOf({
      'genkit:type': 'action',
      'genkit:metadata:subtype': 'embedder',
      'genkit:name': 'openai/text-embedding-3-small',
      'genkit:input': '{"input":[{"content":[{"text":"first"}]}]}',
      'genkit:output': '{"embeddings":[{"embedding":[0.1]}]}',
    });
    expect(genkit.read(span)).toMatchObject({
      operation: 'embeddings',
      provider: 'openai',
      requestModel: 'text-embedding-3-small',
      fragments: [{ kind: 'input_messages', body: '[{"role":"user","parts":[{"type":"text","content":"first"}]}]' }],
    });
  });
});
