import { spanOf } from '../testing/span-of.ts';
import { claudeCode } from './claude-code.ts';

const CALL = {
  'span.type': 'llm_request',
  model: 'claude-opus-5',
  'gen_ai.system': 'anthropic',
  'gen_ai.request.model': 'claude-opus-5',
  input_tokens: 2,
  output_tokens: 1200,
  cache_read_tokens: 84_562,
  cache_creation_tokens: 7096,
  ttft_ms: 812,
  attempt: 2,
  request_id: 'req_1',
  stop_reason: 'tool_use',
  success: true,
};

describe('claudeCode', () => {
  it('reads a request, whose input leaves cached tokens out', () => {
    const span = spanOf(CALL, { name: 'claude_code.llm_request' });
    expect(claudeCode.matches(span)).toBe(true);
    const fields = { ...claudeCode.read(span), consumed: undefined };
    expect(fields).toEqual({
      operation: 'chat',
      agentName: 'claude-code',
      provider: 'anthropic',
      requestModel: 'claude-opus-5',
      responseId: 'req_1',
      usage: { input: 2, output: 1200, cacheRead: 84_562, cacheWrite: 7096, inputIncludesCache: false },
      streaming: true,
      timeToFirstTokenNs: 812_000_000,
      finishReasons: ['tool_use'],
      retries: 1,
      fragments: [],
    });
  });

  it('marks a request that failed', () => {
    const span = spanOf(
      { 'span.type': 'llm_request', success: false, status_code: 529, error: 'overloaded' },
      { name: 'claude_code.llm_request' }
    );
    expect(claudeCode.read(span).error).toEqual({ type: '529', message: 'overloaded' });
  });

  it('reads a tool with its output in an event, and not what was redacted', () => {
    const events = [{ name: 'tool.output', attributes: { output: 'two files' } }];
    const span = spanOf(
      { 'span.type': 'tool', tool_name: 'Bash', tool_use_id: 'toolu_1', full_command: 'ls', tool_input: '<REDACTED>' },
      { name: 'claude_code.tool', events }
    );
    expect(claudeCode.read(span)).toMatchObject({
      operation: 'execute_tool',
      toolName: 'Bash',
      fragments: [
        { body: '[{"role":"assistant","parts":[{"type":"tool_call","id":"toolu_1","name":"Bash","arguments":"ls"}]}]' },
        { body: '[{"role":"tool","parts":[{"type":"tool_call_response","id":"toolu_1","response":"two files"}]}]' },
      ],
    });
  });

  it.each([
    ['interaction', 'invoke_agent'],
    ['claude_code.interaction', 'invoke_agent'],
    ['tool.execution', 'chain'],
  ])('reads span type %s', (type, operation) => {
    expect(claudeCode.read(spanOf({ 'span.type': type }, { name: 'claude_code.x' })).operation).toBe(operation);
  });
});
