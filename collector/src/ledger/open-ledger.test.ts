import type { Ledger, LedgerLimits } from './ledger.ts';
import { openLedger } from './open-ledger.ts';
import type { LedgerRecord } from './record-reader.ts';
import { createMemoryFileLayer } from './testing/memory-file-layer.ts';
import type { MemoryFileLayer } from './testing/memory-file-layer.ts';
import { SAMPLE_COLUMNS, sampleEntry, sampleId } from './testing/sample-entry.ts';

const NOW = 1_790_000_000_000;
const NOTHING_DEAD = { deadLetteredSpans: 0, deadLetteredFragments: 0 };

function open(fileSystem: MemoryFileLayer, limits: Partial<LedgerLimits> = {}, now = () => NOW): Promise<Ledger> {
  return openLedger({
    directory: '/ledger',
    columns: SAMPLE_COLUMNS,
    now,
    fileSystem,
    limits: { reserveBytes: 0, ...limits },
  });
}

async function readAll(ledger: Ledger): Promise<LedgerRecord[]> {
  const records: LedgerRecord[] = [];
  for (let record = await ledger.next(); record !== undefined; record = await ledger.next()) records.push(record);
  return records;
}

async function ids(ledger: Ledger): Promise<number[]> {
  return (await readAll(ledger)).map(sampleId);
}

function segmentFiles(fileSystem: MemoryFileLayer): [string, Buffer][] {
  return [...fileSystem.files()].filter(([path]) => path.endsWith('.ledger')).sort();
}

