import { setTimeout as delay } from 'node:timers/promises';
import type { OtlpLogRecord, OtlpSpan } from '../otlp.ts';
import type { Intake, IntakeOutcome } from '../receive/intake.ts';
import { createDemoHour } from './demo-hour.ts';
import { demoMonthEndingAt, firstHourOf, hourOfText, hourOfTracePrefix, textOfHour } from './demo-month.ts';
import type { DemoMonth } from './demo-month.ts';

export const DEMO_WORKSPACE = 'demo';

const MS_PER_HOUR = 3_600_000;
const MS_PER_SECOND = 1000;
/** Spans of a request; a trace is never split. */
const SPANS_PER_REQUEST = 900;
/** While one request waits for the disk, others are made. */
const REQUESTS_IN_FLIGHT = 4;
/** A demo that is started again after a long time goes on from here, in hours before now. */
const MAX_HOURS_BACK = 60 * 24;
const NO_REJECTIONS = { count: 0, message: '' };

/** Digits of a trace id say to which hour of the demo the trace belongs. */
const STORED_HOURS = `
SELECT substring(trace_id, 1, 8) AS prefix, uniqExact(trace_id, span_id) AS spans,
  min(attributes['resource.demo.month_end']) AS month_end
FROM genai.spans WHERE workspace = {workspace:String} AND attributes['resource.demo.month_end'] != ''
GROUP BY prefix`;

export interface DemoSent {
  readonly spans: number;
  readonly scores: number;
  /** Hours that were missing; the others were stored before and nothing of them was sent. */
  readonly hours: number;
  /** Start of the first hour that does not belong to the month: the facts in docs/demo.md are relative to it. */
  readonly monthEnd: string;
  readonly seconds: number;
}

export interface DemoOptions {
  readonly signal?: AbortSignal;
  /** 1 = all of the everyday traffic. A month that is stored must be continued with the volume it was begun with. */
  readonly volume?: number;
  readonly onProgress?: (spans: number) => void;
}

/** Fills the workspace `demo` and resolves when all of it is in the store. Rejects when it is aborted or a request fails. */
export type SendDemo = (options?: DemoOptions) => Promise<DemoSent>;

interface DemoRequest {
  readonly spans: readonly OtlpSpan[];
  readonly records: readonly OtlpLogRecord[];
}

/** The missing hours as requests, oldest first. */
function* requestsOf(
  month: DemoMonth,
  nowHour: number,
  stored: ReadonlyMap<number, number>,
  onHour: () => void
): Generator<DemoRequest> {
  const trafficOf = createDemoHour(month);
  let spans: OtlpSpan[] = [];
  let records: OtlpLogRecord[] = [];
  for (let hour = Math.max(firstHourOf(month), nowHour - MAX_HOURS_BACK); hour < nowHour; hour++) {
    const traces = trafficOf(hour);
    const expected = traces.reduce((sum, trace) => sum + trace.spans.length, 0);
    if (expected === 0 || stored.get(hour) === expected) continue;
    onHour();
    for (const trace of traces) {
      spans.push(...trace.spans);
      records.push(...trace.records);
      if (spans.length < SPANS_PER_REQUEST) continue;
      yield { spans, records };
      spans = [];
      records = [];
    }
  }
  if (spans.length > 0) yield { spans, records };
}

/**
 * Sends the demo month through the same intake as the receivers. What is stored already is not sent: the month keeps the end it
 * had when it was first sent, hours that are complete are left out, and hours that have passed since are added without events.
 * An hour that is stored in part is sent again, and the pipeline drops the repeats.
 */
export function createSendDemo(dependencies: {
  readonly intake: Pick<Intake, 'traces' | 'logs'>;
  readonly query: (
    sql: string,
    parameters: Readonly<Record<string, unknown>>
  ) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Resolves when everything taken in before is in the store. */
  readonly delivered: () => Promise<void>;
  readonly now: () => number;
}): SendDemo {
  const { intake, now } = dependencies;

  return async ({ signal, volume = 1, onProgress } = {}) => {
    const startedAt = now();
    await dependencies.delivered();
    const stored = new Map<number, number>();
    let month: DemoMonth = { ...demoMonthEndingAt(startedAt), volume };
    for (const row of await dependencies.query(STORED_HOURS, { workspace: DEMO_WORKSPACE })) {
      stored.set(hourOfTracePrefix(String(row.prefix)), Number(row.spans));
      month = { ...month, endHour: Math.min(month.endHour, hourOfText(String(row.month_end)) ?? month.endHour) };
    }

    let hours = 0;
    let spans = 0;
    let scores = 0;
    const accept = async (send: () => Promise<IntakeOutcome>): Promise<void> => {
      for (let outcome = await send(); outcome.kind === 'overloaded'; outcome = await send())
        await delay(outcome.retryAfterSeconds * MS_PER_SECOND, undefined, { ...(signal && { signal }) });
    };
    const requests = requestsOf(month, Math.floor(startedAt / MS_PER_HOUR), stored, () => void (hours += 1));
    const sender = async (): Promise<void> => {
      for (let next = requests.next(); next.done !== true; next = requests.next()) {
        signal?.throwIfAborted();
        const request = next.value;
        // Scores first: an hour counts as stored when its spans are.
        if (request.records.length > 0)
          await accept(() => intake.logs(DEMO_WORKSPACE, { records: request.records, rejected: NO_REJECTIONS }));
        await accept(() => intake.traces(DEMO_WORKSPACE, { spans: request.spans, rejected: NO_REJECTIONS }));
        spans += request.spans.length;
        scores += request.records.length;
        onProgress?.(spans);
      }
    };
    await Promise.all(Array.from({ length: REQUESTS_IN_FLIGHT }, sender));
    if (spans > 0) await dependencies.delivered();
    const seconds = (now() - startedAt) / MS_PER_SECOND;
    return { spans, scores, hours, monthEnd: textOfHour(month.endHour), seconds };
  };
}
