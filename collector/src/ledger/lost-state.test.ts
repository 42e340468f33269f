import { crc32 } from 'node:zlib';
import { FRAME_HEADER_BYTES, encodeFrameHeader } from './frame.ts';
import type { FrameType } from './frame.ts';
import type { Ledger } from './ledger.ts';
import { openLedger } from './open-ledger.ts';
import type { LedgerRecord } from './record-reader.ts';
import { createMemoryFileLayer } from './testing/memory-file-layer.ts';
import type { MemoryFileLayer } from './testing/memory-file-layer.ts';
import { SAMPLE_COLUMNS, sampleEntry, sampleId } from './testing/sample-entry.ts';

const NOTHING_DEAD = { deadLetteredSpans: 0, deadLetteredFragments: 0 };
const TYPES: readonly FrameType[] = ['segment', 'rows', 'plan', 'split', 'delivered'];

function open(fileSystem: MemoryFileLayer, segmentBytes = 1 << 20): Promise<Ledger> {
  const limits = { reserveBytes: 0, segmentBytes };
  return openLedger({
    directory: '/ledger',
    columns: SAMPLE_COLUMNS,
    now: () => 1_790_000_000_000,
    fileSystem,
    limits,
  });
}

async function readAll(ledger: Ledger): Promise<LedgerRecord[]> {
  const records: LedgerRecord[] = [];
  for (let record = await ledger.next(); record !== undefined; record = await ledger.next()) records.push(record);
  return records;
}

async function append(ledger: Ledger, ...ids: readonly number[]): Promise<void> {
  for (const id of ids) expect(await ledger.append(sampleEntry(id))).toBe('stored');
}

/** Where the frames of a type lie in a segment file. */
function framesOf(bytes: Buffer, type: FrameType): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + FRAME_HEADER_BYTES + bytes.readUInt32LE(at + 32);
    if (bytes.readUInt8(at + 5) === TYPES.indexOf(type)) found.push([at, end]);
    at = end;
  }
  return found;
}

function onlySegment(files: ReadonlyMap<string, Buffer>): [string, Buffer] {
  return [...files].find(([path]) => path.endsWith('.ledger'))!;
}

describe('what the ledger knows about delivery is lost', () => {
  it.each(['plan', 'delivered'] as const)(
    'C6: with any byte of a "%s" frame spoiled it may deliver again, never less, and opens',
    async (type) => {
      const before = createMemoryFileLayer();
      const ledger = await open(before);
      await append(ledger, 1, 2, 3);
      const [first, second] = await readAll(ledger);
      const plan = { first: first!.sequence, last: second!.sequence };
      await ledger.savePlan(plan);
      await ledger.markDelivered(plan, NOTHING_DEAD);
      await append(ledger, 4);
      const [path, bytes] = onlySegment(before.files());
      const [[start, end] = [0, 0]] = framesOf(bytes, type);
      expect(end).toBeGreaterThan(start);
      for (let at = start; at < end; at++) {
        const spoiled = Buffer.from(bytes);
        spoiled[at]! ^= 0x41;
        const again = await open(createMemoryFileLayer(new Map([...before.files(), [path, spoiled]])));
        const records = await readAll(again);
        // What was delivered is handed out with the plan it had, so that its inserts carry the tokens they had.
        if (type === 'delivered')
          expect(records.map((record) => [sampleId(record), record.plan])).toEqual([
            [1, plan],
            [2, plan],
            [3, undefined],
            [4, undefined],
          ]);
        else expect(records.map(sampleId)).toEqual([3, 4]);
        expect(again.recovered.damagedRanges).toBe(1);
      }
    }
  );

  it('C6: a segment that was delivered and comes back from a backup is not delivered again', async () => {
    const disk = createMemoryFileLayer();
    const ledger = await open(disk, 300);
    await append(ledger, 1);
    const older = disk.files();
    await append(ledger, 2, 3, 4, 5, 6);
    const records = await readAll(ledger);
    await ledger.markDelivered({ first: records[0]!.sequence, last: records[4]!.sequence }, NOTHING_DEAD);
    await append(ledger, 7);
    await ledger.close();
    const files = disk.files();
    const [returned, bytes] = onlySegment(older);
    expect(files.has(returned)).toBe(false);
    const again = await open(createMemoryFileLayer(new Map([...files, [returned, bytes]])), 300);
    expect((await readAll(again)).map(sampleId)).toEqual([6, 7]);
  });

  it.each([
    ['missing', () => undefined],
    ['empty', () => Buffer.alloc(0)],
    ['cut', (bytes: Buffer) => bytes.subarray(0, bytes.length - 3)],
    ['spoiled', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 20), Buffer.from('x'), bytes.subarray(21)])],
  ])('C6: with the file of ids %s it opens, and knows the ids that are left', async (_, spoil) => {
    const disk = createMemoryFileLayer();
    const ledger = await open(disk, 300);
    await append(ledger, 1, 2, 3, 4, 5, 6);
    const records = await readAll(ledger);
    await ledger.markDelivered({ first: records[0]!.sequence, last: records.at(-1)!.sequence }, NOTHING_DEAD);
    await ledger.close();
    const files = new Map(disk.files());
    const ids = [...files.keys()].filter((path) => path.includes('/ids-')).sort();
    expect(ids.length).toBeGreaterThan(2);
    const whole = (await open(createMemoryFileLayer(files), 300)).recovered.fingerprints.length;
    const spoiled = spoil(files.get(ids[0]!)!);
    if (spoiled === undefined) files.delete(ids[0]!);
    else files.set(ids[0]!, spoiled);
    const again = await open(createMemoryFileLayer(files), 300);
    expect(again.recovered.fingerprints.length).toBeLessThan(whole);
    expect(again.recovered.fingerprints.length).toBeGreaterThan(0);
    await append(again, 7);
  });
});

