import { formatPico } from '../price/decimal.ts';
import type { Drift, ModelDrift, Reconciliation } from './reconcile.ts';

const PERCENT = 100;
/** What a spreadsheet would run as a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const PLAIN_NUMBER = /^-?\d+(?:\.\d+)?$/;

/** The reconciliation as lines for a person. */
export function formatReconciliation(result: Reconciliation): readonly string[] {
  const lines = result.drifting.flatMap((group) => [
    `${group.day}  ${printable(group.model)}`,
    ...group.drifts.map((drift) => {
      const unit = drift.kind === 'cost' ? 'USD' : 'count';
      return `  ${drift.class.padEnd(14)} ${unit.padEnd(5)}  billed ${amount(drift, drift.billed)}, seen ${amount(drift, drift.seen)}, drift ${difference(drift)} (${percent(drift)})`;
    }),
    ...group.causes.map((cause) => `  likely ${printable(cause)}`),
  ]);
  const money = `billed ${formatPico(result.billedPico)} USD, seen ${formatPico(result.seenPico)} USD`;
  const count = new Set(result.drifting.map(({ day, model }) => `${day} ${model}`)).size;
  const verdict = count === 0 ? 'everything agrees' : `${count} days of models differ`;
  return [...lines, `${result.compared} classes compared, ${verdict}; ${money}`];
}

/** The drifts as CSV (RFC 4180). Cells that a spreadsheet would run are made harmless. */
export function formatDriftCsv(drifting: readonly ModelDrift[]): readonly string[] {
  const rows = drifting.flatMap(({ drifts, causes }) =>
    drifts.map((drift) => [
      drift.day,
      drift.model,
      drift.kind,
      drift.class,
      amount(drift, drift.billed),
      amount(drift, drift.seen),
      difference(drift),
      causes.join('; '),
    ])
  );
  return [['day', 'model', 'kind', 'class', 'billed', 'seen', 'drift', 'likely_cause'], ...rows].map((row) =>
    row.map(cell).join(',')
  );
}

function cell(text: string): string {
  const harmless = FORMULA.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Names come from files and senders: no control character reaches a terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\u{fffd}');
}

function amount({ kind }: Drift, value: bigint): string {
  return kind === 'cost' ? formatPico(value) : value.toString();
}

function difference(drift: Drift): string {
  return amount(drift, drift.seen - drift.billed);
}

function percent({ billed, seen }: Drift): string {
  return billed === 0n ? 'not billed' : `${((Number(seen - billed) / Number(billed)) * PERCENT).toFixed(1)} %`;
}
