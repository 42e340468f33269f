import { createSettleLoop } from './settle-loop.ts';

describe('createSettleLoop', () => {
  it('runs the jobs in order, goes on after a failure and never overlaps', async () => {
    const steps: string[] = [];
    const job = (name: string, fails = false) => ({
      name,
      run: async () => {
        steps.push(`${name} begins`);
        await new Promise((resolve) => setImmediate(resolve));
        steps.push(`${name} ends`);
        if (fails) throw new Error('down');
      },
    });
    const failures: string[] = [];
    const loop = createSettleLoop({ jobs: [job('a', true), job('b')], onFailure: (name) => failures.push(name) });
    await Promise.all([loop.runNow(), loop.runNow()]);
    const once = ['a begins', 'a ends', 'b begins', 'b ends'];
    expect({ steps, failures }).toEqual({ steps: [...once, ...once], failures: ['a', 'a'] });
    await loop.stop();
    await loop.runNow();
    expect(steps).toHaveLength(8);
  });

  it('runs again after the interval until it is stopped', async () => {
    let runs = 0;
    const ran = new Promise<void>((resolve) => {
      const loop = createSettleLoop({
        intervalMs: 1,
        jobs: [{ name: 'a', run: () => Promise.resolve(++runs === 3 && void loop.stop().then(resolve)) }],
        onFailure: () => undefined,
      });
      loop.start();
    });
    await ran;
    expect(runs).toBe(3);
  });
});