describe('recovery is interrupted', () => {
  it('C11: ten times, at each of its operations, with a torn tail and damage to copy away, and loses nothing', async () => {
    const before = createMemoryFileLayer();
    const ledger = await open(before, 400);
    await append(ledger, 1, 2, 3, 4, 5, 6, 7, 8);
    const files = new Map(before.files());
    const paths = [...files.keys()].filter((path) => path.endsWith('.ledger')).sort();
    const damaged = Buffer.from(files.get(paths[0]!)!);
    const [[start] = [0]] = framesOf(damaged, 'rows');
    damaged[start + FRAME_HEADER_BYTES + 2]! ^= 1;
    files.set(paths[0]!, damaged);
    const last = files.get(paths.at(-1)!)!;
    files.set(paths.at(-1)!, Buffer.concat([last, Buffer.from('half a frame')]));
    const whole = createMemoryFileLayer(files);
    await open(whole, 400);
    const needed = whole.operations();
    expect(needed).toBeGreaterThan(5);
    for (let at = 1; at <= needed; at++) {
      let disk = createMemoryFileLayer(files);
      for (let crash = 0; crash < 10; crash++) {
        disk.haltAt = at;
        await Promise.race([open(disk, 400), disk.halted]);
        disk = crash % 2 === 0 ? disk.kill() : disk.crash((bound) => (crash * 7) % bound);
      }
      const recovered = await open(disk, 400);
      expect((await readAll(recovered)).map(sampleId)).toEqual([2, 3, 4, 5, 6, 7, 8]);
      // A segment that holds nothing but damage may have been removed by one of the starts; the books know of it.
      expect(recovered.recovered).toMatchObject({ records: 7, damagedSpans: 1 });
      expect(recovered.stats()).toMatchObject({ balanced: true, totals: { received: 8, damaged: 1 } });
      expect([...disk.files().keys()].join()).toContain('/quarantine/segment-000000000001.');
      await append(recovered, 9);
    }
  });

  it('C11: a downgrade leaves every file as it is, wherever the newer frames begin, and the upgrade goes on', async () => {
    const before = createMemoryFileLayer();
    const ledger = await open(before);
    await append(ledger, 1, 2);
    const [path, bytes] = onlySegment(before.files());
    const epoch = Buffer.from(ledger.epoch, 'hex');
    const payload = Buffer.from('of another time');
    const header = encodeFrameHeader(
      { type: 'rows', sequence: 99, payloadBytes: payload.length, spans: 1, payloadCrc: crc32(payload) },
      epoch
    );
    header.writeUInt8(2, 4);
    header.writeUInt32LE(crc32(header.subarray(0, 44)), 44);
    const upgraded = createMemoryFileLayer(
      new Map([...before.files(), [path, Buffer.concat([bytes, header, payload])]])
    );
    const files = upgraded.files();
    for (let start = 0; start < 3; start++) {
      await expect(open(upgraded)).rejects.toThrow('newer version; nothing was changed');
      expect(upgraded.files()).toEqual(files);
    }
    upgraded.put(path, bytes);
    expect((await readAll(await open(upgraded))).map(sampleId)).toEqual([1, 2]);
  });
});
