import type { DecodedLogs, DecodedMetrics, DecodedTraces, Rejected } from '../otlp.ts';
import { DecodeError } from './decode-error.ts';
import { decodeLogsJson } from './decode-logs-json.ts';
import { decodeLogsProtobuf } from './decode-logs-protobuf.ts';
import { decodeMetricsJson } from './decode-metrics-json.ts';
import { decodeMetricsProtobuf } from './decode-metrics-protobuf.ts';
import { decodeTracesJson } from './decode-traces-json.ts';
import { decodeTracesProtobuf } from './decode-traces-protobuf.ts';
import type { Intake, IntakeOutcome } from './intake.ts';
import { createJoinPieces } from './join-pieces.ts';
import type { RpcStatus } from './encode-status.ts';
import { REFUSALS, type RefusalReason } from './otlp-response.ts';
import type { RateDecision, RateLimit, RateState } from './rate-limit.ts';
import type { ExportLabels, ReceiveMetrics } from './receive-metrics.ts';

/** The answer to a request, before it is put into the words of a transport. `rate` = what its key may still send, when limited. */
export type ExportAnswer = { readonly rate?: RateState | undefined } & (
  | { readonly kind: 'success'; readonly rejected: number; readonly message: string }
  | { readonly kind: 'refused'; readonly reason: RefusalReason; readonly status: RpcStatus }
);

export interface ExportInput extends ExportLabels {
  readonly workspace: string;
  readonly keyId: string;
  /** In pieces; the list is emptied when they are decoded, so that they are not held while the disk is waited for. */
  readonly body: Buffer[];
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
  rateLimit,
}: {
  readonly intake: Intake;
  readonly metrics: ReceiveMetrics;
  readonly retryAfterSeconds: number;
  /** Unset = keys may send as much as they like. */
  readonly rateLimit?: RateLimit | undefined;
}): ExportRequest {
  const joinPieces = createJoinPieces();
  return async (input) => {
    const { transport, signal, encoding } = input;
    const bytes = input.body.reduce((sum, piece) => sum + piece.length, 0);
    const answer = await decodeAndHandOver(input, { intake, metrics, rateLimit, joinPieces }).catch(
      (error: unknown): Handled => ({
        items: 0,
        answer: answerError(error),
      })
    );
    const labels = { transport, signal, encoding };
    if (answer.answer.kind === 'success') {
      metrics.accepted(labels, { items: answer.items, rejected: answer.answer.rejected, bytes });
      return answer.answer;
    }
    metrics.refused(labels, answer.answer.reason);
    const { reason, status, rate } = answer.answer;
    const wait = status.retryAfterSeconds ?? (REFUSALS[reason].retryable ? retryAfterSeconds : undefined);
    return { kind: 'refused', reason, status: { ...status, retryAfterSeconds: wait }, rate };
  };
}

interface Handled {
  readonly items: number;
  readonly answer: ExportAnswer;
}

interface HandOver {
  readonly intake: Intake;
  readonly metrics: Pick<ReceiveMetrics, 'timed'>;
  readonly rateLimit: RateLimit | undefined;
  readonly joinPieces: (pieces: readonly Buffer[]) => Buffer;
}

async function decodeAndHandOver(input: ExportInput, handOver: HandOver): Promise<Handled> {
  const { intake, metrics, rateLimit, joinPieces } = handOver;
  const { keyId } = input;
  // What metrics say is not stored, so it does not count.
  const limited = input.signal === 'metrics' ? undefined : rateLimit;
  const known = limited?.look(keyId);
  if (known?.isAllowed === false) return { items: 0, answer: refuseRate(known) };
  const decoded = (): DecodedRequest => decode(joinPieces(input.body.splice(0)), input, intake);
  const { items, rejected, deliver } = metrics.timed?.('decode', decoded) ?? decoded();
  if (items === 0) return { items, answer: { kind: 'success', rejected: 0, message: '', rate: known } };
  const rate = await limited?.take(keyId, items);
  if (rate?.isAllowed === false) return { items, answer: refuseRate(rate) };
  return answerOf(items, rejected, deliver(), {
    rate,
    giveBack: () => limited?.giveBack(keyId, items),
  });
}

interface DecodedRequest {
  readonly items: number;
  readonly rejected: Rejected;
  readonly deliver: () => Promise<IntakeOutcome>;
}

function decode(body: Buffer, { encoding, workspace, signal }: ExportInput, intake: Intake): DecodedRequest {
  const json = encoding === 'json';
  switch (signal) {
    case 'traces': {
      const request: DecodedTraces = json ? decodeTracesJson(body) : decodeTracesProtobuf(body);
      const { rejected } = request;
      const items = request.spans.length + rejected.count;
      return { items, rejected, deliver: () => intake.traces(workspace, request) };
    }
    case 'logs': {
      const request: DecodedLogs = json ? decodeLogsJson(body) : decodeLogsProtobuf(body);
      const { rejected } = request;
      const items = request.records.length + rejected.count;
      return { items, rejected, deliver: () => intake.logs(workspace, request) };
    }
    case 'metrics': {
      const request: DecodedMetrics = json ? decodeMetricsJson(body) : decodeMetricsProtobuf(body);
      const rejected = { count: 0, message: '' };
      return { items: request.dataPoints, rejected, deliver: () => intake.metrics(workspace, request) };
    }
  }
}

/** Takes the promise and not the request: what was decoded need not stay in memory until the disk has it. */
async function answerOf(
  items: number,
  rejected: Rejected,
  delivery: Promise<IntakeOutcome>,
  { rate, giveBack }: { readonly rate: RateState | undefined; readonly giveBack: () => void }
): Promise<Handled> {
  const outcome = await delivery;
  if (outcome.kind === 'overloaded') {
    giveBack();
    const details = { message: outcome.message, retryAfterSeconds: outcome.retryAfterSeconds };
    return { items, answer: refuse('overloaded', details) };
  }
  const message = [rejected.message, outcome.message].filter((text) => text !== '').join('; ');
  return { items, answer: { kind: 'success', rejected: rejected.count + outcome.rejected, message, rate } };
}

function refuseRate(rate: RateDecision): ExportAnswer {
  const { limit, retryAfterSeconds } = rate;
  const message = `the key may send ${limit} events (spans and log records) an hour; ${rate.remaining} are left until the hour ends`;
  return { ...refuse('rate_limited', { message, retryAfterSeconds }), rate };
}

function answerError(error: unknown): ExportAnswer {
  if (!(error instanceof DecodeError)) return refuse('crashed');
  return refuse('undecodable', {
    message: `the body cannot be decoded: ${error.message}`,
    violations: [{ field: error.field || 'body', description: `${error.code}: ${error.message}` }],
  });
}
