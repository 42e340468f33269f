import fc from 'fast-check';
import { divideHalfEven, formatPico, formatScaled, parseDecimal, parsePico } from './decimal.ts';

describe('parsePico', () => {
  it.each([
    ['0', 0n],
    ['0.0031383', 3_138_300_000n],
    ['1', 1_000_000_000_000n],
    ['-0.5', -500_000_000_000n],
    ['+2.', 2_000_000_000_000n],
    ['.25', 250_000_000_000n],
    ['1.5e-05', 15_000_000n],
    ['1E3', 1_000_000_000_000_000n],
    [' 0.1 ', 100_000_000_000n],
  ])('reads %j as %d pico-dollars', (text, pico) => {
    expect(parsePico(text)).toBe(pico);
  });

  it.each([
    ['0.0000000000005', 0n],
    ['0.0000000000015', 2n],
    ['0.0000000000025', 2n],
    ['0.00000000000250001', 3n],
    ['-0.0000000000015', -2n],
    ['-0.0000000000025', -2n],
  ])('rounds %s half-even to %d', (text, pico) => {
    expect(parsePico(text)).toBe(pico);
  });

  it.each(['', '.', '-', 'NaN', 'Infinity', '0x10', '1,5', '1e', '1e99', '--1', '1_000', '$1', '9'.repeat(65)])(
    'refuses %j',
    (text) => {
      expect(parsePico(text)).toBeUndefined();
    }
  );

  it('gives back every amount that formatPico wrote', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), (pico) => {
        expect(parsePico(formatPico(pico))).toBe(pico);
      })
    );
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(['bigint', 'undefined']).toContain(typeof parsePico(text));
      })
    );
  });
});

describe('formatPico', () => {
  it.each([
    [0n, '0'],
    [1n, '0.000000000001'],
    [3_138_300_000n, '0.0031383'],
    [1_000_000_000_000n, '1'],
    [-1_500_000_000_000n, '-1.5'],
    [999_999_000_000_000_000n, '999999'],
  ])('writes %d as %s', (pico, text) => {
    expect(formatPico(pico)).toBe(text);
  });
});

describe('formatScaled', () => {
  it('writes integers without a point', () => {
    expect(formatScaled(-12n, 0)).toBe('-12');
  });
});

describe('parseDecimal', () => {
  it('keeps every digit as a fraction', () => {
    expect(parseDecimal('0.08333333333333334')).toEqual({ numerator: 8_333_333_333_333_334n, denominator: 10n ** 17n });
  });
});

describe('divideHalfEven', () => {
  it('is the nearest integer, and the even one of two that are as near', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
        fc.bigInt({ min: 1n, max: 10n ** 15n }),
        (numerator, denominator) => {
          const rounded = divideHalfEven(numerator, denominator);
          const twiceOff = 2n * (numerator - rounded * denominator);
          const distance = twiceOff < 0n ? -twiceOff : twiceOff;
          expect(distance < denominator || (distance === denominator && rounded % 2n === 0n)).toBe(true);
        }
      )
    );
  });
});
