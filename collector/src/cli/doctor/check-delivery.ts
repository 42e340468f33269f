import { setTimeout as wait } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { fault, ok, skipped, type CheckResult } from './check.ts';
import { describeStoreError } from './check-store.ts';
import { createDoctorSpan, DOCTOR_SERVICE, type DoctorSpan } from './doctor-span.ts';
import type { Protocol, Target } from './send-doctor-span.ts';

const POLL_MS = 250;

interface StoredSpan {
  readonly workspace: string;
  readonly service_name: string;
  readonly input_tokens: string | number;
  readonly output_tokens: string | number;
  readonly cost_state: string;
  readonly cost_usd: string;
  readonly price_id: string;
}

export interface DeliveryDeps {
  /** undefined = the store does not answer, which has been told. */
  readonly client: Pick<ClickHouseClient, 'query'> | undefined;
  readonly target: Target;
  readonly now: () => number;
  /** How long to wait for the span in the store, from the acknowledgement. */
  readonly deadlineMs: number;
}

async function read(
  client: Pick<ClickHouseClient, 'query'>,
  { traceId, spanId }: DoctorSpan
): Promise<StoredSpan | undefined> {
  const result = await client.query({
    query:
      'SELECT workspace, service_name, input_tokens, output_tokens, toString(cost_state) AS cost_state, toString(cost_usd) AS cost_usd, price_id ' +
      'FROM genai.spans FINAL WHERE trace_id = {trace:String} AND span_id = {span:String} AND timestamp > now() - INTERVAL 1 HOUR',
    query_params: { trace: traceId, span: spanId },
    format: 'JSONEachRow',
  });
  return (await result.json<StoredSpan>())[0];
}

function judge(row: StoredSpan, milliseconds: number): CheckResult {
  const found = `stored in workspace ${row.workspace} after ${(milliseconds / 1000).toFixed(1)} s`;
  if (row.service_name !== DOCTOR_SERVICE || Number(row.input_tokens) !== 1000 || Number(row.output_tokens) !== 100) {
    return fault(
      `${found}, but not as it was sent`,
      'this is a fault of Spanledger: please report it with the version'
    );
  }
  if (row.cost_state !== 'computed' || !(Number(row.cost_usd) > 0)) {
    return fault(
      `${found}, but without a price (cost_state ${row.cost_state})`,
      'are prices overridden for this workspace? See genai.prices'
    );
  }
  return ok(`${found}, priced at ${row.cost_usd} USD by ${row.price_id}`);
}

/** Sends one marked span by this protocol and reads it back from the store, priced. */
export async function checkDelivery(
  protocol: Protocol,
  { client, target, now, deadlineMs }: DeliveryDeps
): Promise<CheckResult> {
  const span = createDoctorSpan(protocol.name, now());
  const sent = await protocol.send(span, target);
  if (sent.state !== 'ok') return sent;
  if (client === undefined) return skipped('accepted; not looked for in the store, which does not answer');
  const acceptedAt = now();
  try {
    for (;;) {
      const row = await read(client, span);
      if (row !== undefined) return judge(row, now() - acceptedAt);
      if (now() - acceptedAt >= deadlineMs) break;
      await wait(POLL_MS);
    }
  } catch (error) {
    return describeStoreError(error);
  }
  return fault(
    `accepted, but not in the store after ${(deadlineMs / 1000).toFixed(0)} s`,
    'does the collector write to this store? See spanledger_write_failures_total and spanledger_write_troubles at /metrics, and its log'
  );
}
