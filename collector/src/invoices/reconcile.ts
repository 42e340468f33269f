import { findCause } from './find-cause.ts';
import { INVOICE_CLASSES } from './invoice-line.ts';
import type { InvoiceClass, InvoiceKind, InvoiceLine } from './invoice-line.ts';

/** What the spans of one day and model say, in the classes of an invoice. */
export interface SpanTotals {
  readonly day: string;
  /** The model that bills, under one name for all its spellings. */
  readonly model: string;
  readonly tier: string;
  readonly calls: number;
  readonly unpricedCalls: number;
  readonly noUsageCalls: number;
  readonly quantities: Readonly<Partial<Record<InvoiceClass, number>>>;
  readonly costsPico: Readonly<Partial<Record<InvoiceClass, bigint>>>;
}

export interface InvoiceTotals extends Omit<InvoiceLine, 'model'> {
  readonly model: string;
  readonly kind: InvoiceKind;
}

/** One class of one day and model; `quantity` in tokens, requests or searches, or for `cost` in pico-dollars. */
export interface Drift {
  readonly day: string;
  readonly model: string;
  readonly kind: InvoiceKind;
  readonly class: InvoiceClass;
  readonly billed: bigint;
  readonly seen: bigint;
}

/** All classes of one day and model that the invoice and the spans do not agree on, and why that probably is. */
export interface ModelDrift {
  readonly day: string;
  readonly model: string;
  readonly drifts: readonly Drift[];
  readonly causes: readonly string[];
}

export interface Reconciliation {
  /** Days, models and classes compared. */
  readonly compared: number;
  readonly drifting: readonly ModelDrift[];
  readonly billedPico: bigint;
  readonly seenPico: bigint;
}

/** Amounts in an export have two to six digits after the point; a difference below half a cent is rounding. */
const ROUNDING_PICO = 5_000_000_000n;
const PER_CENT = 100n;

/** What the spans can tell apart in money: one-hour writes, audio and searches stand in the column of their part. */
const COST_CLASS: Readonly<Record<InvoiceClass, InvoiceClass>> = {
  input: 'input',
  audio_input: 'input',
  cache_read: 'cache_read',
  cache_write: 'cache_write',
  cache_write_1h: 'cache_write',
  output: 'output',
  audio_output: 'output',
  requests: 'other',
  searches: 'other',
  other: 'other',
};
/** Spans count no searches: only the money of searches is compared, and calls with `requests`. */
const NOT_COUNTED = new Set<InvoiceClass>(['searches', 'other']);

/**
 * Compares an invoice with the spans, per day, model and class, in the kinds the invoice has (quantities, money). A difference of at most
 * `tolerancePercent` of what was billed, or of money below half a cent, is agreement. Sorted by day and the size of the money.
 */
export function reconcile(
  invoice: readonly InvoiceTotals[],
  spans: readonly SpanTotals[],
  tolerancePercent: number
): Reconciliation {
  const cells = new Map<string, { -readonly [key in keyof Drift]: Drift[key] }>();
  const cell = (
    day: string,
    model: string,
    kind: InvoiceKind,
    each: InvoiceClass
  ): { billed: bigint; seen: bigint } => {
    const key = `${day}\n${model}\n${kind}\n${each}`;
    const found = cells.get(key) ?? { day, model, kind, class: each, billed: 0n, seen: 0n };
    cells.set(key, found);
    return found;
  };
  const kindsOfDay = new Map<string, Set<InvoiceKind>>();
  for (const line of invoice) {
    kindsOfDay.set(line.day, (kindsOfDay.get(line.day) ?? new Set()).add(line.kind));
    if (line.kind === 'cost') cell(line.day, line.model, 'cost', COST_CLASS[line.class]).billed += line.costPico;
    else if (!NOT_COUNTED.has(line.class))
      cell(line.day, line.model, 'usage', line.class).billed += BigInt(line.quantity);
  }
  for (const { day, model, quantities, costsPico } of spans) {
    const kinds = kindsOfDay.get(day);
    if (kinds?.has('cost') === true) {
      for (const [each, pico] of Object.entries(costsPico) as [InvoiceClass, bigint][])
        if (pico !== 0n) cell(day, model, 'cost', each).seen += pico;
    }
    if (kinds?.has('usage') !== true) continue;
    for (const [each, count] of Object.entries(quantities) as [InvoiceClass, number][])
      if (count !== 0) cell(day, model, 'usage', each).seen += BigInt(count);
  }
  // Some exports of usage count requests, some do not.
  const counted = new Set(invoice.filter((line) => line.class === 'requests').map(({ day }) => day));
  const all = [...cells.values()].filter(({ class: each, day }) => each !== 'requests' || counted.has(day));
  const money = all.filter(({ kind }) => kind === 'cost');
  return {
    compared: all.length,
    drifting: groupDrifts(
      all.filter((each) => !agrees(each, tolerancePercent)),
      all,
      invoice,
      spans
    ),
    billedPico: sum(money.map(({ billed }) => billed)),
    seenPico: sum(money.map(({ seen }) => seen)),
  };
}

function groupDrifts(
  drifts: readonly Drift[],
  all: readonly Drift[],
  invoice: readonly InvoiceTotals[],
  spans: readonly SpanTotals[]
): readonly ModelDrift[] {
  const groups = new Map<string, Drift[]>();
  for (const drift of drifts) {
    const key = `${drift.day}\n${drift.model}`;
    groups.set(key, [...(groups.get(key) ?? []), drift]);
  }
  const same = (day: string, model: string) => (each: { readonly day: string; readonly model: string }) =>
    each.day === day && each.model === model;
  return [...groups.values()]
    .map((group) => {
      const { day, model } = group[0]!;
      const of = same(day, model);
      const inOrder = group.sort((a, b) => orderOf(a) - orderOf(b));
      return {
        day,
        model,
        drifts: inOrder,
        causes: findCause(group, all.filter(of), invoice.filter(of), spans.filter(of)),
      };
    })
    .sort((a, b) => compare(a.day, b.day) || compare(sizeOf(b), sizeOf(a)) || compare(a.model, b.model));
}

/** Quantities before money, then the classes as an invoice lists them. */
function orderOf(drift: Drift): number {
  return (drift.kind === 'usage' ? 0 : INVOICE_CLASSES.length) + INVOICE_CLASSES.indexOf(drift.class);
}

function agrees({ kind, billed, seen }: Drift, tolerancePercent: number): boolean {
  const difference = magnitude(seen - billed);
  if (kind === 'cost' && difference < ROUNDING_PICO) return true;
  const tolerance = BigInt(Math.round(tolerancePercent * Number(PER_CENT)));
  return difference * PER_CENT * PER_CENT <= magnitude(billed) * tolerance;
}

function sizeOf({ drifts }: ModelDrift): bigint {
  return sum(drifts.map(({ kind, billed, seen }) => (kind === 'cost' ? magnitude(seen - billed) : 0n)));
}

function compare<T extends bigint | string>(a: T, b: T): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
