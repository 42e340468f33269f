import type { GuardPolicy } from '../guard/guard-policy.ts';
import type { SpanAmendment } from '../rows/encode-amendments.ts';
import type { FindingRow } from '../rows/finding-columns.ts';
import type { Checked } from '../span.ts';
import type { TableRows } from '../table-rows.ts';
import type { RowsToDelete } from '../write/delete-rows.ts';
import { createCheckStored, type StoredChange } from './check-stored.ts';
import {
  FRAGMENT_HASH,
  type createReadStored,
  type StoredCursor,
  type StoredPeriod,
  type StoredSpan,
} from './read-stored.ts';

/** Rows that wait to be removed; removing writes whole parts anew, so it is done for many at once. */
const MAX_WAITING = 5_000;
const SPANS_PER_TURN = 10;
const REVISION_HASH = 'cityHash64(trace_id, span_id, revision)';

export interface RescanDependencies {
  readonly readPage: ReturnType<typeof createReadStored>;
  readonly query: (
    sql: string,
    parameters: Readonly<Record<string, unknown>>
  ) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Runs a task while nothing else amends. */
  readonly alone: (task: () => Promise<void>) => Promise<void>;
  /** Resolves when everything taken in before is in the store. */
  readonly delivered: () => Promise<void>;
  /** Resolves when the rows are on disk, all or none. */
  readonly append: (tables: readonly TableRows[]) => Promise<void>;
  readonly encode: (checked: Checked) => readonly TableRows[];
  readonly encodeFindings: (rows: readonly FindingRow[]) => readonly TableRows[];
  readonly encodeAmendments: (amendments: readonly SpanAmendment[]) => readonly TableRows[];
  readonly deleteRows: (rows: RowsToDelete) => Promise<void>;
  readonly now: () => number;
}

export interface RescanProgress {
  readonly spans: number;
  readonly changedSpans: number;
  readonly findings: number;
  readonly uncheckedSpans: number;
}

/** Rows to remove, with the range of their times. */
interface Waiting {
  readonly numbers: string[];
  from: bigint;
  to: bigint;
}

const emptyWaiting = (): Waiting => ({ numbers: [], from: 2n ** 63n - 1n, to: 0n });

function wait(waiting: Waiting, number: string, ns: bigint): void {
  waiting.numbers.push(number);
  if (ns < waiting.from) waiting.from = ns;
  if (ns > waiting.to) waiting.to = ns;
}

/**
 * Returns the function that checks what is stored of a period once more and amends what the policy finds now: findings are
 * added, redacted content takes the place of the old, spans get their next revision, in one ledger record for each page; then
 * the rows that held what was redacted are removed for good. Running it again changes nothing, and it may begin again from
 * any cursor that `onProgress` was given. Rejects when the store or the ledger does.
 */
