import { checkedSpan } from '../rows/testing/checked-span.ts';
import { toSpanRow } from '../rows/to-span-row.ts';
import { createToOtlpSpan } from './to-otlp-span.ts';

const row = toSpanRow(checkedSpan(), 1_790_000_000_000);

describe('a row as a span of OpenTelemetry', () => {
  it('keeps ids, times to the nanosecond, status and attributes, and adds what we know more', () => {
    const span = createToOtlpSpan()({ ...row, timestampNs: 1_700_000_000_123_456_789n, durationNs: 1_000_000_211 });
    expect({
      ids: span.spanContext(),
      parent: span.parentSpanContext?.spanId,
      start: span.startTime,
      end: span.endTime,
      duration: span.duration,
      status: span.status.code,
    }).toEqual({
      ids: { traceId: row.traceId, spanId: row.spanId, traceFlags: 1 },
      parent: row.parentSpanId,
      start: [1_700_000_000, 123_456_789],
      end: [1_700_000_001, 123_457_000],
      duration: [1, 211],
      status: 2,
    });
    expect(span.attributes).toMatchObject({
      'gen_ai.operation.name': row.operation,
      'gen_ai.usage.input_tokens': row.inputTokens,
      'spanledger.workspace': row.workspace,
      'spanledger.cost_usd': Number(row.costPico) / 1e12,
      'spanledger.billable': row.billable,
    });
  });

  it('says nothing about what is not known: no tokens, no parent, no empty attribute, no message', () => {
    const span = createToOtlpSpan()({
      ...row,
      usageState: 'missing',
      parentSpanId: '',
      errorMessage: '',
      userId: '',
      finishReasons: [],
    });
    expect(span.parentSpanContext).toBeUndefined();
    expect(span.status.message).toBeUndefined();
    const names = Object.keys(span.attributes);
    expect(names.filter((name) => name.startsWith('gen_ai.usage.'))).toEqual([]);
    expect(names).not.toContain('user.id');
    expect(names).not.toContain('gen_ai.response.finish_reasons');
  });

  it('gives spans of one resource one object, which the serializer tells resources apart by', () => {
    const toOtlpSpan = createToOtlpSpan();
    const [first, second, other] = [row, { ...row, spanId: 'b'.repeat(16) }, { ...row, serviceName: 'other' }].map(
      toOtlpSpan
    );
    expect(first!.resource).toBe(second!.resource);
    expect(other!.resource).not.toBe(first!.resource);
  });
});
