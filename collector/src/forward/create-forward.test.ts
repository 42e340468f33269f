import fc from 'fast-check';
import type { SpanRow } from '../span-row.ts';
import { checkedSpan } from '../rows/testing/checked-span.ts';
import { toSpanRow } from '../rows/to-span-row.ts';
import { MAX_LAG_MS, createForward } from './create-forward.ts';
import type { ForwardDependencies } from './create-forward.ts';
import type { SendResult } from './open-target.ts';

const NOW_MS = 1_790_000_000_000;
const MINUTE_MS = 60_000;
const sent: SendResult = { outcome: 'sent', rejected: 0 };
const failed: SendResult = { outcome: 'failed', rejected: 0 };
const refused: SendResult = { outcome: 'refused', rejected: 0 };
const tooLarge: SendResult = { outcome: 'too_large', rejected: 0 };

const row = (number: number, ingestedAtMs: number, workspace = 'acme'): SpanRow => ({
  ...toSpanRow(checkedSpan(), ingestedAtMs),
  workspace,
  spanId: number.toString(16).padStart(16, '0'),
});
const keyOf = ({ ingestedAtMs, workspace, traceId, spanId }: SpanRow): string =>
  [String(ingestedAtMs).padStart(16, '0'), workspace, traceId, spanId].join(' ');

interface World {
  readonly rows: SpanRow[];
  /** What the target took, in order. */
  readonly taken: SpanRow[];
  readonly counted: Record<string, number>;
  /** Answers of the target to batches. */
  answer: (batch: readonly SpanRow[]) => SendResult;
  nowMs: number;
  untilMs: number;
  /** Positions that were kept in the lease. */
  readonly kept: string[];
  batches: number;
}

function createWorld(rows: readonly SpanRow[]): World {
  return {
    rows: [...rows].sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1)),
    taken: [],
    counted: {},
    answer: () => sent,
    nowMs: NOW_MS,
    untilMs: NOW_MS,
    kept: [],
    batches: 0,
  };
}

/** A forwarder over rows in memory, which answers its conditions by their parameters. */
function forwardIn(world: World, batchSpans = 3): ReturnType<typeof createForward> {
  const within = (from: unknown, to: unknown) =>
    world.rows.filter(({ ingestedAtMs }) => ingestedAtMs >= Number(from) && ingestedAtMs < Number(to));
  const dependencies: ForwardDependencies = {
    now: () => world.nowMs,
    watermark: () => Promise.resolve({ untilMs: world.untilMs }),
    readRows: (_, { from, to, workspace, trace, span }, limit) => {
      const after = [String(from).padStart(16, '0'), workspace, trace, span].join(' ');
      return Promise.resolve(
        within(from, to)
          .filter((each) => keyOf(each) > after)
          .slice(0, limit)
      );
    },
    query: (sql, { from, to, until }) => {
      const found = within(from, to ?? until);
      if (sql.includes('uniqExact')) return Promise.resolve([{ spans: String(found.length) }]);
      return Promise.resolve([{ rows: String(found.length), next_ms: String(found[0]?.ingestedAtMs ?? 0) }]);
    },
    send: (batch) => {
      world.batches += 1;
      const answer = world.answer(batch);
      if (answer.outcome === 'sent') world.taken.push(...batch);
      return Promise.resolve(answer);
    },
    count: (outcome, spans) => (world.counted[outcome] = (world.counted[outcome] ?? 0) + spans),
    settleMs: 0,
    batchSpans,
  };
  return createForward(dependencies);
}

const at = (ms: number): string => JSON.stringify({ at: ms, after: ['', '', ''] });
const lease = (world: World, position: string, isHeld = () => true) => ({
  position,
  isHeld,
  renew: (kept: string) => Promise.resolve(void world.kept.push(kept)),
});

