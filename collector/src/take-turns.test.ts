import { takeTurns } from './take-turns.ts';

it('runs one after another in the order of asking, a failure of one is its own, and each can ask who waits', async () => {
  const inTurn = takeTurns();
  const course: string[] = [];
  const job = (name: string, fails = false) =>
    inTurn(async ({ isAwaited }) => {
      course.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      course.push(`${name} ends, ${isAwaited() ? 'another waits' : 'none waits'}`);
      if (fails) throw new Error(name);
      return name;
    });
  const answers = await Promise.allSettled([job('a'), job('b', true), job('c')]);
  expect(course).toEqual([
    'a begins',
    'a ends, another waits',
    'b begins',
    'b ends, another waits',
    'c begins',
    'c ends, none waits',
  ]);
  expect(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : 'failed'))).toEqual([
    'a',
    'failed',
    'c',
  ]);
});
