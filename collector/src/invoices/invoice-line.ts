/** What a line of an invoice is for. Tokens are disjoint: input is uncached text. */
export const INVOICE_CLASSES = [
  'input',
  'cache_read',
  'cache_write',
  'cache_write_1h',
  'output',
  'audio_input',
  'audio_output',
  'requests',
  'searches',
  'other',
] as const;

export type InvoiceClass = (typeof INVOICE_CLASSES)[number];

/** An export says quantities or amounts. */
export type InvoiceKind = 'usage' | 'cost';

/** One day, model, tier and class of an export, summed over everything else the provider tells apart. */
export interface InvoiceLine {
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
  /** As the provider writes it. */
  readonly model: string;
  /** `standard`, `batch`, `flex`, `priority`, `fast`, or as the provider writes it, lower case. */
  readonly tier: string;
  readonly class: InvoiceClass;
  readonly quantity: number;
  readonly costPico: bigint;
}
