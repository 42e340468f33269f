/** Encodes single protobuf fields of answers; defaults (0 and empty) are left out, as proto3 does. */
export const protobufField = {
  /** A non-negative safe integer. */
  varint: (field: number, value: number): Buffer =>
    value === 0 ? Buffer.alloc(0) : Buffer.from([...varintBytes(field * 8), ...varintBytes(value)]),

  bytes: (field: number, value: Buffer): Buffer =>
    Buffer.concat([Buffer.from([...varintBytes(field * 8 + 2), ...varintBytes(value.length)]), value]),

  text: (field: number, value: string): Buffer =>
    value === '' ? Buffer.alloc(0) : protobufField.bytes(field, Buffer.from(value)),
};

function varintBytes(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return [...bytes, rest];
}
