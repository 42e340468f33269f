import type { Attributes, AttributeValue } from '../otlp.ts';
import { cutBytes } from './cut-text.ts';
import { DecodeError } from './decode-error.ts';
import { MAX_VALUE_DEPTH } from './decode-limits.ts';
import { FIXED64, LENGTH_DELIMITED, VARINT, type ProtobufReader } from './protobuf-reader.ts';

/*
 * common.proto
 *   KeyValue    1 key string, 2 value AnyValue
 *   AnyValue    1 string, 2 bool, 3 int64, 4 double, 5 ArrayValue, 6 KeyValueList, 7 bytes (a oneof: the last wins)
 *   ArrayValue, KeyValueList    1 repeated values
 */
const KEY = (1 << 3) | LENGTH_DELIMITED;
const VALUE = (2 << 3) | LENGTH_DELIMITED;
const KEY_VALUE_FIELDS = 0b110;

const STRING_VALUE = (1 << 3) | LENGTH_DELIMITED;
const BOOL_VALUE = (2 << 3) | VARINT;
const INT_VALUE = (3 << 3) | VARINT;
const DOUBLE_VALUE = (4 << 3) | FIXED64;
const ARRAY_VALUE = (5 << 3) | LENGTH_DELIMITED;
const KVLIST_VALUE = (6 << 3) | LENGTH_DELIMITED;
const BYTES_VALUE = (7 << 3) | LENGTH_DELIMITED;
const ANY_VALUE_FIELDS = 0b1111_1110;

const VALUES = (1 << 3) | LENGTH_DELIMITED;
const VALUES_FIELDS = 0b10;

/** What a message without attributes has; shared, because an empty Map costs two hundred bytes. */
export const NO_ATTRIBUTES: Attributes = new Map();

/** Reads one KeyValue into the map. A repeated key: the last wins. No value: `null`. */
export function readAttributeProtobuf(reader: ProtobufReader, into: Map<string, AttributeValue>, depth = 1): void {
  reader.countItem();
  const outer = reader.enter();
  let key = '';
  let value: AttributeValue = null;
  while (reader.position < reader.limit) {
    const tag = reader.tag();
    if (tag === KEY) key = reader.key();
    else if (tag === VALUE) value = readAnyValueProtobuf(reader, depth);
    else reader.skip(tag, KEY_VALUE_FIELDS);
  }
  reader.leave(outer);
  into.set(key, value);
}

/** Reads an AnyValue; one without a value is `null`. Nesting beyond MAX_VALUE_DEPTH refuses the request. */
export function readAnyValueProtobuf(reader: ProtobufReader, depth = 1): AttributeValue {
  if (depth > MAX_VALUE_DEPTH) throw new DecodeError('too_deep', `values nested deeper than ${MAX_VALUE_DEPTH}`);
  const outer = reader.enter();
  let value: AttributeValue = null;
  while (reader.position < reader.limit) {
    const tag = reader.tag();
    switch (tag) {
      case STRING_VALUE:
        value = reader.string();
        break;
      case INT_VALUE:
        value = reader.int64();
        break;
      case DOUBLE_VALUE:
        value = reader.double();
        break;
      case BOOL_VALUE:
        value = reader.int64() !== 0;
        break;
      case ARRAY_VALUE:
        value = readArray(reader, depth + 1);
        break;
      case KVLIST_VALUE:
        value = readKeyValueList(reader, depth + 1);
        break;
      case BYTES_VALUE:
        value = cutBytes(reader.bytes());
        break;
      default:
        reader.skip(tag, ANY_VALUE_FIELDS);
    }
  }
  reader.leave(outer);
  return value;
}

function readArray(reader: ProtobufReader, depth: number): AttributeValue[] {
  const outer = reader.enter();
  const items: AttributeValue[] = [];
  while (reader.position < reader.limit) {
    const tag = reader.tag();
    if (tag === VALUES) {
      reader.countItem();
      items.push(readAnyValueProtobuf(reader, depth));
    } else reader.skip(tag, VALUES_FIELDS);
  }
  reader.leave(outer);
  return items;
}

function readKeyValueList(reader: ProtobufReader, depth: number): Map<string, AttributeValue> {
  const outer = reader.enter();
  const map = new Map<string, AttributeValue>();
  while (reader.position < reader.limit) {
    const tag = reader.tag();
    if (tag === VALUES) readAttributeProtobuf(reader, map, depth);
    else reader.skip(tag, VALUES_FIELDS);
  }
  reader.leave(outer);
  return map;
}
