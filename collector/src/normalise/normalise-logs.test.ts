import type { AttributeValue } from '../otlp.ts';
import { createCardinalityCap } from './cardinality-cap.ts';
import { createNormaliseLogs } from './normalise-logs.ts';
import { makeOtlpLogRecord, STARTED_NS } from './testing/make-otlp-span.ts';
import { TEST_OPTIONS } from './testing/normalise-options.ts';

function normaliseLogs() {
  return createNormaliseLogs(
    TEST_OPTIONS,
    createCardinalityCap({ maxNames: 100, windowMs: 1000, now: TEST_OPTIONS.now })
  );
}

const map = (values: Readonly<Record<string, AttributeValue>>) => new Map(Object.entries(values));
const bodies = (fragments: readonly { kind: string; body: string }[]) =>
  fragments.map(({ kind, body }) => [kind, JSON.parse(body) as unknown]);

describe('normaliseLogs', () => {
  test('one event per message becomes content of its span, in the order of time', () => {
    const { fragments, counts } = normaliseLogs()('w', [
      makeOtlpLogRecord({
        eventName: 'gen_ai.system.message',
        body: map({ content: 'Be terse.' }),
        timeUnixNano: STARTED_NS,
      }),
      makeOtlpLogRecord({
        eventName: 'gen_ai.user.message',
        body: map({ content: 'Hi' }),
        timeUnixNano: STARTED_NS + 1n,
      }),
      makeOtlpLogRecord({
        attributes: { 'event.name': 'gen_ai.tool.message' },
        body: map({ id: 'call_1', content: '18C' }),
        timeUnixNano: STARTED_NS + 1n,
      }),
      makeOtlpLogRecord({
        eventName: 'gen_ai.choice',
        body: map({ index: 0, finish_reason: 'stop', message: map({ role: 'assistant', content: 'Hello' }) }),
        timeUnixNano: STARTED_NS + 2n,
      }),
    ]);
    expect(bodies(fragments)).toEqual([
      ['input_messages', [{ role: 'system', parts: [{ type: 'text', content: 'Be terse.' }] }]],
      ['input_messages', [{ role: 'user', parts: [{ type: 'text', content: 'Hi' }] }]],
      ['input_messages', [{ role: 'tool', parts: [{ type: 'tool_call_response', id: 'call_1', response: '18C' }] }]],
      ['output_messages', [{ role: 'assistant', parts: [{ type: 'text', content: 'Hello' }], finish_reason: 'stop' }]],
    ]);
    const first = Number(STARTED_NS % 2n ** 52n);
    expect(fragments.map(({ position }) => position)).toEqual([first, first + 1, first + 2, first + 2]);
    expect(
      fragments.every(
        (fragment) =>
          fragment.spanId === 'b7ad6b7169203331' && fragment.source === 'log_event' && fragment.responseId === ''
      )
    ).toBe(true);
    expect(counts.ignored).toBe(0);
  });

  test('the details event carries all content, and joins by response id without a span id', () => {
    const messages = [map({ role: 'user', parts: [map({ type: 'text', content: 'Hi' })] })];
    const { fragments } = normaliseLogs()('w', [
      makeOtlpLogRecord({
        eventName: 'gen_ai.client.inference.operation.details',
        spanId: '',
        traceId: '',
        attributes: { 'gen_ai.input.messages': messages, 'gen_ai.response.id': 'resp_1' },
      }),
    ]);
    expect(fragments).toEqual([
      {
        workspace: 'w',
        retentionDays: 400,
        traceId: '',
        spanId: '',
        responseId: 'resp_1',
        timestampNs: STARTED_NS,
        kind: 'input_messages',
        source: 'log_event',
        position: Number(STARTED_NS % 2n ** 52n),
        body: '[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]',
      },
    ]);
  });

  test('an evaluation becomes a score whose id is the same when the event is sent twice', () => {
    const record = makeOtlpLogRecord({
      eventName: 'gen_ai.evaluation.result',
      attributes: {
        'gen_ai.evaluation.name': 'relevance',
        'gen_ai.evaluation.score.value': 0.8,
        'gen_ai.evaluation.score.label': 'good',
        'gen_ai.evaluation.explanation': 'on topic',
        'gen_ai.response.id': 'resp_1',
      },
    });
    const first = normaliseLogs()('w', [record]).scores;
    expect(first).toEqual([
      {
        workspace: 'w',
        timestampNs: STARTED_NS,
        traceId: record.traceId,
        spanId: record.spanId,
        responseId: 'resp_1',
        conversationId: '',
        name: 'relevance',
        source: 'otel',
        value: 0.8,
        label: 'good',
        comment: 'on topic',
        experiment: '',
        variant: '',
        id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      },
    ]);
    expect(normaliseLogs()('w', [record]).scores).toEqual(first);
    expect(normaliseLogs()('other', [record]).scores[0]?.id).not.toBe(first[0]?.id);
  });

  test('a verdict without a value is one or zero, and a failed evaluation is ignored', () => {
    const evaluation = (attributes: Readonly<Record<string, AttributeValue>>) =>
      makeOtlpLogRecord({
        eventName: 'gen_ai.evaluation.result',
        attributes: { 'gen_ai.evaluation.name': 'n', ...attributes },
      });
    const { scores, counts } = normaliseLogs()('w', [
      evaluation({ 'gen_ai.evaluation.score.label': 'pass' }),
      evaluation({ 'gen_ai.evaluation.score.label': 'fail' }),
      evaluation({ 'error.type': 'timeout' }),
    ]);
    expect([scores.map((score) => score.value), counts.ignored]).toEqual([[1, 0], 1]);
  });

  test('a request of Claude Code becomes a billable row with inclusive usage and stable ids', () => {
    const record = makeOtlpLogRecord({
      traceId: '',
      spanId: '',
      scope: 'com.anthropic.claude_code.events',
      body: 'claude_code.api_request',
      attributes: {
        'event.name': 'api_request',
        model: 'claude-sonnet-4-5',
        input_tokens: '21',
        output_tokens: '41',
        cache_read_tokens: '1801',
        cache_creation_tokens: '512',
        cost_usd: '0.0031383',
        duration_ms: '250',
        'session.id': 's-1',
        'user.account_uuid': 'u-1',
      },
    });
    const [row] = normaliseLogs()('w', [record]).spans;
    expect(row).toMatchObject({
      operation: 'chat',
      provider: 'anthropic',
      requestModel: 'claude-sonnet-4-5',
      billable: true,
      reportedCostUsd: '0.0031383',
      durationNs: 250_000_000,
      timestampNs: STARTED_NS - 250_000_000n,
      conversationId: 's-1',
      userId: 'u-1',
      agentName: 'claude-code',
      dialect: 'claude-code',
      usage: { inputTokens: 2334, outputTokens: 41, cacheReadTokens: 1801, cacheWriteTokens: 512, state: 'reported' },
    });
    expect(row?.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(row?.spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(normaliseLogs()('w', [record]).spans).toEqual([row]);
  });

  test('a request of Gemini CLI counts thoughts as output', () => {
    const record = makeOtlpLogRecord({
      eventName: 'gemini_cli.api_response',
      attributes: {
        model: 'gemini-2.5-pro',
        input_token_count: 2061,
        output_token_count: 113,
        cached_content_token_count: 1536,
        thoughts_token_count: 320,
        tool_token_count: 0,
        total_token_count: 2494,
        duration_ms: 10,
      },
    });
    expect(normaliseLogs()('w', [record]).spans[0]).toMatchObject({
      provider: 'gcp.gemini',
      usage: { inputTokens: 2061, outputTokens: 433, reasoningTokens: 320, cacheReadTokens: 1536 },
    });
  });

  test('what is no GenAI event, or cannot be joined to anything, is counted', () => {
    const { spans, fragments, scores, counts } = normaliseLogs()('w', [
      makeOtlpLogRecord({ body: 'user logged in' }),
      makeOtlpLogRecord({ eventName: 'gen_ai.user.message' }),
      makeOtlpLogRecord({ eventName: 'gen_ai.user.message', body: map({ content: 'Hi' }), spanId: '' }),
      makeOtlpLogRecord({ eventName: 'claude_code.user_prompt', attributes: { prompt_length: 5 } }),
    ]);
    expect([spans, fragments, scores, counts.ignored]).toEqual([[], [], [], 4]);
  });
});
