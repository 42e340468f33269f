import { join } from 'node:path';
import { createClient } from '@clickhouse/client';
import { NO_SPANS } from '../../src/ledger/accounting.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { createEncodeAmendments } from '../../src/rows/encode-amendments.ts';
import { parseSpanRow, SPAN_ROW_SELECT } from '../../src/rows/parse-span-row.ts';
import { TABLE_COLUMNS } from '../../src/rows/table-columns.ts';
import type { CollectorProcess } from './collector-process.ts';
import type { Random } from './seeded-random.ts';
import { selectRows } from './select-rows.ts';

const ROWS = 20;

/**
 * Re-prices some stored spans as a job of the collector would: with everything delivered, whole new revisions and signed
 * differences in one ledger record. The collector is killed before, for its ledger belongs to one process.
 */
export async function amendDirectly(
  random: Random,
  settings: Readonly<Record<string, string>>,
  collector: CollectorProcess
): Promise<void> {
  await collector.delivered();
  const client = createClient({ url: collector.urls.sql });
  const rows = await selectRows(
    { client } as never,
    `SELECT ${SPAN_ROW_SELECT} FROM genai.spans FINAL ORDER BY trace_id, span_id LIMIT ${ROWS}`
  );
  await client.close();
  await collector.kill();
  const ledger = await openLedger({
    directory: join(settings.SPANLEDGER_DATA_DIR!, 'ledger'),
    columns: [...TABLE_COLUMNS.values()],
    now: Date.now,
  });
  const amendments = rows.map(parseSpanRow).map((before) => {
    const inputCostPico = BigInt(1 + random.below(1_000_000_000));
    const costPico = before.costPico - before.inputCostPico + inputCostPico;
    const after = { ...before, inputCostPico, costPico, costState: 'computed' as const, department: 'amended' };
    return { before, after: { ...after, revision: before.revision + 1 }, reason: 'reprice' };
  });
  const tables = createEncodeAmendments({ now: Date.now })(amendments);
  const outcome = await ledger.append({ tables, fingerprints: new Uint32Array(), counters: NO_SPANS });
  if (outcome !== 'stored') throw new Error(`the ledger is ${outcome}`);
  await ledger.close();
}
