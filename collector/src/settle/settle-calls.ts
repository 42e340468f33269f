import type { SpanRow } from '../span-row.ts';
import { adoptContext } from './adopt-context.ts';
import { callKey } from './call-facts.ts';
import type { CallFacts } from './call-facts.ts';
import { chooseBilled, compareRecords } from './choose-billed.ts';
import { groupCalls } from './group-calls.ts';

function factsOfRow(row: SpanRow): CallFacts {
  const parts = [
    row.cacheReadTokens,
    row.cacheWriteTokens,
    row.cacheWrite1hTokens,
    row.reasoningTokens,
    row.audioInputTokens,
    row.audioOutputTokens,
  ];
  return {
    workspace: row.workspace,
    traceId: row.traceId,
    spanId: row.spanId,
    parentSpanId: row.parentSpanId,
    serviceName: row.serviceName,
    status: row.status,
    operation: row.operation,
    requestModel: row.requestModel,
    responseModel: row.responseModel,
    responseId: row.responseId,
    usageState: row.usageState,
    inputTokens: row.inputTokens,
    outputTokens: row.outputTokens,
    detailCount: parts.filter((part) => part > 0).length,
    dialect: row.dialect,
    timestampNs: row.timestampNs,
    durationNs: row.durationNs,
    billable: row.billable,
  };
}

/**
 * The rows as they should be: of several records of a call the best is billed and knows what the others know.
 * Rows that are right already come back unchanged (the same object). The order of the input does not matter.
 */
export function settleCalls(rows: readonly SpanRow[]): readonly SpanRow[] {
  const byKey = new Map(rows.map((row) => [callKey(row), row]));
  const settled = new Map(byKey);
  const { sameCall, wrappers } = groupCalls(rows.map(factsOfRow));
  const grouped = new Set<string>();
  for (const group of sameCall) {
    const billed = chooseBilled(group);
    const others = group.filter((call) => call !== billed).sort(compareRecords);
    for (const call of group) {
      const key = callKey(call);
      grouped.add(key);
      const row = byKey.get(key)!;
      if (call === billed) {
        const context = others.map((other) => byKey.get(callKey(other))!);
        settled.set(key, { ...adoptContext(row, context), billable: true });
      } else if (row.billable) settled.set(key, { ...row, billable: false });
    }
  }
  for (const wrapper of wrappers) {
    const key = callKey(wrapper);
    if (wrapper.billable && !grouped.has(key)) settled.set(key, { ...byKey.get(key)!, billable: false });
  }
  return rows.map((row) => settled.get(callKey(row))!);
}
