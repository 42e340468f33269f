import fc from 'fast-check';
import { RowBinaryWriter } from './row-binary.ts';

/** Reads back what RowBinary's documentation says. */
function readString(bytes: Buffer): { text: string; rest: Buffer } {
  let length = 0;
  let shift = 1;
  let at = 0;
  for (;;) {
    const byte = bytes[at++]!;
    length += (byte & 0x7f) * shift;
    if (byte < 0x80) break;
    shift *= 0x80;
  }
  return { text: bytes.toString('utf8', at, at + length), rest: bytes.subarray(at + length) };
}

describe('RowBinaryWriter', () => {
  it('writes any text so that it reads back, lone surrogates as U+FFFD', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme', minLength: 60, maxLength: 400 }))
        ),
        (texts) => {
          const writer = new RowBinaryWriter();
          for (const text of texts) writer.string(text);
          let rest = writer.take();
          for (const text of texts) {
            const read = readString(rest);
            expect(read.text).toBe(text.toWellFormed());
            rest = read.rest;
          }
          expect(rest.length).toBe(0);
        }
      )
    );
  });

  it('grows to hold a long text', () => {
    const writer = new RowBinaryWriter();
    const long = 'é'.repeat(500_000);
    writer.string(long);
    expect(readString(writer.take()).text).toBe(long);
  });

  it('writes numbers little-endian and cuts those out of range', () => {
    const writer = new RowBinaryWriter();
    writer.uint8(1);
    writer.uint16(70_000);
    writer.uint32(-5);
    writer.uint64(2 ** 53 - 1);
    writer.uint64(-1);
    writer.int64(-2n);
    writer.int8(-1);
    writer.float64(0.5);
    expect(writer.take().toString('hex')).toBe(
      [
        '01',
        'ffff',
        '00000000',
        'ffffffffffff1f00',
        '0000000000000000',
        'feffffffffffffff',
        'ff',
        '000000000000e03f',
      ].join('')
    );
  });

  it('writes arrays and maps with their sizes', () => {
    const writer = new RowBinaryWriter();
    writer.strings(['a', 'é']);
    writer.stringMap(new Map([['k', 'v']]));
    expect(writer.take().toString('hex')).toBe(['02', '0161', '02c3a9', '01', '016b', '0176'].join(''));
  });

  it('starts again after take and hands out bytes that later writes do not touch', () => {
    const writer = new RowBinaryWriter();
    writer.string('one');
    const first = writer.take();
    writer.string('two');
    expect([first.toString('latin1'), writer.take().toString('latin1')]).toEqual(['\u0003one', '\u0003two']);
  });
});
