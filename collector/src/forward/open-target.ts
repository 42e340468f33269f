import type { LookupFunction } from 'node:net';
import { ExportResultCode } from '@opentelemetry/core';
import { createOtlpHttpExportDelegate, httpAgentFactoryFromOptions } from '@opentelemetry/otlp-exporter-base/node-http';
import { OTLPExporterError } from '@opentelemetry/otlp-exporter-base';
import { ProtobufTraceSerializer, TraceExporterMetricsHelper } from '@opentelemetry/otlp-transformer';
import type { SpanRow } from '../span-row.ts';
import { createToOtlpSpan } from './to-otlp-span.ts';

/** `refused`: the target will never take these spans. `failed`: it may take them later. */
export type SendOutcome = 'sent' | 'refused' | 'failed';

export interface Target {
  /** Never rejects. */
  readonly send: (rows: readonly SpanRow[]) => Promise<SendOutcome>;
  readonly close: () => Promise<void>;
}

const TIMEOUT_MS = 10_000;
/** The target could decode the address and the key, and does not want the content: the same again would have the same answer. */
const REFUSED = new Set([400, 413, 415, 422]);

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
  const exporter = createOtlpHttpExportDelegate(
    {
      url: tracesUrl(options.url),
      headers: () => Promise.resolve({ 'Content-Type': 'application/x-protobuf', ...options.headers }),
      timeoutMillis: TIMEOUT_MS,
      concurrencyLimit: 1,
      compression: 'gzip',
      agentFactory: httpAgentFactoryFromOptions({ keepAlive: true, lookup: options.lookup }),
    },
    ProtobufTraceSerializer,
    'otlp_http_span_exporter',
    TraceExporterMetricsHelper,
    undefined
  );
  return {
    send: (rows) =>
      new Promise((resolve) => {
        const toOtlpSpan = createToOtlpSpan();
        exporter.export(rows.map(toOtlpSpan), ({ code, error }) => {
          if (code === ExportResultCode.SUCCESS) resolve('sent');
          else resolve(error instanceof OTLPExporterError && REFUSED.has(error.code ?? 0) ? 'refused' : 'failed');
        });
      }),
    close: () => exporter.shutdown(),
  };
}
