import fc from 'fast-check';
import { RowBinaryReader } from './row-binary-reader.ts';
import { RowBinaryWriter } from './row-binary.ts';

function written(texts: readonly string[]): Buffer {
  const writer = new RowBinaryWriter();
  for (const text of texts) writer.string(text);
  return writer.take();
}

describe('RowBinaryReader', () => {
  it('reads names as it reads any text, whichever came before them', () => {
    // Three units whose codes are the bytes of one character in UTF-8, and that character.
    const alike = fc.constantFrom('\u00e9\u0080\u0080', '\u9000', 'abc', 'adc', '\u00e9', '');
    const texts = fc.array(fc.oneof(alike, fc.string({ unit: 'binary', maxLength: 70 })), { maxLength: 40 });
    fc.assert(
      fc.property(texts, (values) => {
        const bytes = written([...values, ...values]);
        const [names, strings] = [new RowBinaryReader(bytes), new RowBinaryReader(bytes)];
        while (!strings.isAtEnd()) expect(names.name()).toBe(strings.string());
        expect(names.isAtEnd()).toBe(true);
      })
    );
  });

  it('skips texts, says where it stands, and refuses to go beyond the end', () => {
    const bytes = written(['one', 'two', 'three']);
    const reader = new RowBinaryReader(bytes);
    reader.skipStrings(2);
    expect([reader.offset(), reader.name(), reader.offset()]).toEqual([8, 'three', bytes.length]);
    expect(() => reader.skipStrings(1)).toThrow(RangeError);
    expect(() => new RowBinaryReader(bytes.subarray(0, 3)).name()).toThrow(RangeError);
  });
});
