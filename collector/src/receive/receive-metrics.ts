import type { RefusalReason } from './otlp-response.ts';

export type Signal = 'traces' | 'logs' | 'metrics';
export type Transport = 'http' | 'grpc';
export type Encoding = 'protobuf' | 'json';

export interface ExportLabels {
  readonly transport: Transport;
  readonly signal: Signal;
  readonly encoding: Encoding;
}

/**
 * What the receivers count. Every request is counted once, by exactly one of `accepted`, `refused` and `aborted`.
 * Labels have few values: none comes from a sender.
 */
export interface ReceiveMetrics {
  /** A request that was answered with success. `items` = spans, log records or data points in it, `rejected` of them refused. */
  readonly accepted: (labels: ExportLabels, amounts: { items: number; rejected: number; bytes: number }) => void;
  /** A request that was answered with an error. Before the path is known, signal and encoding are missing. */
  readonly refused: (labels: Partial<ExportLabels> & Pick<ExportLabels, 'transport'>, reason: RefusalReason) => void;
  /** Runs the decoder and takes its time. */
  readonly timed?: <T>(stage: 'decode', run: () => T) => T;
  /** A sender left, or broke a limit of the transport itself, before there was an answer. */
  readonly aborted: (labels: Pick<ExportLabels, 'transport'>) => void;
}
