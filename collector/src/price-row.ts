import type { PricedCall } from './price/priced-call.ts';
import type { Price } from './price/price-span.ts';
import type { GenAiSpan } from './span.ts';
import type { SpanRow } from './span-row.ts';
import type { StoredCall, StoredCost } from './stored-call.ts';

/** Money of a row as the decimal text that a span carries. */
function decimalOf(pico: bigint): string {
  if (pico === 0n) return '';
  const digits = (pico < 0n ? -pico : pico).toString().padStart(13, '0');
  return `${pico < 0n ? '-' : ''}${digits.slice(0, -12)}.${digits.slice(-12)}`;
}

/** What the price of a stored call depends on, as the span had it. */
function callOf(row: StoredCall): PricedCall {
  return {
    workspace: row.workspace,
    timestampNs: row.timestampNs,
    durationNs: row.durationNs,
    operation: row.operation,
    provider: row.provider,
    requestModel: row.requestModel,
    responseModel: row.responseModel,
    usage: {
      state: row.usageState,
      inputTokens: row.inputTokens,
      outputTokens: row.outputTokens,
      cacheReadTokens: row.cacheReadTokens,
      cacheWriteTokens: row.cacheWriteTokens,
      cacheWrite1hTokens: row.cacheWrite1hTokens,
      reasoningTokens: row.reasoningTokens,
      audioInputTokens: row.audioInputTokens,
      audioOutputTokens: row.audioOutputTokens,
    },
    reportedCostUsd: decimalOf(row.reportedCostPico),
    serviceTier: row.serviceTier,
    region: row.attributes.get('cloud.region') ?? '',
    billable: row.billable,
    status: row.status,
    attributes: row.attributes,
  };
}

/** The part of a stored row that its price depends on, as the span it was made from. */
export function spanOf(row: SpanRow): GenAiSpan {
  return { ...row, ...callOf(row), fragments: [] };
}

/** The cost of a stored call for what it says now, by the same calculator that priced it at ingest. */
export function createPriceCall(price: Price): (row: StoredCall) => StoredCost {
  return (row) => {
    const cost = price(callOf(row));
    return {
      costPico: cost.totalPico,
      inputCostPico: cost.inputPico,
      outputCostPico: cost.outputPico,
      cacheReadCostPico: cost.cacheReadPico,
      cacheWriteCostPico: cost.cacheWritePico,
      requestCostPico: cost.requestPico,
      cacheSavingsPico: cost.cacheSavingsPico,
      costState: cost.state,
      priceId: cost.priceId,
    };
  };
}

/** A stored row with its cost for what it says now. */
export function createPriceRow(price: Price): (row: SpanRow) => SpanRow {
  const priceCall = createPriceCall(price);
  return (row) => ({ ...row, ...priceCall(row) });
}
