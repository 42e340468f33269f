import { spanOf } from '../testing/span-of.ts';
import { haystack } from './haystack.ts';

const REPLY = {
  _role: 'assistant',
  _content: [{ text: 'Hello' }],
  _meta: {
    model: 'gpt-4o-mini-2024-07-18',
    finish_reason: 'stop',
    usage: { prompt_tokens: 37, completion_tokens: 11, total_tokens: 48, prompt_tokens_details: { cached_tokens: 8 } },
  },
};

describe('haystack', () => {
  it('reads a generator whose content is traced', () => {
    const span = spanOf({
      'haystack.component.name': 'llm',
      'haystack.component.type': 'OpenAIChatGenerator',
      'haystack.component.input': '{"messages":[{"_role":"user","_content":[{"text":"hi"}],"_meta":{}}]}',
      'haystack.component.output': JSON.stringify({ replies: [REPLY] }),
    });
    expect(haystack.matches(span)).toBe(true);
    const fields = { ...haystack.read(span), consumed: undefined };
    expect(fields).toEqual({
      operation: 'chat',
      provider: 'openai',
      requestModel: 'gpt-4o-mini-2024-07-18',
      responseModel: 'gpt-4o-mini-2024-07-18',
      usage: { input: 37, output: 11, total: 48, cacheRead: 8, inputIncludesCache: true },
      finishReasons: ['stop'],
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

  it('reads the usage of an embedder and leaves its vector alone', () => {
    const span = spanOf({
      'haystack.component.type': 'OpenAITextEmbedder',
      'haystack.component.input': '{"text":"first"}',
      'haystack.component.output':
        '{"embedding":[0.1,0.2],"meta":{"model":"text-embedding-3-small","usage":{"prompt_tokens":9,"total_tokens":9}}}',
    });
    expect(haystack.read(span)).toMatchObject({
      operation: 'embeddings',
      usage: { input: 9, total: 9 },
      fragments: [{ kind: 'input_messages', body: '[{"role":"user","parts":[{"type":"text","content":"first"}]}]' }],
    });
    expect(haystack.read(span).fragments).toHaveLength(1);
  });

  it.each([
    ['PromptBuilder', 'chain'],
    ['SentenceTransformersTextEmbedder', 'chain'],
    ['InMemoryBM25Retriever', 'retrieval'],
    ['CohereRanker', 'rerank'],
    ['Agent', 'invoke_agent'],
  ])('reads component %s', (type, operation) => {
    expect(haystack.read(spanOf({ 'haystack.component.type': type })).operation).toBe(operation);
  });

  it('reads pipelines and agents', () => {
    const pipeline = spanOf({ 'haystack.pipeline.input_data': '{"question":"hi"}' }, { name: 'haystack.pipeline.run' });
    expect(haystack.matches(pipeline)).toBe(true);
    expect(haystack.read(pipeline)).toMatchObject({
      operation: 'invoke_workflow',
      usage: null,
      fragments: [{ kind: 'input_messages' }],
    });
    expect(haystack.read(spanOf({}, { name: 'haystack.agent.run' })).operation).toBe('invoke_agent');
  });
});