describe('forwarding', () => {
  const start = NOW_MS - 30 * MINUTE_MS;
  const ten = Array.from({ length: 10 }, (_, i) => row(i, start + Math.floor(i / 4) * 5 * MINUTE_MS));

  it('sends everything once, in the order of intake, and says where it has come to', async () => {
    const world = createWorld(ten);
    const { position, lagMs, outcome } = await forwardIn(world)(lease(world, at(start)));
    expect(world.taken).toEqual(world.rows);
    expect([outcome, lagMs, JSON.parse(position)]).toEqual(['sent', 0, { at: NOW_MS, after: ['', '', ''] }]);
    expect(world.counted).toEqual({ sent: 10 });
    await forwardIn(world)(lease(world, position));
    expect(world.taken).toHaveLength(10);
  });

  it('keeps what a target does not take, for as long as the store does, and counts what it has to cut', async () => {
    const world = createWorld([row(1, start), row(2, start + MINUTE_MS)]);
    world.answer = () => failed;
    let position = at(start);
    for (const hours of [0, 1, 24, 24 * 28]) {
      world.nowMs = world.untilMs = NOW_MS + hours * 60 * MINUTE_MS;
      const run = await forwardIn(world)(lease(world, position));
      expect(run).toMatchObject({ outcome: 'failed', lagMs: world.nowMs - start });
      position = run.position;
    }
    expect([world.taken, world.counted]).toEqual([[], { failed: 4 }]);
    world.answer = () => sent;
    world.nowMs = world.untilMs = start + MAX_LAG_MS + 30_000;
    await forwardIn(world)(lease(world, position));
    expect([world.taken.map(({ spanId }) => Number(`0x${spanId}`)), world.counted]).toEqual([
      [2],
      { failed: 4, cut: 1, sent: 1 },
    ]);
  });

  it('passes over what is refused for good, and counts what was rejected of a batch that was taken', async () => {
    const world = createWorld(ten.map((each) => ({ ...each, ingestedAtMs: start })));
    const answers: SendResult[] = [refused, { outcome: 'sent', rejected: 2 }, { outcome: 'sent', rejected: 3 }];
    world.answer = () => answers.shift() ?? sent;
    await forwardIn(world)(lease(world, at(start)));
    expect(world.counted).toEqual({ refused: 8, sent: 2 });
  });

  it('sends less at once to a target that takes no large bodies, and gives up only a span that is too large alone', async () => {
    const world = createWorld(ten);
    world.answer = (batch) => (batch.length > 2 || batch.some(({ spanId }) => spanId.endsWith('5')) ? tooLarge : sent);
    const { outcome } = await forwardIn(world, 8)(lease(world, at(start)));
    expect(world.taken.map(({ spanId }) => spanId.at(-1)).join('')).toBe('012346789');
    expect([outcome, world.counted]).toEqual(['sent', { sent: 9, refused: 1 }]);
    expect(world.batches).toBeLessThan(30);
  });

  it('stops when its lease runs out, and goes on from there', async () => {
    const world = createWorld(ten);
    let left = 2;
    const { position } = await forwardIn(world)(lease(world, at(start), () => left-- > 0));
    expect(world.taken.length).toBeLessThan(10);
    await forwardIn(world)(lease(world, position));
    expect(world.taken).toEqual(world.rows);
  });

  it('begins with what comes in from now on when it has no position, or none that can be read', async () => {
    for (const position of ['', 'null', '{"at":"x"}', '{"at":1,"after":[]}']) {
      const world = createWorld([row(1, start), row(2, NOW_MS)]);
      const run = await forwardIn(world)(lease(world, position));
      expect(world.taken).toEqual([]);
      world.nowMs = world.untilMs = NOW_MS + 1;
      await forwardIn(world)(lease(world, run.position));
      expect(world.taken.map(({ ingestedAtMs }) => ingestedAtMs)).toEqual([NOW_MS]);
    }
  });

  it('rejects when the store does not answer, and has then sent nothing that its last position does not tell', async () => {
    const world = createWorld(ten);
    const broken = createForward({
      now: () => NOW_MS,
      watermark: () => Promise.reject(new Error('no answer')),
      readRows: () => Promise.resolve([]),
      query: () => Promise.resolve([]),
      send: () => Promise.resolve(sent),
      count: () => undefined,
    });
    await expect(broken(lease(world, at(start)))).rejects.toThrow('no answer');
  });

  it('loses nothing and repeats at most what came after the last kept position, wherever it is killed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ minute: fc.nat({ max: 20 }), ms: fc.nat({ max: 3 }) }), { maxLength: 30 }),
        fc.array(fc.nat({ max: 12 }), { maxLength: 5 }),
        fc.integer({ min: 1, max: 5 }),
        async (times, kills, batchSpans) => {
          const world = createWorld(times.map(({ minute, ms }, i) => row(i, start + minute * MINUTE_MS + ms)));
          let position = at(start);
          for (const killAfter of kills) {
            let left = killAfter;
            const takenBefore = world.taken.length;
            world.kept.length = 0;
            // Each batch takes a second, so the position is kept every few of them.
            world.answer = () => {
              world.nowMs += 1000;
              if (left-- <= 0) throw new Error('killed');
              return sent;
            };
            const ended = await forwardIn(world, batchSpans)(lease(world, position)).catch(() => undefined);
            position = ended?.position ?? world.kept.at(-1) ?? position;
            expect(world.taken.length - takenBefore).toBeGreaterThanOrEqual(0);
          }
          world.answer = () => sent;
          world.untilMs = world.nowMs;
          await forwardIn(world, batchSpans)(lease(world, position));
          expect(new Set(world.taken.map(keyOf))).toEqual(new Set(world.rows.map(keyOf)));
          // Kept every five seconds, so a kill repeats no more than the batches of six.
          expect(world.taken.length - world.rows.length).toBeLessThanOrEqual(kills.length * 6 * batchSpans);
        }
      ),
      { numRuns: 200 }
    );
  });
});