export function createRescan(dependencies: RescanDependencies) {
  const { readPage, alone, delivered, append, deleteRows } = dependencies;

  const tablesOf = (changes: readonly StoredChange[]): readonly TableRows[] => {
    const ingestedAtMs = dependencies.now();
    const fragments = changes.flatMap(({ added }) => added);
    const findings = changes.flatMap((change) => change.findings.map((row) => ({ ...row, ingestedAtMs })));
    const amendments = changes.flatMap(({ before, after }) =>
      after === undefined ? [] : [{ before, after, reason: 'guard: looked at again' }]
    );
    return [
      ...dependencies.encode({ spans: [], others: [], scores: [], findings: [], fragments }),
      ...dependencies.encodeFindings(findings),
      ...dependencies.encodeAmendments(amendments),
    ];
  };

  return async (
    policy: GuardPolicy,
    period: StoredPeriod,
    begin: StoredCursor,
    onProgress: (cursor: StoredCursor | undefined, progress: RescanProgress) => Promise<void>,
    isStopped: () => boolean
  ): Promise<void> => {
    const check = createCheckStored(policy);
    let progress: RescanProgress = { spans: 0, changedSpans: 0, findings: 0, uncheckedSpans: 0 };
    let fragments = emptyWaiting();
    let revisions = emptyWaiting();

    const remove = async (table: RowsToDelete['table'], identity: string, waiting: Waiting): Promise<void> => {
      if (waiting.numbers.length === 0) return;
      const condition =
        'workspace = {workspace:String} AND timestamp >= fromUnixTimestamp64Nano({from:Int64})' +
        ' AND timestamp <= fromUnixTimestamp64Nano({to:Int64})';
      const parameters = { workspace: period.workspace, from: String(waiting.from), to: String(waiting.to) };
      await deleteRows({ table, condition, parameters, identity, numbers: waiting.numbers });
    };
    const flush = async (): Promise<void> => {
      await remove('content_fragments', FRAGMENT_HASH, fragments);
      await remove('spans', REVISION_HASH, revisions);
      fragments = emptyWaiting();
      revisions = emptyWaiting();
    };

    const changesOf = async (cursor: StoredCursor) => {
      const page = await readPage(period, cursor);
      const changes: StoredChange[] = [];
      let unchecked = 0;
      for (const [index, stored] of page.spans.entries()) {
        const { change, failed } = check(stored);
        if (change !== undefined) changes.push(change);
        if (failed) unchecked += 1;
        if (index % SPANS_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      return { page, changes, unchecked };
    };
    /** Earlier revisions of a redacted span may hold what was redacted, also those that a run before did not come to remove. */
    const waitForRevisions = async (spans: readonly StoredSpan[], changes: readonly StoredChange[]): Promise<void> => {
      const rowsNow = [...spans.map(({ row }) => row), ...changes.flatMap(({ after }) => after ?? [])];
      const redacted = rowsNow.filter(
        ({ revision, guardAction }) => revision > 0 && (guardAction === 'redact' || guardAction === 'drop')
      );
      const keys = redacted.map(({ traceId, spanId }) => [traceId, spanId]);
      if (keys.length === 0) return;
      const rows = await dependencies.query(
        `SELECT toString(${REVISION_HASH}) AS hash, toString(toUnixTimestamp64Nano(timestamp)) AS ns FROM genai.spans AS s
         WHERE workspace = {workspace:String} AND (trace_id, span_id) IN {keys:Array(Tuple(String, String))}
           AND (trace_id, span_id, revision) NOT IN (
             SELECT trace_id, span_id, max(revision) FROM genai.spans
             WHERE workspace = {workspace:String} AND (trace_id, span_id) IN {keys:Array(Tuple(String, String))}
             GROUP BY trace_id, span_id)`,
        { workspace: period.workspace, keys }
      );
      for (const row of rows) wait(revisions, String(row['hash']), BigInt(String(row['ns'])));
    };

    let cursor: StoredCursor | undefined = begin;
    while (cursor !== undefined && !isStopped()) {
      const here: StoredCursor = cursor;
      let look = await changesOf(here);
      if (look.changes.length > 0) {
        await alone(async () => {
          // What is amended is the difference to what the store holds, so it is read again when nothing else changes it.
          await delivered();
          look = await changesOf(here);
          if (look.changes.length === 0) return;
          await append(tablesOf(look.changes));
          await delivered();
        });
        for (const { removed } of look.changes)
          for (const { hash, timestampNs } of removed) wait(fragments, hash, timestampNs);
      }
      await waitForRevisions(look.page.spans, look.changes);
      progress = {
        spans: progress.spans + look.page.spans.length,
        changedSpans: progress.changedSpans + look.changes.length,
        findings: progress.findings + look.changes.reduce((sum, change) => sum + change.findings.length, 0),
        uncheckedSpans: progress.uncheckedSpans + look.unchecked,
      };
      cursor = look.page.next;
      const waiting = fragments.numbers.length + revisions.numbers.length;
      if (waiting >= MAX_WAITING || cursor === undefined) await flush();
      // A cursor is only safe to begin from when nothing before it waits to be removed.
      if (fragments.numbers.length + revisions.numbers.length === 0) await onProgress(cursor, progress);
    }
  };
}
