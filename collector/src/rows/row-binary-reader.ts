/** Texts that repeat are looked for by length and three of their bytes, then compared as a whole. */
const REMEMBERED = 256;
const LONGEST_REMEMBERED = 64;

/** Reads ClickHouse RowBinary, value by value, as `RowBinaryWriter` writes it. Every function throws RangeError when the bytes end early. */
export class RowBinaryReader {
  private readonly buffer: Buffer;
  private readonly view: DataView;
  private position = 0;
  private readonly remembered: string[] = new Array<string>(REMEMBERED).fill('');

  constructor(buffer: Buffer) {
    this.buffer = buffer;
    this.view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  }

  isAtEnd(): boolean {
    return this.position >= this.buffer.length;
  }

  /** Where the next value starts. */
  offset(): number {
    return this.position;
  }

  private advance(bytes: number): number {
    const at = this.position;
    if (at + bytes > this.buffer.length) throw new RangeError('the rows end early');
    this.position = at + bytes;
    return at;
  }

  varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 0x80) {
      const byte = this.uint8();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }

  string(): string {
    const length = this.varint();
    const at = this.advance(length);
    return length === 0 ? '' : this.buffer.toString('utf8', at, at + length);
  }

  /** The same for texts that repeat from row to row: most are compared with bytes and not made again. */
  name(): string {
    const { buffer, remembered } = this;
    const length = this.varint();
    const at = this.advance(length);
    if (length === 0) return '';
    if (length > LONGEST_REMEMBERED) return buffer.toString('utf8', at, at + length);
    const slot =
      (length * 31 + buffer[at]! * 7 + buffer[at + (length >> 1)]! * 13 + buffer[at + length - 1]!) % REMEMBERED;
    const known = remembered[slot]!;
    let same = known.length === length;
    for (let i = 0; same && i < length; i++) same = known.charCodeAt(i) === buffer[at + i];
    if (same) return known;
    const text = buffer.toString('utf8', at, at + length);
    // ASCII alone has as many bytes as units, and only there they are equal.
    if (text.length === length) remembered[slot] = text;
    return text;
  }

  skipStrings(count: number): void {
    for (let left = count; left > 0; left--) this.advance(this.varint());
  }

  uint8(): number {
    return this.view.getUint8(this.advance(1));
  }

  int8(): number {
    return this.view.getInt8(this.advance(1));
  }

  uint16(): number {
    return this.view.getUint16(this.advance(2), true);
  }

  uint32(): number {
    return this.view.getUint32(this.advance(4), true);
  }

  /** UInt64; digits beyond 2^53 are lost, as no count has them. */
  uint64(): number {
    const at = this.advance(8);
    return this.view.getUint32(at, true) + this.view.getUint32(at + 4, true) * 0x1_0000_0000;
  }

  /** Int64, Decimal(18, n) as its integer, DateTime64 as its ticks. */
  int64(): bigint {
    return this.view.getBigInt64(this.advance(8), true);
  }

  stringMap(): Map<string, string> {
    const size = this.varint();
    const values = new Map<string, string>();
    for (let at = 0; at < size; at++) values.set(this.string(), this.string());
    return values;
  }
}
