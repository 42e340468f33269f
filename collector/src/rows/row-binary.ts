/** Most requests encode to less; the buffer doubles when they do not. */
const INITIAL_BYTES = 64 * 1024;

/** UTF-8 needs at most this many bytes for each UTF-16 unit. */
const MAX_BYTES_PER_UNIT = 3;

/**
 * Writes ClickHouse RowBinary: values one after another, little-endian, strings with a varint length.
 * Source: ClickHouse documentation, "RowBinary" and "Data types binary encoding". LowCardinality is written as its inner type.
 * Numbers out of a column's range are cut to it: a wrong count must not cost the batch.
 */
export class RowBinaryWriter {
  private buffer = Buffer.allocUnsafeSlow(INITIAL_BYTES);
  /** The same memory: its setters are compiled to single stores, those of Buffer check and split. */
  private view = new DataView(this.buffer.buffer);
  private position = 0;

  private reserve(bytes: number): void {
    if (this.position + bytes <= this.buffer.length) return;
    let size = this.buffer.length * 2;
    while (size < this.position + bytes) size *= 2;
    const larger = Buffer.allocUnsafeSlow(size);
    this.buffer.copy(larger, 0, 0, this.position);
    this.buffer = larger;
    this.view = new DataView(larger.buffer);
  }

  private putVarint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.buffer[this.position++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.buffer[this.position++] = rest;
  }

  varint(value: number): void {
    this.reserve(10);
    this.putVarint(value);
  }

  string(value: string): void {
    const units = value.length;
    this.reserve(units * MAX_BYTES_PER_UNIT + 10);
    if (units < 64 && this.ascii(value, units)) return;
    const bytes = Buffer.byteLength(value, 'utf8');
    this.putVarint(bytes);
    if (bytes === units) this.buffer.write(value, this.position, bytes, 'latin1');
    else this.buffer.write(value, this.position, bytes, 'utf8');
    this.position += bytes;
  }

  /** Short ASCII strings (ids, names) are faster byte by byte than through a call into native code. */
  private ascii(value: string, units: number): boolean {
    const { buffer } = this;
    const at = this.position + 1;
    for (let i = 0; i < units; i++) {
      const code = value.charCodeAt(i);
      if (code > 0x7f) return false;
      buffer[at + i] = code;
    }
    buffer[this.position] = units;
    this.position = at + units;
    return true;
  }

  uint8(value: number): void {
    this.reserve(1);
    this.buffer[this.position++] = value;
  }

  uint16(value: number): void {
    this.reserve(2);
    this.view.setUint16(this.position, Math.min(Math.max(value, 0), 0xffff), true);
    this.position += 2;
  }

  uint32(value: number): void {
    this.reserve(4);
    this.view.setUint32(this.position, Math.min(Math.max(value, 0), 0xffff_ffff), true);
    this.position += 4;
  }

  /** UInt64 or a non-negative Int64 from a safe integer. */
  uint64(value: number): void {
    this.reserve(8);
    const whole = value > 0 ? Math.min(value, Number.MAX_SAFE_INTEGER) : 0;
    const high = Math.floor(whole / 0x1_0000_0000);
    const at = this.position;
    this.view.setUint32(at, whole - high * 0x1_0000_0000, true);
    this.view.setUint32(at + 4, high, true);
    this.position = at + 8;
  }

  /** Int64, Decimal(18, n) as its integer, DateTime64 as its ticks. */
  int64(value: bigint): void {
    this.reserve(8);
    this.view.setBigInt64(this.position, value, true);
    this.position += 8;
  }

  int8(value: number): void {
    this.reserve(1);
    this.view.setInt8(this.position++, value);
  }

  float64(value: number): void {
    this.reserve(8);
    this.view.setFloat64(this.position, value, true);
    this.position += 8;
  }

  strings(values: readonly string[]): void {
    this.varint(values.length);
    for (const value of values) this.string(value);
  }

  stringMap(values: ReadonlyMap<string, string>): void {
    this.varint(values.size);
    for (const [key, value] of values) {
      this.string(key);
      this.string(value);
    }
  }

  /** Values that are RowBinary already. */
  copy(source: Buffer, start: number, end: number): void {
    this.reserve(end - start);
    this.position += source.copy(this.buffer, this.position, start, end);
  }

  /** The bytes written so far, in a buffer of their own; the writer starts again. */
  take(): Buffer {
    const bytes = Buffer.allocUnsafeSlow(this.position);
    this.buffer.copy(bytes, 0, 0, this.position);
    this.position = 0;
    return bytes;
  }
}
