import { decimalText } from './decimal-text.ts';
import { isoTimeNs } from './iso-time.ts';

test.each([
  ['2026-11-21T09:40:08.827823Z', 1_795_254_008_827_823_000n],
  ['2026-11-21T09:40:08Z', 1_795_254_008_000_000_000n],
  ['2026-11-21 09:40:08.123456789+00:00', 1_795_254_008_123_456_789n],
  ['2026-11-21T10:40:08.5+01:00', 1_795_254_008_500_000_000n],
  ['2026-11-21T09:40:08', 1_795_254_008_000_000_000n],
  ['yesterday', undefined],
  ['2026-13-45T99:99:99Z', undefined],
  ['', undefined],
])('the time %s is %p', (text, expected) => {
  expect(isoTimeNs(text)).toBe(expected);
});

test.each([
  [0.0031383, '0.0031383'],
  [1e-7, '0.0000001'],
  [1.5e-11, '0.000000000015'],
  [1e-20, undefined],
  [12, '12'],
  [1e21, '1000000000000000000000'],
  [0, undefined],
  [-1, undefined],
  [Number.NaN, undefined],
  [undefined, undefined],
])('the amount %p is %p', (amount, expected) => {
  expect(decimalText(amount)).toBe(expected);
});
