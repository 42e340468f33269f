import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { OtlpLogRecord, OtlpSpan } from '../../src/otlp.ts';
import { decodeLogsJson } from '../../src/receive/decode-logs-json.ts';
import { decodeLogsProtobuf } from '../../src/receive/decode-logs-protobuf.ts';
import { decodeTracesJson } from '../../src/receive/decode-traces-json.ts';
import { decodeTracesProtobuf } from '../../src/receive/decode-traces-protobuf.ts';

/** One call to a model as the server that answered it recorded it; token totals are inclusive. */
export interface CapturedCall {
  readonly provider: string;
  readonly request_model: string;
  readonly response_model: string | null;
  readonly error: unknown;
  readonly usage: Readonly<Record<string, number>> | null;
  readonly input_messages: readonly { readonly text?: string | null }[] | null;
  readonly output_messages: readonly { readonly text?: string | null }[] | null;
  /** True where the value occurs in the payload, so that a receiver can know it. */
  readonly payload_carries?: Readonly<Record<string, boolean>>;
  readonly spans_naming_response_id?: readonly string[];
}

export interface Expected {
  readonly truth: { readonly calls: readonly CapturedCall[] };
  readonly notes: readonly string[];
}

/** One decoded request, in order of arrival. */
export type CapturedRequest =
  | { readonly signal: 'traces'; readonly spans: readonly OtlpSpan[] }
  | { readonly signal: 'logs'; readonly records: readonly OtlpLogRecord[] };

export interface Capture {
  /** `<instrumentation>/<scenario>` */
  readonly name: string;
  readonly expected: Expected;
  readonly receivedAtMs: number;
  readonly requests: readonly CapturedRequest[];
}

/** Reads and decodes every capture below this folder; metrics are left out. */
export function loadCaptures(): readonly Capture[] {
  return readdirSync(__dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((instrumentation) => {
      const folder = join(__dirname, instrumentation.name);
      return readdirSync(folder)
        .filter((scenario) => existsSync(join(folder, scenario, 'expected.json')))
        .map((scenario) => loadCapture(`${instrumentation.name}/${scenario}`, join(folder, scenario)));
    });
}

function loadCapture(name: string, folder: string): Capture {
  const sent = JSON.parse(readFileSync(join(folder, 'headers.json'), 'utf8')) as readonly {
    file: string;
    received_at: number;
  }[];
  return {
    name,
    expected: JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Expected,
    receivedAtMs: Math.max(...sent.map((request) => request.received_at)) * 1000,
    requests: sent.flatMap(({ file }) => decode(file, readFileSync(join(folder, file)))),
  };
}

function decode(file: string, raw: Buffer): CapturedRequest[] {
  const body = file.endsWith('.gz') ? gunzipSync(raw) : raw;
  const isJson = file.includes('.json');
  if (file.includes('-traces.'))
    return [{ signal: 'traces', spans: (isJson ? decodeTracesJson(body) : decodeTracesProtobuf(body)).spans }];
  if (file.includes('-logs.'))
    return [{ signal: 'logs', records: (isJson ? decodeLogsJson(body) : decodeLogsProtobuf(body)).records }];
  return [];
}
