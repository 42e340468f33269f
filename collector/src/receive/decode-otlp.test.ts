import fc from 'fast-check';
import type { DecodedLogs, DecodedTraces } from '../otlp.ts';
import { decodeLogsJson } from './decode-logs-json.ts';
import { decodeLogsProtobuf } from './decode-logs-protobuf.ts';
import { decodeMetricsJson } from './decode-metrics-json.ts';
import { decodeMetricsProtobuf } from './decode-metrics-protobuf.ts';
import { decodeTracesJson } from './decode-traces-json.ts';
import { decodeTracesProtobuf } from './decode-traces-protobuf.ts';
import { encodeLogsProtobuf, encodeTracesProtobuf } from './testing/encode-otlp-protobuf.ts';
import { OtlpJsonEncoder } from './testing/encode-otlp-json.ts';
import { itemsOf, logsModel, tracesModel } from './testing/otlp-model.ts';
import { readCaptures } from './testing/read-captures.ts';

const NONE_REJECTED = { count: 0, message: '' };
const STATUS_CODES = ['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR'];
const styles = fc.record({ bareIntegers: fc.boolean(), upperCaseIds: fc.boolean() });

describe('any valid request means the same in protobuf and JSON', () => {
  test('traces', () => {
    fc.assert(
      fc.property(tracesModel, styles, (model, style) => {
        const expected: DecodedTraces = { spans: itemsOf(model), rejected: NONE_REJECTED };
        expect(decodeTracesProtobuf(encodeTracesProtobuf(model))).toEqual(expected);
        expect(decodeTracesJson(new OtlpJsonEncoder(style).traces(model))).toEqual(expected);
      }),
      { numRuns: 300 }
    );
  });

  test('logs', () => {
    fc.assert(
      fc.property(logsModel, styles, (model, style) => {
        const expected: DecodedLogs = { records: itemsOf(model), rejected: NONE_REJECTED };
        expect(decodeLogsProtobuf(encodeLogsProtobuf(model))).toEqual(expected);
        expect(decodeLogsJson(new OtlpJsonEncoder(style).logs(model))).toEqual(expected);
      }),
      { numRuns: 300 }
    );
  });

  test('spans of one resource and scope share them', () => {
    fc.assert(
      fc.property(tracesModel, styles, (model, style) => {
        for (const { spans } of [
          decodeTracesProtobuf(encodeTracesProtobuf(model)),
          decodeTracesJson(new OtlpJsonEncoder(style).traces(model)),
        ]) {
          const filled = model.flatMap((part) => part.scopes).filter((scope) => scope.items.length > 0);
          expect(new Set(spans.map((span) => span.scope)).size).toBe(filled.length);
        }
      }),
      { numRuns: 50 }
    );
  });
});

describe('requests of real SDKs', () => {
  const captures = readCaptures();

  test('there are some of every kind', () => {
    const requests = captures.flatMap((capture) => capture.requests);
    const kinds = new Set(requests.map(({ signal, encoding, gzipped }) => `${signal} ${encoding} ${String(gzipped)}`));
    expect([...kinds]).toEqual(
      expect.arrayContaining(['traces protobuf false', 'traces json false', 'logs protobuf true'])
    );
  });

  test.each(captures.map((capture) => [capture.name, capture] as const))('%s', (_name, capture) => {
    const listed = [];
    let logRecords = 0;
    for (const { name, signal, encoding, body } of capture.requests) {
      if (signal === 'traces') {
        const { spans, rejected } = encoding === 'json' ? decodeTracesJson(body) : decodeTracesProtobuf(body);
        expect(rejected).toEqual(NONE_REJECTED);
        for (const span of spans) {
          listed.push({
            file: name.split('/').at(-1),
            scope: span.scope.name,
            name: span.name,
            trace_id: span.traceId,
            span_id: span.spanId,
            parent_span_id: span.parentSpanId || null,
            status: span.statusCode,
          });
        }
      } else if (signal === 'logs') {
        const { records, rejected } = encoding === 'json' ? decodeLogsJson(body) : decodeLogsProtobuf(body);
        expect(rejected).toEqual(NONE_REJECTED);
        logRecords += records.length;
      } else {
        const { dataPoints } = encoding === 'json' ? decodeMetricsJson(body) : decodeMetricsProtobuf(body);
        expect(dataPoints).toBeGreaterThan(0);
      }
    }
    expect(listed).toEqual(
      capture.payload.span_list.map((span) => ({
        ...span,
        status: typeof span.status === 'string' ? STATUS_CODES.indexOf(span.status) : span.status,
      }))
    );
    expect(logRecords).toBe(capture.payload.log_records);
  });
});
