import type { LookupFunction } from 'node:net';
import { ExportResultCode } from '@opentelemetry/core';
import { createOtlpHttpExportDelegate, httpAgentFactoryFromOptions } from '@opentelemetry/otlp-exporter-base/node-http';
import { OTLPExporterError } from '@opentelemetry/otlp-exporter-base';
import { ProtobufTraceSerializer, TraceExporterMetricsHelper } from '@opentelemetry/otlp-transformer';
import type { SpanRow } from '../span-row.ts';
import { createToOtlpSpan } from './to-otlp-span.ts';

/**
 * `refused`: the target will never take these spans. `too_large`: not as many of them at once. `failed`: it may take them later.
 * `rejected`: of those sent, the ones that it took from us and did not want (partial success).
 */
export interface SendResult {
  readonly outcome: 'sent' | 'refused' | 'too_large' | 'failed';
  readonly rejected: number;
}

export interface Target {
  /** Never rejects. */
  readonly send: (rows: readonly SpanRow[]) => Promise<SendResult>;
  readonly close: () => Promise<void>;
}

const TIMEOUT_MS = 10_000;
/** The target could decode the address and the key, and does not want the content: the same again would have the same answer. */
const REFUSED = new Set([400, 415, 422]);
const TOO_LARGE = 413;

/** Where OTLP/HTTP takes traces, for a base URL or a full one. */
function tracesUrl(url: string): string {
  const parsed = new URL(url);
  const path = parsed.pathname.replace(/\/+$/, '');
  parsed.pathname = path.endsWith('/v1/traces') ? path : `${path}/v1/traces`;
  return parsed.href;
}

/**
 * Sends rows by OTLP/HTTP (protobuf, gzip) with the exporter of OpenTelemetry, which repeats what may be repeated for some seconds.
 * Built from its parts: its front door would add headers from the environment, which are meant for somebody else. Redirects
 * are not followed.
 */
export function openTarget(options: {
  readonly url: string;
  /** May hold keys. */
  readonly headers: Readonly<Record<string, string>>;
  readonly lookup: LookupFunction;
}): Target {
  /** What the answer to the request under way said; there is one at a time. */
  let rejected = 0;
  const serializer: typeof ProtobufTraceSerializer = {
    serializeRequest: (spans) => ProtobufTraceSerializer.serializeRequest(spans),
    deserializeResponse: (data) => {
      const response = ProtobufTraceSerializer.deserializeResponse(data);
      rejected = response.partialSuccess?.rejectedSpans ?? 0;
      return response;
    },
  };
  const exporter = createOtlpHttpExportDelegate(
    {
      url: tracesUrl(options.url),
      headers: () => Promise.resolve({ 'Content-Type': 'application/x-protobuf', ...options.headers }),
      timeoutMillis: TIMEOUT_MS,
      concurrencyLimit: 1,
      compression: 'gzip',
      agentFactory: httpAgentFactoryFromOptions({ keepAlive: true, lookup: options.lookup }),
    },
    serializer,
    'otlp_http_span_exporter',
    TraceExporterMetricsHelper,
    undefined
  );
  return {
    send: (rows) =>
      new Promise((resolve) => {
        rejected = 0;
        exporter.export(rows.map(createToOtlpSpan()), ({ code, error }) => {
          if (code === ExportResultCode.SUCCESS)
            return resolve({ outcome: 'sent', rejected: Math.min(rows.length, Math.max(0, rejected)) });
          const status = error instanceof OTLPExporterError ? (error.code ?? 0) : 0;
          const outcome = status === TOO_LARGE ? 'too_large' : REFUSED.has(status) ? 'refused' : 'failed';
          resolve({ outcome, rejected: 0 });
        });
      }),
    close: () => exporter.shutdown(),
  };
}
