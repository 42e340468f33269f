import { restartDelay } from './restart-delay.ts';

it('waits twice as long after each failure, up to a bound', () => {
  expect([0, 1, 2, 3, 4, 1000].map((failures) => restartDelay(failures, 250, 2000))).toEqual([
    250, 500, 1000, 2000, 2000, 2000,
  ]);
});
