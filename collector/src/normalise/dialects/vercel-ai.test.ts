import { spanOf } from '../testing/span-of.ts';
import { vercelAi } from './vercel-ai.ts';

const TOOLS = [
  '{"type":"function","name":"get_weather","inputSchema":{"type":"object"},"description":"Get the weather"}',
];

describe('vercelAi', () => {
  it('reads a call of version 6 whose input includes cached tokens', () => {
    const span = spanOf(
      {
        'ai.operationId': 'ai.streamText.doStream',
        'ai.telemetry.functionId': 'weather-bot',
        'ai.telemetry.metadata.userId': 'user-42',
        'ai.telemetry.metadata.sessionId': 'sess-9',
        'ai.telemetry.metadata.langfusePrompt': '{"name":"greeting","version":3}',
        'ai.model.provider': 'anthropic.messages',
        'ai.model.id': 'claude-sonnet-4-5',
        'ai.prompt.messages': '[{"role":"user","content":[{"type":"text","text":"hi"}]}]',
        'ai.prompt.tools': TOOLS,
        'ai.response.model': 'claude-sonnet-4-5-20250929',
        'ai.response.id': 'msg_1',
        'ai.response.finishReason': 'tool-calls',
        'ai.response.reasoning': 'let me see',
        'ai.response.text': 'One moment.',
        'ai.response.toolCalls': '[{"toolCallId":"c1","toolName":"get_weather","input":{"city":"Paris"}}]',
        'ai.response.msToFirstChunk': 181.5,
        'ai.usage.inputTokens': 2334,
        'ai.usage.inputTokenDetails.noCacheTokens': 21,
        'ai.usage.inputTokenDetails.cacheReadTokens': 1801,
        'ai.usage.inputTokenDetails.cacheWriteTokens': 512,
        'ai.usage.outputTokens': 41,
        'ai.usage.totalTokens': 2375,
        'ai.response.providerMetadata':
          '{"anthropic":{"usage":{"input_tokens":21,"cache_creation_input_tokens":512,"cache_read_input_tokens":1801,"cache_creation":{"ephemeral_1h_input_tokens":200},"service_tier":"standard"}}}',
      },
      { scope: 'ai', parent: '00f067aa0ba902b7' }
    );
    expect(vercelAi.matches(span)).toBe(true);
    const { consumed, ...fields } = vercelAi.read(span);
    expect(consumed).toContain('ai.usage.');
    expect(fields).toEqual({
      operation: 'chat',
      provider: 'anthropic.messages',
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
      },
      serviceTier: 'standard',
      billable: true,
      streaming: true,
      timeToFirstTokenNs: 181_500_000,
      finishReasons: ['tool-calls'],
      agentName: 'weather-bot',
      userId: 'user-42',
      conversationId: 'sess-9',
      promptName: 'greeting',
      promptVersion: '3',
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
          body: '[{"role":"assistant","parts":[{"type":"reasoning","content":"let me see"},{"type":"text","content":"One moment."},{"type":"tool_call","id":"c1","name":"get_weather","arguments":{"city":"Paris"}}],"finish_reason":"tool-calls"}]',
        },
        { kind: 'tool_definitions', source: 'attribute', position: 0, body: `[${TOOLS[0]!}]` },
      ],
    });
  });

  it('knows that versions 4 and 5 leave cached tokens out of the input of Anthropic', () => {
    const span = spanOf({
      'ai.operationId': 'ai.generateText.doGenerate',
      'ai.model.provider': 'anthropic.messages',
      'ai.usage.promptTokens': 21,
      'ai.usage.completionTokens': 41,
      'ai.response.providerMetadata': '{"anthropic":{"cacheCreationInputTokens":5,"cacheReadInputTokens":9}}',
    });
    expect(vercelAi.read(span).usage).toEqual({
      input: 21,
      output: 41,
      cacheRead: 9,
      cacheWrite: 5,
      inputIncludesCache: false,
    });
  });

  it('leaves the NaN counts of a stream without usage unknown', () => {
    const span = spanOf({
      'ai.operationId': 'ai.streamText.doStream',
      'ai.usage.promptTokens': null,
      'ai.usage.completionTokens': Number.NaN,
    });
    expect(vercelAi.read(span).usage).toBeUndefined();
  });

  it('never takes usage from a root, which repeats its steps', () => {
    const span = spanOf({
      'ai.operationId': 'ai.generateText',
      'ai.model.id': 'gpt-4o',
      'ai.usage.inputTokens': 220,
      'ai.usage.outputTokens': 40,
    });
    expect(vercelAi.read(span)).toMatchObject({ operation: 'invoke_agent', usage: null });
  });

  it('counts a call whose attempts all failed once, by its root', () => {
    const failure = [{ name: 'exception', attributes: { 'exception.type': 'AI_RetryError' } }];
    const attempt = spanOf(
      { 'ai.operationId': 'ai.generateText.doGenerate' },
      { status: 2, parent: '00f067aa0ba902b7' }
    );
    const root = spanOf(
      { 'ai.operationId': 'ai.generateText', 'ai.model.id': 'gpt-4o' },
      { status: 2, events: failure }
    );
    expect(vercelAi.read(attempt).billable).toBe(false);
    expect(vercelAi.read(root)).toMatchObject({ operation: 'chat', requestModel: 'gpt-4o', usage: null });
  });

  it('does not take a failed tool for a failed call', () => {
    const events = [{ name: 'exception', attributes: { 'exception.type': 'AI_ToolExecutionError' } }];
    expect(vercelAi.read(spanOf({ 'ai.operationId': 'ai.generateText' }, { status: 2, events })).operation).toBe(
      'invoke_agent'
    );
  });

  it('reads embeddings, whose tokens have a name of their own', () => {
    const span = spanOf({
      'ai.operationId': 'ai.embedMany.doEmbed',
      'ai.model.provider': 'openai.embedding',
      'ai.model.id': 'text-embedding-3-small',
      'ai.values': ['"first"', '"second"'],
      'ai.usage.tokens': 18,
    });
    const fields = vercelAi.read(span);
    expect(fields).toMatchObject({ operation: 'embeddings', usage: { input: 18 }, billable: true });
    expect(fields.fragments?.map((fragment) => fragment.body)).toEqual([
      '[{"role":"user","parts":[{"type":"text","content":"first"},{"type":"text","content":"second"}]}]',
    ]);
  });

  it('reads a tool call', () => {
    const span = spanOf({
      'ai.operationId': 'ai.toolCall',
      'ai.toolCall.name': 'get_weather',
      'ai.toolCall.id': 'c1',
      'ai.toolCall.args': '{"city":"Paris"}',
      'ai.toolCall.result': '{"sky":"rain"}',
    });
    const fields = { ...vercelAi.read(span), consumed: undefined };
    expect(fields).toEqual({
      operation: 'execute_tool',
      toolName: 'get_weather',
      fragments: [
        {
          kind: 'input_messages',
          source: 'attribute',
          position: 0,
          body: '[{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"get_weather","arguments":{"city":"Paris"}}]}]',
        },
        {
          kind: 'output_messages',
          source: 'attribute',
          position: 0,
          body: '[{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":{"sky":"rain"}}]}]',
        },
      ],
    });
  });

  it('reads the names of version 3', () => {
    const span = spanOf({
      'operation.name': 'ai.generateText.doGenerate bot',
      'ai.result.text': 'hello',
      'ai.finishReason': 'stop',
      'ai.usage.promptTokens': 3,
      'ai.usage.completionTokens': 4,
    });
    expect(vercelAi.matches(span)).toBe(true);
    expect(vercelAi.read(span)).toMatchObject({
      operation: 'chat',
      usage: { input: 3, output: 4 },
      finishReasons: ['stop'],
      fragments: [
        {
          kind: 'output_messages',
          body: '[{"role":"assistant","parts":[{"type":"text","content":"hello"}],"finish_reason":"stop"}]',
        },
      ],
    });
  });
});
