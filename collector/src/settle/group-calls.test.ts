import { factsOfSpan } from './call-window.ts';
import { chooseBilled } from './choose-billed.ts';
import { groupCalls } from './group-calls.ts';
import { makeSpan } from './testing/make-span.ts';
import type { GenAiSpan } from '../span.ts';

const span = (id: string, overrides: Partial<GenAiSpan> = {}) =>
  factsOfSpan(makeSpan({ spanId: id.repeat(16), responseId: '', ...overrides }));
const tokens = (inputTokens: number, outputTokens: number, state: 'reported' | 'missing' = 'reported') => ({
  ...makeSpan().usage,
  state,
  inputTokens,
  outputTokens,
});
const ids = (groups: ReturnType<typeof groupCalls>) => ({
  sameCall: groups.sameCall.map((group) => group.map((call) => call.spanId[0]).sort()),
  wrappers: groups.wrappers.map((call) => call.spanId[0]),
});

describe('groupCalls', () => {
  it('ignores spans that are not calls to a model', () => {
    const calls = [
      span('a', { operation: 'invoke_agent', responseId: 'resp-0001' }),
      span('b', { responseId: 'resp-0001' }),
    ];
    expect(ids(groupCalls(calls))).toEqual({ sameCall: [], wrappers: [] });
  });

  it('does not take a placeholder for a response id', () => {
    expect(ids(groupCalls([span('a', { responseId: 'unknown' }), span('b', { responseId: 'unknown' })]))).toEqual({
      sameCall: [],
      wrappers: [],
    });
  });

  it('keeps an inner call of another model or another response apart', () => {
    const outer = span('a', { responseId: 'resp-0001' });
    const otherModel = span('b', { parentSpanId: outer.spanId, requestModel: 'o3', responseModel: 'o3' });
    const otherResponse = span('c', { parentSpanId: outer.spanId, responseId: 'resp-0002' });
    expect(ids(groupCalls([outer, otherModel]))).toEqual({ sameCall: [], wrappers: [] });
    expect(ids(groupCalls([outer, otherResponse]))).toEqual({ sameCall: [], wrappers: [] });
  });

  it('keeps an inner span that outlives the outer one apart', () => {
    const outer = span('a');
    const inner = span('b', { parentSpanId: outer.spanId, durationNs: 900_000_000 });
    expect(ids(groupCalls([outer, inner]))).toEqual({ sameCall: [], wrappers: [] });
  });

  it.each([
    ['has no usage', tokens(0, 0, 'missing'), ['a']],
    ['repeats the sum', tokens(30, 5), ['a']],
    ['repeats the last call', tokens(20, 3), ['a']],
    ['has numbers of its own', tokens(7, 7), []],
  ])('says of a parent of two calls that %s whether it is a wrapper', (_, usage, wrappers) => {
    const outer = span('a', { usage });
    const one = span('b', { parentSpanId: outer.spanId, responseId: 'resp-0001', usage: tokens(10, 2) });
    const two = span('c', { parentSpanId: outer.spanId, responseId: 'resp-0002', usage: tokens(20, 3) });
    expect(ids(groupCalls([outer, one, two]))).toEqual({ sameCall: [], wrappers });
  });

  it('joins three records of a call: two of one response id and the span around them', () => {
    const outer = span('a');
    const one = span('b', { parentSpanId: outer.spanId, responseId: 'resp-0001' });
    const two = span('c', { parentSpanId: outer.spanId, responseId: 'resp-0001' });
    expect(ids(groupCalls([two, outer, one]))).toEqual({ sameCall: [['a', 'b', 'c']], wrappers: [] });
  });

  it('ends on a span that is its own ancestor', () => {
    const one = span('a', { parentSpanId: 'b'.repeat(16) });
    const two = span('b', { parentSpanId: 'a'.repeat(16) });
    expect(ids(groupCalls([one, two])).sameCall).toEqual([['a', 'b']]);
    expect(ids(groupCalls([span('a', { parentSpanId: 'a'.repeat(16) })]))).toEqual({ sameCall: [], wrappers: [] });
  });
});

describe('chooseBilled', () => {
  it.each([
    ['reported usage before none', { usage: tokens(0, 0, 'missing'), dialect: 'anthropic-sdk' }, {}, 'b'],
    ['the native SDK before a wrapper', { dialect: 'anthropic-sdk' }, { dialect: 'langfuse' }, 'a'],
    ['an official instrumentation before another', { dialect: 'langfuse' }, { dialect: 'otel-genai' }, 'b'],
    ['the richer usage', {}, { usage: { ...tokens(43, 19), cacheReadTokens: 5 } }, 'b'],
    ['the smaller key of equals', {}, {}, 'a'],
  ])('prefers %s', (_, first, second, expected) => {
    const group = [span('a', first), span('b', second)];
    expect([chooseBilled(group).spanId[0], chooseBilled([...group].reverse()).spanId[0]]).toEqual([expected, expected]);
  });
});

describe('groupCalls on failures without a response id', () => {
  const failed = (id: string, overrides: Partial<GenAiSpan> = {}) =>
    span(id, { status: 'error', usage: tokens(0, 0, 'missing'), traceId: id.repeat(32), ...overrides });
  const native = { dialect: 'anthropic-sdk', durationNs: 1_000_000 };

  it('pairs what the SDK itself tells with the wrapper around it in another trace, once each', () => {
    const calls = [failed('a'), failed('b', native), failed('c'), failed('d', native), failed('e', native)];
    expect(ids(groupCalls(calls)).sameCall).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it.each([
    ['another service', { serviceName: 'other' }],
    ['another workspace', { workspace: 'other' }],
    ['another model', { requestModel: 'o3', responseModel: '' }],
    ['another time', { timestampNs: 1n }],
    ['a success', { status: 'ok' as const }],
    ['another wrapper', { dialect: 'langfuse' }],
  ])('keeps %s apart', (_, overrides) => {
    expect(ids(groupCalls([failed('a'), failed('b', { ...native, ...overrides })])).sameCall).toEqual([]);
  });
});

describe('groupCalls on the end record of a stream', () => {
  const end = makeSpan().timestampNs + 270_000_000n;
  const native = { dialect: 'anthropic-sdk', responseId: 'msg_0123456789' };
  const record = { dialect: 'logfire', durationNs: 0, traceId: 'f'.repeat(32), timestampNs: end + 6_000_000n };

  it('pairs it with the span of the SDK that ended then', () => {
    const calls = [span('b', record), span('a', native), span('c', { ...native, responseId: 'msg_9876543210' })];
    expect(ids(groupCalls(calls)).sameCall).toEqual([['a', 'b']]);
  });

  it.each([
    ['too late', { timestampNs: end + 2_000_000_000n }],
    ['too early', { timestampNs: end - 100_000_000n }],
    ['of other tokens', { usage: tokens(1, 1) }],
    ['of another service', { serviceName: 'other' }],
    ['of a span with a duration', { durationNs: 5 }],
  ])('keeps one %s apart', (_, overrides) => {
    expect(ids(groupCalls([span('a', native), span('b', { ...record, ...overrides })])).sameCall).toEqual([]);
  });
});
