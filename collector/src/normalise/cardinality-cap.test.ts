import { createCardinalityCap, OTHER_NAME } from './cardinality-cap.ts';

test('names beyond the cap become one until the window ends, per kind', () => {
  let time = 0;
  const names = createCardinalityCap({ maxNames: 2, windowMs: 100, now: () => time });
  const seen = ['a', 'b', 'c', 'a', ''].map((name) => names.cap('span_name', name));
  expect(seen).toEqual(['a', 'b', OTHER_NAME, 'a', '']);
  expect(names.cap('prompt_name', 'c')).toBe('c');
  expect(names.replaced()).toBe(1);
  time = 100;
  expect(names.cap('span_name', 'c')).toBe('c');
  expect(names.cap('span_name', 'a')).toBe('a');
  expect(names.cap('span_name', 'b')).toBe(OTHER_NAME);
  expect(names.replaced()).toBe(2);
});
