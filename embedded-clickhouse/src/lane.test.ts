import { createLane } from './lane.ts';

function gate(): { open: () => void; promise: Promise<void> } {
  let open = (): void => undefined;
  const promise = new Promise<void>((resolve) => (open = resolve));
  return { open, promise };
}

describe('createLane', () => {
  test('runs as many as it has places, lets a few wait in order, and refuses the rest with 202', async () => {
    const lane = createLane({ name: 'reads', places: 1, queue: 2, waitMs: 10_000 });
    const first = gate();
    const order: number[] = [];
    const runs = [
      lane.run(() => first.promise),
      lane.run(() => Promise.resolve(order.push(1))),
      lane.run(() => Promise.resolve(order.push(2))),
    ];
    await expect(lane.run(() => Promise.resolve())).rejects.toMatchObject({ code: 202 });
    expect([lane.running, lane.waiting]).toEqual([1, 2]);
    first.open();
    await Promise.all(runs);
    expect([order, lane.running, lane.waiting]).toEqual([[1, 2], 0, 0]);
  });
  test('refuses after the longest wait, and who leaves never starts', async () => {
    const lane = createLane({ name: 'reads', places: 1, queue: 5, waitMs: 10 });
    const first = gate();
    const running = lane.run(() => first.promise);
    const started: string[] = [];
    const left = new AbortController();
    const leaving = lane.run(() => Promise.resolve(started.push('left')), left.signal);
    left.abort();
    await expect(leaving).rejects.toMatchObject({ code: 394 });
    await expect(lane.run(() => Promise.resolve(started.push('late')))).rejects.toMatchObject({ code: 202 });
    first.open();
    await running;
    expect([started, lane.running, lane.waiting]).toEqual([[], 0, 0]);
  });
  test('a failure frees the place', async () => {
    const lane = createLane({ name: 'reads', places: 1, queue: 0, waitMs: 10 });
    await expect(lane.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await lane.run(() => Promise.resolve('yes'))).toBe('yes');
  });
});
