import type { Readable } from 'node:stream';
import { ConfigError } from '../config.ts';
import { defaultGuardPolicy, type GuardPolicy } from '../guard/guard-policy.ts';
import { createTextInspector, type Verdict } from '../guard/inspect-text.ts';
import { policyFromData } from '../guard/policy-from-data.ts';
import { contextAt } from '../guard/rule-scope.ts';
import { boundedLines, MAX_LINE_LENGTH } from './bounded-lines.ts';
import type { CliContext, Command } from './command.ts';
import { readOptions } from './read-options.ts';

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

interface ScanAnswer {
  readonly id?: unknown;
  readonly verdicts?: readonly object[];
  readonly ms?: number;
  readonly error?: string;
}

export interface GuardScanStreams {
  readonly input: Readable;
  readonly answer: (line: string) => void;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
}

/** Offset in Unicode code points of each UTF-16 offset; asking in ascending order costs one pass in all. */
function createPointCounter(text: string): (offset: number) => number {
  let index = 0;
  let points = 0;
  return (offset) => {
    if (offset < index) index = points = 0;
    for (; index < offset; points += 1) index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
    return points;
  };
}

function describe(
  pointsAt: (offset: number) => number,
  { detector, score, start, end }: Verdict
): Record<string, string | number> {
  const { rule, category } = detector;
  const type = category === 'pii' ? (TYPE_OF_RULE[rule] ?? rule.toUpperCase().replaceAll('-', '_')) : category;
  return { type, label: type, rule, start: pointsAt(start), end: pointsAt(end), score };
}

/**
 * Reads JSON lines `{id, text}` and answers each by `{id, verdicts: [{type, label, rule, start, end, score}], ms}`; offsets
 * count Unicode code points. A text that cannot be checked gets `error` too; a line that is no such object is answered by
 * `{line, error}` with its number. Resolves to the number of lines and how many of them had an error.
 */
export async function scanJsonLines(
  policy: GuardPolicy,
  { input, answer, now }: GuardScanStreams
): Promise<{ readonly lines: number; readonly faults: number }> {
  const inspector = createTextInspector(policy);
  let line = 0;
  let lines = 0;
  let faults = 0;
  for await (const text of boundedLines(input)) {
    line += 1;
    if (text?.trim() === '') continue;
    lines += 1;
    const found: ScanAnswer =
      text === undefined ? { error: `a line has at most ${MAX_LINE_LENGTH} characters` } : scanLine(text);
    if ('error' in found) faults += 1;
    answer(JSON.stringify('id' in found ? found : { line, ...found }));
  }
  return { lines, faults };

  function scanLine(json: string): ScanAnswer {
    let row: unknown;
    try {
      row = JSON.parse(json);
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
      const pointsAt = createPointCounter(text);
      return { id, verdicts: verdicts.map((verdict) => describe(pointsAt, verdict)), ms };
    } catch {
      return { id, verdicts: [], ms: now() - start, error: 'the text cannot be checked' };
    }
  }
}

/** The policy of a file; of the built-in rules and models, all, when there is none. */
function readPolicy(path: string | undefined, readFile: CliContext['readFile']): GuardPolicy {
  if (path === undefined) return defaultGuardPolicy;
  let data: unknown;
  try {
    data = JSON.parse(readFile(path));
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'it is not JSON' : 'it cannot be read';
    throw new Error(`${path}: ${reason}`, { cause: error });
  }
  const result = policyFromData(data);
  if ('faults' in result) throw new ConfigError(result.faults.map((fault) => `${path}: ${fault}`));
  return result.policy;
}

export const guardScan: Command = {
  name: 'guard-scan',
  usage: '[--policy FILE] < TEXTS.jsonl   lines {"id", "text"} in, lines {"id", "verdicts", "ms"} out',
  summary: 'Says what the guard finds in texts; needs no store and keeps nothing',
  run: async (args, { input, answer, remark, readFile, monotonicNow }) => {
    const { values } = readOptions(args, { policy: { type: 'string' } });
    const policy = readPolicy(values.policy, readFile);
    const { lines, faults } = await scanJsonLines(policy, { input, answer, now: monotonicNow });
    if (faults > 0)
      remark(`spanledger guard-scan: ${faults} of ${lines} lines could not be checked: see their "error"`);
    return faults > 0 ? 1 : 0;
  },
};
