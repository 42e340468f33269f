import { FRAME_HEADER_BYTES } from './frame.ts';
import type { Ledger, LedgerLimits } from './ledger.ts';
import { openLedger } from './open-ledger.ts';
import type { LedgerRecord } from './record-reader.ts';
import { createMemoryFileLayer } from './testing/memory-file-layer.ts';
import type { MemoryFileLayer } from './testing/memory-file-layer.ts';
import { SAMPLE_COLUMNS, sampleEntry, sampleId } from './testing/sample-entry.ts';

const NOW = 1_790_000_000_000;

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

describe('disk faults', () => {
  it.each(['create', 'write', 'sync', 'syncDirectory'] as const)(
    'fails the waiters when %s fails, never uses that file again, goes on in a new one, and does not bring the failed record back',
    async (operation) => {
      const disk = createMemoryFileLayer();
      const ledger = await open(disk, {
        segmentBytes: operation === 'create' || operation === 'syncDirectory' ? 1 : 1e6,
      });
      expect(await ledger.append(sampleEntry(1))).toBe('stored');
      let broken = '';
      disk.fault = (now, path) => {
        if (now !== operation) return undefined;
        broken = path;
        return { error: new Error('ENOSPC') };
      };
      expect(await ledger.append(sampleEntry(2))).toBe('failed');
      expect(ledger.stats()).toMatchObject({ appendsFailed: 1, diskFailures: 1, consecutiveFailures: 1 });
      const used = new Set<string>();
      disk.fault = (now, path) => {
        if (now === 'write' || now === 'sync') used.add(path);
        return undefined;
      };
      expect(await ledger.append(sampleEntry(3))).toBe('stored');
      expect(used.has(broken)).toBe(false);
      expect(ledger.stats()).toMatchObject({ consecutiveFailures: 0 });
      expect(await ids(ledger)).toEqual([1, 3]);
      const again = await open(disk.kill());
      expect(await ids(again)).toEqual([1, 3]);
      expect(again.recovered).toMatchObject({ damagedRanges: 0, damagedSpans: 0 });
    }
  );

  it.each([
    ['ENOSPC', 'ENOSPC: no space is left; free some, it goes on by itself'],
    ['EROFS', 'EROFS: the file system is read-only; remount it, it goes on by itself'],
    ['EACCES', 'EACCES: the directory may not be written to; give the right back, it goes on by itself'],
    ['ESTALE', 'ESTALE'],
  ])('C7: says what to do about %s, once aloud, and goes on by itself when it is over', async (code, trouble) => {
    const disk = createMemoryFileLayer();
    const told: Error[] = [];
    const ledger = await openLedger({
      directory: '/ledger',
      columns: SAMPLE_COLUMNS,
      now: () => NOW,
      fileSystem: disk,
      limits: { reserveBytes: 0 },
      onTrouble: (error) => told.push(error),
    });
    expect(await ledger.append(sampleEntry(1))).toBe('stored');
    for (let time = 1; time <= 2; time++) {
      disk.fault = (operation) =>
        operation === 'write' || operation === 'create'
          ? { error: Object.assign(new Error(`${code}: /a/path`), { code }) }
          : undefined;
      expect(await ledger.append(sampleEntry(2))).toBe('failed');
      expect(await ledger.append(sampleEntry(3))).toBe('failed');
      expect([ledger.stats().trouble, told.length]).toEqual([trouble, time]);
      disk.fault = undefined;
      await ledger.probe();
      expect(ledger.stats()).toMatchObject({ trouble: '', consecutiveFailures: 0 });
    }
    expect(await ledger.append(sampleEntry(4))).toBe('stored');
    expect(await ids(ledger)).toEqual([1, 4]);
  });

  it('keeps all earlier records when the last segment ends at any byte of the last record', async () => {
    const before = createMemoryFileLayer();
    const ledger = await open(before);
    await ledger.append(sampleEntry(1));
    await ledger.append(sampleEntry(2));
    const intact = segmentFiles(before)[0]![1].length;
    await ledger.append(sampleEntry(3));
    const files = before.files();
    const [path, bytes] = segmentFiles(before)[0]!;
    for (let length = intact; length < bytes.length; length++) {
      for (const zeros of [0, 20]) {
        const cut = Buffer.concat([bytes.subarray(0, length), Buffer.alloc(zeros)]);
        const again = await open(createMemoryFileLayer(new Map([...files, [path, cut]])));
        expect(await ids(again)).toEqual([1, 2]);
        expect(again.recovered).toMatchObject({ tornBytes: length - intact + zeros, damagedRanges: 0, records: 2 });
      }
    }
  });

  it('keeps all earlier records, and a copy of the bytes, when any byte of the last record is flipped', async () => {
    const before = createMemoryFileLayer();
    const ledger = await open(before);
    await ledger.append(sampleEntry(1));
    await ledger.append(sampleEntry(2));
    const intact = segmentFiles(before)[0]![1].length;
    await ledger.append(sampleEntry(3));
    const files = before.files();
    const [path, bytes] = segmentFiles(before)[0]!;
    for (let at = intact; at < bytes.length; at++) {
      const flipped = Buffer.from(bytes);
      flipped[at]! ^= 1 << (at % 8);
      const disk = createMemoryFileLayer(new Map([...files, [path, flipped]]));
      const again = await open(disk);
      expect(await ids(again)).toEqual([1, 2]);
      expect(again.recovered).toMatchObject({ tornBytes: bytes.length - intact, damagedRanges: 0, records: 2 });
      const copies = [...disk.files()].filter(([name]) => name.startsWith('/ledger/quarantine/'));
      expect(copies.map(([, copy]) => copy)).toEqual([flipped.subarray(intact)]);
      expect(await again.append(sampleEntry(4))).toBe('stored');
    }
  });

  it('finds out that its disk works again without a request', async () => {
    const disk = createMemoryFileLayer();
    const ledger = await open(disk);
    disk.fault = (operation) => (operation === 'sync' ? { error: new Error('ENOSPC') } : undefined);
    expect(await ledger.append(sampleEntry(1))).toBe('failed');
    await ledger.probe();
    expect(ledger.stats().consecutiveFailures).toBe(2);
    disk.fault = undefined;
    await ledger.probe();
    expect(ledger.stats()).toMatchObject({ consecutiveFailures: 0, totals: { received: 0 } });
  });

  it('passes over a record with a flipped byte at any place, keeps a copy, counts its spans, and loses no other', async () => {
    const before = createMemoryFileLayer();
    const ledger = await open(before);
    await ledger.append(sampleEntry(1));
    const start = segmentFiles(before)[0]![1].length;
    await ledger.append(sampleEntry(2));
    const end = segmentFiles(before)[0]![1].length;
    await ledger.append(sampleEntry(3));
    const files = before.files();
    const [path, bytes] = segmentFiles(before)[0]!;
    for (let at = start; at < end; at++) {
      const flipped = Buffer.from(bytes);
      flipped[at]! ^= 0x10;
      const disk = createMemoryFileLayer(new Map([...files, [path, flipped]]));
      const again = await open(disk);
      expect(await ids(again)).toEqual([1, 3]);
      expect(again.recovered).toMatchObject({ damagedRanges: 1, tornBytes: 0, records: 2 });
      // The header of a record has its number of spans; a record whose header is spoiled too is told by its range alone.
      const spans = at < start + FRAME_HEADER_BYTES ? 0 : 1;
      expect(again.recovered.damagedSpans).toBe(spans);
      expect(again.stats()).toMatchObject({ balanced: true, totals: { received: 2 + spans, damaged: spans } });
      const copies = [...disk.files()].filter(([name]) => name.startsWith('/ledger/quarantine/'));
      expect(copies.map(([, copy]) => copy)).toEqual([flipped.subarray(start, end)]);
    }
  });

  it('counts the spans of a record that is damaged while the ledger is open', async () => {
    const disk = createMemoryFileLayer();
    const ledger = await open(disk, { hotBytes: 0 });
    for (const id of [1, 2, 3]) await ledger.append(sampleEntry(id));
    const [, bytes] = segmentFiles(disk)[0]!;
    const at = bytes.indexOf(Buffer.from(sampleEntry(2).tables[0]!.bytes));
    bytes[at]! ^= 1;
    expect(await ids(ledger)).toEqual([1, 3]);
    expect(ledger.stats()).toMatchObject({ damagedRanges: 1, totals: { accepted: 3, damaged: 1 } });
    expect(ledger.backlog()).toMatchObject({ records: 2, spans: 2 });
  });

  it('refuses a segment of a newer version and leaves every file as it is', async () => {
    const before = createMemoryFileLayer();
    const ledger = await open(before);
    await ledger.append(sampleEntry(1));
    const [path, bytes] = segmentFiles(before)[0]!;
    const { crc32 } = await import('node:zlib');
    const newer = Buffer.from(bytes);
    newer.writeUInt8(2, 4);
    newer.writeUInt32LE(crc32(newer.subarray(0, 44)), 44);
    const disk = createMemoryFileLayer(new Map([...before.files(), [path, newer]]));
    const files = disk.files();
    await expect(open(disk)).rejects.toThrow('newer version');
    expect(disk.files()).toEqual(files);
    disk.put(path, bytes);
    expect(await ids(await open(disk))).toEqual([1]);
  });

  it('takes zero-byte, zero-filled and garbage segment files for empty', async () => {
    const before = createMemoryFileLayer();
    const ledger = await open(before);
    await ledger.append(sampleEntry(1));
    const disk = before.kill();
    disk.put('/ledger/segment-000000000007.ledger', Buffer.alloc(0));
    disk.put('/ledger/segment-000000000008.ledger', Buffer.alloc(5000));
    disk.put('/ledger/segment-000000000009.ledger', Buffer.from('no ledger at all'));
    const again = await open(disk);
    expect(await again.append(sampleEntry(2))).toBe('stored');
    expect(await ids(again)).toEqual([1, 2]);
  });

  it('keeps its epoch when the identity file is lost', async () => {
    const before = createMemoryFileLayer();
    const ledger = await open(before);
    await ledger.append(sampleEntry(1));
    const files = new Map(before.files());
    files.delete('/ledger/identity.json');
    const again = await open(createMemoryFileLayer(files));
    expect(again.epoch).toBe(ledger.epoch);
    expect(await ids(again)).toEqual([1]);
  });

  it('opens on a full disk, says failed, and goes on when there is room', async () => {
    const before = createMemoryFileLayer();
    const ledger = await open(before);
    await ledger.append(sampleEntry(1));
    const disk = before.kill();
    disk.fault = (operation) =>
      operation === 'create' || operation === 'write' ? { error: new Error('ENOSPC') } : undefined;
    const again = await open(disk);
    expect(await again.append(sampleEntry(2))).toBe('failed');
    expect(await ids(again)).toEqual([1]);
    disk.fault = undefined;
    expect(await again.append(sampleEntry(3))).toBe('stored');
  });
});
