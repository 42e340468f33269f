import type { DecodedLogs, DecodedMetrics, DecodedTraces, Rejected } from '../otlp.ts';
import { DecodeError } from './decode-error.ts';
import { decodeLogsJson } from './decode-logs-json.ts';
import { decodeLogsProtobuf } from './decode-logs-protobuf.ts';
import { decodeMetricsJson } from './decode-metrics-json.ts';
import { decodeMetricsProtobuf } from './decode-metrics-protobuf.ts';
import { decodeTracesJson } from './decode-traces-json.ts';
import { decodeTracesProtobuf } from './decode-traces-protobuf.ts';
import type { Intake, IntakeOutcome } from './intake.ts';
import type { RpcStatus } from './encode-status.ts';
import { REFUSALS, type RefusalReason } from './otlp-response.ts';
import type { ExportLabels, ReceiveMetrics } from './receive-metrics.ts';

/** The answer to a request, before it is put into the words of a transport. */
export type ExportAnswer =
  | { readonly kind: 'success'; readonly rejected: number; readonly message: string }
  | { readonly kind: 'refused'; readonly reason: RefusalReason; readonly status: RpcStatus };

export interface ExportInput extends ExportLabels {
  readonly workspace: string;
  readonly body: Buffer;
}

export type ExportRequest = (input: ExportInput) => Promise<ExportAnswer>;

/** A refusal as the table has it; `details` add to it. */
export function refuse(reason: RefusalReason, details: Partial<RpcStatus> = {}): ExportAnswer & { kind: 'refused' } {
  const { grpcCode, message } = REFUSALS[reason];
  return { kind: 'refused', reason, status: { code: grpcCode, message, ...details } };
}

/**
 * Decodes a body and hands it to the intake: the same for every transport and encoding, so that the same telemetry gets
 * the same counts. Items that the decoder refused and items that the intake refused (`IntakeOutcome.rejected`) are added
 * up. A request without items is a success that the intake never sees. Never rejects: a crash is the answer `crashed`.
 */
export function createExportRequest({
  intake,
  metrics,
  retryAfterSeconds,
}: {
  readonly intake: Intake;
  readonly metrics: ReceiveMetrics;
  readonly retryAfterSeconds: number;
}): ExportRequest {
  return async (input) => {
    const { body, transport, signal, encoding } = input;
    const answer = await decodeAndHandOver(input, intake).catch((error: unknown): Handled => ({
      items: 0,
      answer: answerError(error),
    }));
    const labels = { transport, signal, encoding };
    if (answer.answer.kind === 'success') {
      metrics.accepted(labels, { items: answer.items, rejected: answer.answer.rejected, bytes: body.length });
      return answer.answer;
    }
    metrics.refused(labels, answer.answer.reason);
    const { reason, status } = answer.answer;
    const wait = status.retryAfterSeconds ?? (REFUSALS[reason].retryable ? retryAfterSeconds : undefined);
    return { kind: 'refused', reason, status: { ...status, retryAfterSeconds: wait } };
  };
}

interface Handled {
  readonly items: number;
  readonly answer: ExportAnswer;
}

async function decodeAndHandOver(input: ExportInput, intake: Intake): Promise<Handled> {
  const { body, encoding, workspace } = input;
  const json = encoding === 'json';
  switch (input.signal) {
    case 'traces': {
      const request: DecodedTraces = json ? decodeTracesJson(body) : decodeTracesProtobuf(body);
      const { rejected } = request;
      const items = request.spans.length + rejected.count;
      return handOver(items, rejected, items === 0 ? undefined : intake.traces(workspace, request));
    }
    case 'logs': {
      const request: DecodedLogs = json ? decodeLogsJson(body) : decodeLogsProtobuf(body);
      const { rejected } = request;
      const items = request.records.length + rejected.count;
      return handOver(items, rejected, items === 0 ? undefined : intake.logs(workspace, request));
    }
    case 'metrics': {
      const request: DecodedMetrics = json ? decodeMetricsJson(body) : decodeMetricsProtobuf(body);
      const items = request.dataPoints;
      const none = { count: 0, message: '' };
      return handOver(items, none, items === 0 ? undefined : intake.metrics(workspace, request));
    }
  }
}

/** Takes the promise and not the request: what was decoded need not stay in memory until the disk has it. */
async function handOver(
  items: number,
  rejected: Rejected,
  delivery: Promise<IntakeOutcome> | undefined
): Promise<Handled> {
  if (delivery === undefined) return { items, answer: { kind: 'success', rejected: 0, message: '' } };
  const outcome = await delivery;
  if (outcome.kind === 'overloaded') {
    const details = { message: outcome.message, retryAfterSeconds: outcome.retryAfterSeconds };
    return { items, answer: refuse('overloaded', details) };
  }
  const message = [rejected.message, outcome.message].filter((text) => text !== '').join('; ');
  return { items, answer: { kind: 'success', rejected: rejected.count + outcome.rejected, message } };
}

function answerError(error: unknown): ExportAnswer {
  if (!(error instanceof DecodeError)) return refuse('crashed');
  return refuse('undecodable', {
    message: `the body cannot be decoded: ${error.message}`,
    violations: [{ field: error.field || 'body', description: `${error.code}: ${error.message}` }],
  });
}
