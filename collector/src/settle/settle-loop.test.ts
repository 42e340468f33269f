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

  it('runs a task alone, after the jobs that run, and hands its failure on', async () => {
    const order: string[] = [];
    const run = async (): Promise<void> => {
      order.push('job begins');
      await new Promise((resolve) => setImmediate(resolve));
      order.push('job ends');
    };
    const loop = createSettleLoop({ jobs: [{ name: 'a', run }], onFailure: () => undefined });
    const job = loop.runNow();
    const failing = loop.alone(() => {
      order.push('task');
      return Promise.reject(new Error('the task failed'));
    });
    const after = loop.runNow();
    await expect(failing).rejects.toThrow('the task failed');
    await Promise.all([job, after]);
    expect(order).toEqual(['job begins', 'job ends', 'task', 'job begins', 'job ends']);
    await loop.stop();
    await expect(loop.alone(() => Promise.resolve())).rejects.toThrow('stopping');
  });
});
