import { createRandom } from './random.ts';

describe('a stream of chance', () => {
  it('is the same for the same name in every run', () => {
    const draw = (name: string) => {
      const random = createRandom(name);
      return [random.hex(16), random.base62(8), random.integer(1, 100), random.pick(['a', 'b', 'c'])];
    };
    expect(draw('one')).toEqual(['1a04d7c0a0cbb8dc', 'gkU5uPh9', 23, 'b']);
    expect(draw('one')).toEqual(draw('one'));
    expect(draw('another')).not.toEqual(draw('one'));
  });

  it('covers its range evenly', () => {
    const random = createRandom('even');
    const counts = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 10_000; draw++) counts[random.integer(0, 9)]! += 1;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });

  it('has as many values above the median as below, none negative, and a longer tail above', () => {
    const random = createRandom('median');
    const values = Array.from({ length: 10_000 }, () => random.around(100, 0.4));
    expect(Math.abs(values.filter((value) => value > 100).length - 5000)).toBeLessThan(200);
    expect(Math.min(...values)).toBeGreaterThan(0);
    expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeGreaterThan(104);
  });

  it('follows weights, and takes the last item when all are 0', () => {
    const random = createRandom('weights');
    const picked = Array.from({ length: 4000 }, () =>
      random.weighted([
        ['often', 3],
        ['seldom', 1],
      ])
    );
    expect(Math.abs(picked.filter((item) => item === 'often').length - 3000)).toBeLessThan(150);
    expect(
      random.weighted([
        ['never', 0],
        ['last', 0],
      ])
    ).toBe('last');
  });
});
