import { UsageError } from './command.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;

/** UTC days `YYYY-MM-DD`, both included: what `--from` and `--to` mean in every command. */
export interface Days {
  readonly from: string;
  readonly to: string;
  /** The day after the last: where a period ends that is written half-open, as the API does. */
  readonly end: string;
}

/** Reads `--from` and `--to`; `lastDay` is the last day when none is named. Throws UsageError for what are no days, or too many. */
export function readDays(
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
  lastDay: string | undefined,
  maxDays: number
): Days {
  const first = dayOf('--from', from);
  const last = dayOf('--to', to ?? lastDay ?? first);
  const days = (Date.parse(last) - Date.parse(first)) / DAY_MS + 1;
  if (days < 1)
    throw new UsageError(
      to === undefined
        ? `--from must not be later than ${last}`
        : '--to must not be earlier than --from: it is the last day, included'
    );
  if (days > maxDays) throw new UsageError(`--from to --to must be at most ${maxDays} days`);
  return { from: first, to: last, end: new Date(Date.parse(last) + DAY_MS).toISOString().slice(0, 10) };
}

function dayOf(option: string, text: string | undefined): string {
  const ms = text !== undefined && DAY.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  if (text === undefined || Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text)
    throw new UsageError(`${option} must be a UTC day, YYYY-MM-DD`);
  return text;
}
