import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { GuardPolicy } from '../guard/guard-policy.ts';
import { createTextInspector, type Verdict } from '../guard/inspect-text.ts';
import { contextAt } from '../guard/rule-scope.ts';

/** Names that evaluation tools know our PII rules by. */
const TYPE_OF_RULE: Readonly<Record<string, string>> = {
  email: 'EMAIL',
  phone: 'PHONE',
  'us-ssn': 'SSN',
  'credit-card': 'CREDIT_CARD',
  iban: 'IBAN',
  'ip-address': 'IP_ADDRESS',
  passport: 'PASSPORT',
  'mac-address': 'MAC_ADDRESS',
};

export interface GuardScanStreams {
  readonly input: Readable;
  readonly output: Writable;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
}

/** Offset in Unicode code points of each UTF-16 offset that is asked for in ascending order. */
function codePointOffset(text: string, offset: number): number {
  let points = 0;
  for (let index = 0; index < offset; points += 1) index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
  return points;
}

function describe(text: string, { detector, score, start, end }: Verdict): Record<string, string | number> {
  const { rule, category } = detector;
  const type = category === 'pii' ? (TYPE_OF_RULE[rule] ?? rule.toUpperCase().replaceAll('-', '_')) : category;
  return { type, label: type, rule, start: codePointOffset(text, start), end: codePointOffset(text, end), score };
}

/**
 * Reads JSON lines `{id, text}` and writes for each `{id, verdicts: [{type, label, rule, start, end, score}], ms}`; offsets
 * count Unicode code points. A text that cannot be checked gets `error`, a line that is no JSON is answered by
 * `{error}`. Resolves to the number of lines.
 */
export async function scanJsonLines(policy: GuardPolicy, { input, output, now }: GuardScanStreams): Promise<number> {
  const inspector = createTextInspector(policy);
  let lines = 0;
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (line.trim() === '') continue;
    lines += 1;
    output.write(`${JSON.stringify(scanLine(line))}\n`);
  }
  return lines;

  function scanLine(line: string): object {
    let row: unknown;
    try {
      row = JSON.parse(line);
    } catch {
      return { error: 'not JSON' };
    }
    if (typeof row !== 'object' || row === null || !('id' in row) || !('text' in row) || typeof row.text !== 'string') {
      return { error: 'a line must be {"id": …, "text": "…"}' };
    }
    const { id, text } = row;
    const start = now();
    try {
      const verdicts = inspector.mayHold(text, 'input')
        ? inspector.inspect(text, { steps: 0 }, contextAt('input'))
        : [];
      const ms = now() - start;
      return { id, verdicts: verdicts.map((verdict) => describe(text, verdict)), ms };
    } catch {
      return { id, verdicts: [], ms: now() - start, error: 'the text cannot be checked' };
    }
  }
}
