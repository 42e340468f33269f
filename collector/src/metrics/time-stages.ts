import { Histogram, type Registry } from 'prom-client';

const STAGES = ['decode', 'normalise', 'price', 'guard', 'encode', 'ledger'] as const;
type Stage = (typeof STAGES)[number];

/** Seconds; from a small request in memory to a slow disk. */
const BUCKETS = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/** Takes the time of stages, once for each request: two looks at a clock, never one per span. */
export interface TimeStages {
  readonly timed: <T>(stage: Stage, run: () => T) => T;
  /** The same function; the time until it has resolved counts. */
  readonly waited: <Input, T>(stage: Stage, run: (input: Input) => Promise<T>) => (input: Input) => Promise<T>;
}

export function createTimeStages(registry: Registry): TimeStages {
  const seconds = new Histogram({
    name: 'spanledger_stage_seconds',
    help: 'Seconds that one request spent in a stage: decode, normalise, price, guard, encode; ledger = wait until it is durable',
    labelNames: ['stage'],
    buckets: BUCKETS,
    registers: [registry],
  });
  const observers = Object.fromEntries(STAGES.map((stage) => [stage, seconds.labels({ stage })] as const));
  const observe = (stage: Stage, startedAt: number): void =>
    observers[stage]!.observe((performance.now() - startedAt) / 1000);
  return {
    timed: (stage, run) => {
      const startedAt = performance.now();
      const result = run();
      observe(stage, startedAt);
      return result;
    },
    waited: (stage, run) => async (input) => {
      const startedAt = performance.now();
      const result = await run(input);
      observe(stage, startedAt);
      return result;
    },
  };
}
