import { Registry } from 'prom-client';
import { createMemoryFileLayer } from '../ledger/testing/memory-file-layer.ts';
import { createMeasureDisk } from './measure-disk.ts';

const HOUR_MS = 3_600_000;

it('says for how long the ledger lasts at the rate of the last quarter of an hour', async () => {
  let nowMs = 1_000_000;
  const registry = new Registry();
  const { measured, hoursHeld } = createMeasureDisk(registry, () => nowMs);
  expect(hoursHeld(1_000_000)).toBe(0);
  const file = await measured(createMemoryFileLayer()).create('/a');
  // 100 bytes a second for ten minutes.
  for (let at = 0; at < 600; at++) {
    await file.write([Buffer.alloc(60), Buffer.alloc(40)], at * 100);
    nowMs += 1_000;
  }
  await file.sync();
  expect(hoursHeld(100 * 3_600 * 5)).toBeCloseTo(5, 6);
  expect(hoursHeld(-1)).toBe(0);
  nowMs += HOUR_MS;
  expect(hoursHeld(1_000_000)).toBe(0);
  const text = await registry.metrics();
  expect(text).toContain('spanledger_ledger_written_bytes_total 60000');
  expect(text).toContain('spanledger_ledger_fsync_seconds_count 1');
});
