import { NO_SPANS } from './accounting.ts';
import type { Ledger, LedgerLimits } from './ledger.ts';
import { openLedger } from './open-ledger.ts';
import type { LedgerRecord } from './record-reader.ts';
import { createMemoryFileLayer } from './testing/memory-file-layer.ts';
import type { MemoryFileLayer } from './testing/memory-file-layer.ts';
import { SAMPLE_COLUMNS, sampleEntry, sampleId } from './testing/sample-entry.ts';

const NOW = 1_790_000_000_000;
const NOTHING_DEAD = { deadLetteredSpans: 0, deadLetteredFragments: 0 };

function open(fileSystem: MemoryFileLayer, limits: Partial<LedgerLimits> = {}): Promise<Ledger> {
  return openLedger({
    directory: '/ledger',
    columns: SAMPLE_COLUMNS,
    now: () => NOW,
    fileSystem,
    limits: { reserveBytes: 0, ...limits },
  });
}

async function readAll(ledger: Ledger): Promise<LedgerRecord[]> {
  const records: LedgerRecord[] = [];
  for (let record = await ledger.next(); record !== undefined; record = await ledger.next()) records.push(record);
  return records;
}

async function deliverAll(ledger: Ledger): Promise<void> {
  const records = await readAll(ledger);
  const plan = { first: records[0]!.sequence, last: records.at(-1)!.sequence };
  await ledger.savePlan(plan);
  await ledger.markDelivered(plan, NOTHING_DEAD);
}

function segmentFiles(fileSystem: MemoryFileLayer): string[] {
  return [...fileSystem.files().keys()].filter((path) => path.endsWith('.ledger')).sort();
}

describe('the life of a ledger', () => {
  it('never uses a sequence twice and keeps its books, also when all was delivered and no record came before a kill', async () => {
    let disk = createMemoryFileLayer();
    const sequences: number[] = [];
    for (let life = 1; life <= 5; life++) {
      const ledger = await open(disk);
      if (life % 2 === 1) {
        expect(await ledger.append(sampleEntry(life))).toBe('stored');
        sequences.push(ledger.lastSequence());
        await deliverAll(ledger);
        await ledger.close();
      }
      expect(ledger.stats().totals).toMatchObject({ received: (life + 1) >> 1, delivered: (life + 1) >> 1 });
      disk = disk.kill();
    }
    expect([...sequences].sort((left, right) => left - right)).toEqual(sequences);
    expect(new Set(sequences).size).toBe(3);
  });

  it('keeps sequences and books when the delivered segment was ended for erasure, or poisoned', async () => {
    for (const poison of [false, true]) {
      const disk = createMemoryFileLayer();
      const ledger = await open(disk);
      await ledger.append(sampleEntry(1));
      if (poison) {
        disk.fault = (operation) => (operation === 'sync' ? { error: new Error('EIO') } : undefined);
        expect(await ledger.append(sampleEntry(2))).toBe('failed');
        disk.fault = undefined;
      }
      await deliverAll(ledger);
      const last = ledger.lastSequence();
      await ledger.rotate();
      const again = await open(disk.kill());
      expect(again.lastSequence()).toBeGreaterThanOrEqual(last);
      expect(again.stats().totals).toMatchObject({ received: 1, delivered: 1 });
    }
  });

  it('never says of a record that is being handed out that it is delivered, nor removes its segment', async () => {
    for (const hotBytes of [0, 1 << 20]) {
      const disk = createMemoryFileLayer();
      const ledger = await open(disk, { hotBytes });
      expect(await ledger.append(sampleEntry(1))).toBe('stored');
      const sequence = ledger.lastSequence();
      const taken = ledger.next();
      expect(ledger.deliveredUpTo()).toBeLessThan(sequence);
      await ledger.rotate();
      await taken;
      expect(ledger.deliveredUpTo()).toBeLessThan(sequence);
      const again = await open(disk.kill(), { hotBytes });
      expect((await readAll(again)).map(sampleId)).toEqual([1]);
    }
  });

  it('removes the rows of a rotated segment as soon as they are delivered, and rotates an empty one only once', async () => {
    const disk = createMemoryFileLayer();
    const ledger = await open(disk);
    await ledger.append(sampleEntry(1));
    const [before] = segmentFiles(disk);
    await ledger.rotate();
    await deliverAll(ledger);
    expect(segmentFiles(disk)).not.toContain(before);
    await ledger.rotate();
    const files = segmentFiles(disk);
    await ledger.rotate();
    expect(segmentFiles(disk)).toEqual(files);
  });

  it('keeps what was counted without rows over a kill', async () => {
    const disk = createMemoryFileLayer();
    const ledger = await open(disk);
    for (let request = 0; request < 50; request++)
      ledger.count({ ...NO_SPANS, received: 3, duplicate: 2, rejected: 1 });
    await new Promise(setImmediate);
    const again = await open(disk.kill());
    expect(again.stats()).toMatchObject({ totals: { received: 150, duplicate: 100, rejected: 50 }, balanced: true });
    expect(await readAll(again)).toEqual([]);
  });

  it('refuses segments of another ledger, or whose identity nobody knows any more, and leaves every file as it is', async () => {
    const before = createMemoryFileLayer();
    await (await open(before)).append(sampleEntry(1));
    const [path] = segmentFiles(before);
    const other = createMemoryFileLayer();
    await open(other);
    const identity = '/ledger/identity.json';
    const bytes = before.files().get(path!)!;
    const torn = Buffer.from(bytes);
    torn[10]! ^= 1;

    const foreign = createMemoryFileLayer(
      new Map([
        [path!, bytes],
        [identity, other.files().get(identity)!],
      ])
    );
    const unknown = createMemoryFileLayer(new Map([[path!, torn]]));
    for (const [disk, message] of [
      [foreign, 'belongs to another ledger'],
      [unknown, 'identity.json is missing'],
    ] as const) {
      const files = disk.files();
      await expect(open(disk)).rejects.toThrow(message);
      expect(disk.files()).toEqual(files);
    }
  });

  it('takes the epoch from the segments when the identity file is damaged', async () => {
    const before = createMemoryFileLayer();
    const ledger = await open(before);
    await ledger.append(sampleEntry(1));
    const disk = before.kill();
    disk.put('/ledger/identity.json', Buffer.from('{"epoch":"'));
    const again = await open(disk);
    expect(again.epoch).toBe(ledger.epoch);
    expect((await readAll(again)).map(sampleId)).toEqual([1]);
  });
});
