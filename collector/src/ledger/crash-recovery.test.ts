import fc from 'fast-check';
import type { Ledger } from './ledger.ts';
import { openLedger } from './open-ledger.ts';
import type { LedgerRecord } from './record-reader.ts';
import { createMemoryFileLayer } from './testing/memory-file-layer.ts';
import type { MemoryFileLayer } from './testing/memory-file-layer.ts';
import { SAMPLE_COLUMNS, sampleEntry, sampleId } from './testing/sample-entry.ts';

function open(fileSystem: MemoryFileLayer): Promise<Ledger> {
  const limits = { reserveBytes: 0, segmentBytes: 900, hotBytes: 500 };
  return openLedger({
    directory: '/ledger',
    columns: SAMPLE_COLUMNS,
    now: () => 1_790_000_000_000,
    fileSystem,
    limits,
  });
}

async function ids(ledger: Ledger): Promise<number[]> {
  const found: number[] = [];
  for (let record = await ledger.next(); record !== undefined; record = await ledger.next())
    found.push(sampleId(record));
  return found;
}

type Step =
  | { readonly kind: 'append'; readonly count: number; readonly size: number }
  | { readonly kind: 'deliver'; readonly count: number; readonly finish: boolean }
  | {
      readonly kind: 'fault';
      readonly operation: 'create' | 'write' | 'sync' | 'syncDirectory' | 'remove';
      readonly torn: number;
    }
  | { readonly kind: 'rotate' };

const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      count: fc.integer({ min: 1, max: 4 }),
      size: fc.integer({ min: 8, max: 300 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('deliver' as const),
      count: fc.integer({ min: 1, max: 5 }),
      finish: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('fault' as const),
      operation: fc.constantFrom(
        'create' as const,
        'write' as const,
        'sync' as const,
        'syncDirectory' as const,
        'remove' as const
      ),
      torn: fc.integer({ min: -50, max: 400 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'rotate' as const }) }
);

/** What the clients know: ids that were acknowledged, were refused, or had no answer when the power went. */
interface Oracle {
  readonly acknowledged: number[];
  readonly refused: Set<number>;
  readonly delivered: Set<number>;
  /** Markings whose answer is not known. */
  readonly perhapsDelivered: Set<number>;
}

async function play(
  ledger: Ledger,
  disk: MemoryFileLayer,
  script: readonly Step[],
  oracle: Oracle,
  startId: number
): Promise<number> {
  let id = startId;
  let held: LedgerRecord | undefined;
  for (const step of script) {
    if (step.kind === 'append') {
      await Promise.all(
        Array.from({ length: step.count }, async () => {
          const own = id++;
          const outcome = await ledger.append(sampleEntry(own, step.size));
          if (outcome === 'stored') oracle.acknowledged.push(own);
          else oracle.refused.add(own);
        })
      );
    } else if (step.kind === 'deliver') {
      const batch: LedgerRecord[] = [];
      for (let record = held ?? (await ledger.next()); record !== undefined; record = await ledger.next()) {
        held = undefined;
        const plan = batch[0]?.plan;
        if (batch.length > 0 && (record.plan !== plan || (plan === undefined && batch.length === step.count))) {
          held = record;
          break;
        }
        batch.push(record);
      }
      if (batch.length === 0) continue;
      const plan = batch[0]!.plan ?? { first: batch[0]!.sequence, last: batch.at(-1)!.sequence };
      const planned = batch[0]!.plan !== undefined || (await ledger.savePlan(plan));
      if (!planned || !step.finish) continue;
      for (const record of batch) oracle.perhapsDelivered.add(sampleId(record));
      const failuresBefore = ledger.stats().diskFailures;
      await ledger.markDelivered(plan, { deadLetteredSpans: 0, deadLetteredFragments: 0 });
      if (ledger.stats().diskFailures === failuresBefore)
        for (const record of batch) oracle.delivered.add(sampleId(record));
    } else if (step.kind === 'rotate') await ledger.rotate();
    else {
      let left = 1;
      disk.fault = (operation) => {
        if (operation !== step.operation || left-- <= 0) return undefined;
        return step.operation === 'write' && step.torn >= 0
          ? { error: new Error('EIO'), torn: step.torn }
          : { error: new Error('EIO') };
      };
    }
  }
  return id;
}

describe('power cuts and kills at any operation', () => {
  it('lose nothing acknowledged, repeat nothing delivered, and keep the order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(steps, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat({ max: 60 }), { minLength: 4, maxLength: 4 }),
        fc.infiniteStream(fc.nat({ max: 1 << 30 })),
        fc.boolean(),
        async (lives, crashAfter, picks, isPowerCut) => {
          const choose = (bound: number): number => picks.next().value % bound;
          const oracle: Oracle = {
            acknowledged: [],
            refused: new Set(),
            delivered: new Set(),
            perhapsDelivered: new Set(),
          };
          let disk = createMemoryFileLayer();
          let nextId = 1;
          for (const [life, script] of lives.entries()) {
            const ledger = await open(disk);
            const current = disk;
            current.haltAt = current.operations() + 1 + crashAfter[life]!;
            const refusedBefore = new Set(oracle.refused);
            await Promise.race([play(ledger, current, script, oracle, nextId), current.halted]);
            const lastSequence = ledger.lastSequence();
            nextId += 100;
            disk = isPowerCut ? current.crash(choose) : current.kill();
            for (let crashes = choose(3); crashes > 0; crashes--) {
              const recovering = disk;
              recovering.haltAt = choose(8);
              const opened = await Promise.race([open(recovering), recovering.halted]);
              if (opened !== undefined) break;
              disk = isPowerCut ? recovering.crash(choose) : recovering.kill();
            }
            disk = disk.kill();
            const recovered = await open(disk);
            const found = await ids(recovered);
            const undelivered = oracle.acknowledged.filter((id) => !oracle.perhapsDelivered.has(id));
            expect(new Set(found).size).toBe(found.length);
            expect(found.filter((id) => undelivered.includes(id))).toEqual(undelivered);
            expect(found.filter((id) => oracle.delivered.has(id))).toEqual([]);
            expect(found.filter((id) => refusedBefore.has(id))).toEqual([]);
            expect(recovered.recovered.damagedSpans).toBe(0);
            // A sequence that comes twice would make a deduplication token that the store has seen.
            expect(recovered.lastSequence()).toBeGreaterThanOrEqual(lastSequence);
            expect(recovered.backlog().spans).toBe(found.length);
            // What was found is acknowledged from now on: its repeats are taken for duplicates.
            for (const id of found) oracle.refused.delete(id);
            oracle.acknowledged.splice(0, Infinity, ...found);
            for (const id of oracle.perhapsDelivered) if (found.includes(id)) oracle.perhapsDelivered.delete(id);
            disk = disk.kill();
          }
        }
      ),
      { numRuns: 300 }
    );
  });
});