describe('the ledger', () => {
  it('hands out what was appended, in order, with its columns, counters and rows', async () => {
    const ledger = await open(createMemoryFileLayer());
    expect(await Promise.all([1, 2, 3].map((id) => ledger.append(sampleEntry(id))))).toEqual([
      'stored',
      'stored',
      'stored',
    ]);
    const records = await readAll(ledger);
    expect(
      records.map(({ sequence, columns, counters, acceptedAtMs, tables }) => ({
        sequence,
        columns,
        counters,
        acceptedAtMs,
        tables,
      }))
    ).toEqual(
      [1, 2, 3].map((id) => ({
        sequence: id + 1,
        columns: SAMPLE_COLUMNS,
        counters: sampleEntry(id).counters,
        acceptedAtMs: NOW,
        tables: sampleEntry(id).tables,
      }))
    );
  });

  it('recovers the same records after a kill, byte for byte, and remembers their fingerprints', async () => {
    const before = createMemoryFileLayer();
    const ledger = await open(before);
    for (const id of [1, 2, 3]) await ledger.append(sampleEntry(id, 100 * id));
    const written = await readAll(ledger);
    const again = await open(before.kill());
    const read = await readAll(again);
    expect(
      read.map(({ sequence, tables }) => ({
        sequence,
        tables: tables.map((rows) => ({ ...rows, bytes: [...rows.bytes] })),
      }))
    ).toEqual(
      written.map(({ sequence, tables }) => ({
        sequence,
        tables: tables.map((rows) => ({ ...rows, bytes: [...rows.bytes] })),
      }))
    );
    expect(again.recovered.fingerprints).toEqual([1, 2, 3].map((id) => sampleEntry(id).fingerprints));
    expect(again.epoch).toBe(ledger.epoch);
    expect(again.seed).toEqual(ledger.seed);
  });

  it('does not hand out what was delivered, and repeats a plan that was not', async () => {
    const before = createMemoryFileLayer();
    const ledger = await open(before);
    for (const id of [1, 2, 3, 4]) await ledger.append(sampleEntry(id));
    const records = await readAll(ledger);
    const [first, second, third] = records.map(({ sequence }) => sequence);
    expect(await ledger.savePlan({ first: first!, last: first! })).toBe(true);
    expect(await ledger.savePlan({ first: second!, last: third! })).toBe(true);
    await ledger.markDelivered({ first: first!, last: first! }, NOTHING_DEAD);
    expect(ledger.backlog()).toMatchObject({ records: 3, spans: 3 });
    const again = await open(before.kill());
    expect(again.recovered).toMatchObject({
      records: 3,
      openPlans: 1,
      damagedRanges: 0,
      damagedSpans: 0,
      tornBytes: 0,
    });
    const plan = { first: second, last: third };
    expect((await readAll(again)).map((record) => [sampleId(record), record.plan])).toEqual([
      [2, plan],
      [3, plan],
      [4, undefined],
    ]);
  });

  it('keeps the books over restarts: received is the sum of what became of the spans', async () => {
    const before = createMemoryFileLayer();
    const ledger = await open(before, { segmentBytes: 300 });
    for (let id = 1; id <= 10; id++)
      await ledger.append({
        ...sampleEntry(id),
        counters: { received: 5, stored: 1, ignored: 1, rejected: 1, duplicate: 2 },
      });
    ledger.count({ received: 7, stored: 0, ignored: 0, rejected: 3, duplicate: 4 });
    const records = await readAll(ledger);
    const plan = { first: records[0]!.sequence, last: records[3]!.sequence };
    await ledger.markDelivered(plan, { deadLetteredSpans: 1, deadLetteredFragments: 0 });
    const expected = {
      received: 57,
      ignored: 10,
      rejected: 13,
      duplicate: 24,
      accepted: 10,
      delivered: 3,
      deadLettered: 1,
      damaged: 0,
      fragmentsAccepted: 0,
      fragmentsDelivered: 0,
      fragmentsDeadLettered: 0,
    };
    expect(ledger.stats()).toMatchObject({ totals: expected, balanced: true });
    await ledger.close();
    const again = await open(before, { segmentBytes: 300 });
    expect(again.stats()).toMatchObject({ totals: expected, balanced: true });
    expect(again.backlog().spans).toBe(6);
  });

  it('removes segments that are delivered whole and keeps their fingerprints for the window', async () => {
    let now = NOW;
    const before = createMemoryFileLayer();
    const ledger = await open(before, { segmentBytes: 400 }, () => now);
    for (let id = 1; id <= 20; id++) await ledger.append(sampleEntry(id));
    const many = segmentFiles(before).length;
    const records = await readAll(ledger);
    await ledger.markDelivered({ first: records[0]!.sequence, last: records.at(-1)!.sequence }, NOTHING_DEAD);
    expect(many).toBeGreaterThan(3);
    expect(segmentFiles(before)).toHaveLength(1);
    await ledger.close();
    const again = await open(before, {}, () => now);
    expect(again.recovered.fingerprints.flatMap((part) => [...part])).toEqual(
      Array.from({ length: 20 }, (_, index) => [...sampleEntry(index + 1).fingerprints]).flat()
    );
    expect(await ids(again)).toEqual([]);
    expect(segmentFiles(before)).toHaveLength(1);
    await again.close();
    now += 16 * 60_000;
    const later = await open(before, {}, () => now);
    expect(later.recovered.fingerprints).toEqual([]);
    expect([...before.files().keys()]).toEqual(['/ledger/identity.json', segmentFiles(before)[0]![0]]);
  });

  it('reads back from disk, in order and once, what did not fit into memory', async () => {
    const ledger = await open(createMemoryFileLayer(), { hotBytes: 40, segmentBytes: 300 });
    for (let id = 1; id <= 20; id++) await ledger.append(sampleEntry(id));
    const first = await ledger.next();
    await ledger.append(sampleEntry(21));
    expect([sampleId(first!), ...(await ids(ledger))]).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
    await ledger.append(sampleEntry(22));
    expect(await ids(ledger)).toEqual([22]);
  });

  it('says full beyond its quota and takes records again when some are delivered', async () => {
    const ledger = await open(createMemoryFileLayer(), { quotaBytes: 5000, segmentBytes: 300 });
    const outcomes: string[] = [];
    for (let id = 1; id <= 30; id++) outcomes.push(await ledger.append(sampleEntry(id)));
    const stored = outcomes.indexOf('full');
    expect(stored).toBeGreaterThan(2);
    expect(outcomes.slice(stored)).toEqual(Array(30 - stored).fill('full'));
    expect(ledger.stats()).toMatchObject({ appendsFull: 30 - stored, totals: { received: stored } });
    const records = await readAll(ledger);
    await ledger.markDelivered({ first: records[0]!.sequence, last: records.at(-1)!.sequence }, NOTHING_DEAD);
    expect(await ledger.append(sampleEntry(31))).toBe('stored');
  });

  it('says full before the reserve of the disk is touched and takes records again when there is room', async () => {
    let now = NOW;
    const disk = createMemoryFileLayer();
    const ledger = await open(disk, { reserveBytes: 1000 }, () => now);
    const next = async (freeSpace: number): Promise<string> => {
      disk.freeSpace = freeSpace;
      now += 2000;
      await ledger.append(sampleEntry(1));
      await new Promise(setImmediate);
      return ledger.append(sampleEntry(2));
    };
    expect([await next(5000), await next(500), await next(5000)]).toEqual(['stored', 'full', 'stored']);
  });

  it('refuses a second opening of the same directory', async () => {
    const disk = createMemoryFileLayer();
    const ledger = await open(disk);
    await expect(open(disk)).rejects.toThrow('another process');
    await ledger.close();
    await expect(open(disk)).resolves.toBeDefined();
  });

  it('remembers over a restart which inserts were split', async () => {
    const before = createMemoryFileLayer();
    const ledger = await open(before);
    await ledger.append(sampleEntry(1));
    expect(await ledger.saveSplit('2-2:spans')).toBe(true);
    const again = await open(before.kill());
    expect([again.isSplit('2-2:spans'), again.isSplit('3-3:spans')]).toEqual([true, false]);
  });
});
