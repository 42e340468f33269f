import type { Attributes, AttributeValue } from '../otlp.ts';
import { cutBytes, cutText } from './cut-text.ts';
import { DecodeError } from './decode-error.ts';
import { MAX_VALUE_DEPTH } from './decode-limits.ts';
import { asObject, badField, jsonDouble, jsonFields, jsonInt64, type JsonObject } from './json-fields.ts';
import { NO_ATTRIBUTES } from './read-attributes-protobuf.ts';

/** Reads the KeyValues of a field. A repeated key: the last wins. No value: `null`. A wrong type throws `bad_field`. */
export function readAttributesJson(parent: JsonObject, field = 'attributes'): Attributes {
  const items = jsonFields.array(parent, field);
  return items.length === 0 ? NO_ATTRIBUTES : readKeyValues(items, field, 1);
}

/** Reads an AnyValue. `{}`, `null` and a oneof field that is `null` are `null`. Nesting beyond MAX_VALUE_DEPTH throws. */
export function readAnyValueJson(value: unknown, depth = 1): AttributeValue {
  if (value === undefined || value === null) return null;
  if (depth > MAX_VALUE_DEPTH) throw new DecodeError('too_deep', `values nested deeper than ${MAX_VALUE_DEPTH}`);
  const any = asObject(value, 'value');
  const { stringValue, intValue, doubleValue, boolValue, arrayValue, kvlistValue, bytesValue } = any;
  if (isSet(stringValue)) {
    if (typeof stringValue !== 'string') throw badField('stringValue', 'must be a string');
    return cutText(stringValue);
  }
  if (isSet(intValue)) return jsonInt64(intValue, 'intValue');
  if (isSet(doubleValue)) return jsonDouble(doubleValue, 'doubleValue');
  if (isSet(boolValue)) {
    if (typeof boolValue !== 'boolean') throw badField('boolValue', 'must be true or false');
    return boolValue;
  }
  if (isSet(arrayValue)) {
    const items = jsonFields.array(asObject(arrayValue, 'arrayValue'), 'values');
    return items.map((item) => readAnyValueJson(item, depth + 1));
  }
  if (isSet(kvlistValue)) {
    return readKeyValues(jsonFields.array(asObject(kvlistValue, 'kvlistValue'), 'values'), 'values', depth + 1);
  }
  if (isSet(bytesValue)) {
    if (typeof bytesValue !== 'string') throw badField('bytesValue', 'must be base64');
    return cutBytes(Buffer.from(bytesValue, 'base64'));
  }
  return null;
}

function readKeyValues(items: readonly unknown[], field: string, depth: number): Map<string, AttributeValue> {
  const map = new Map<string, AttributeValue>();
  for (const item of items) {
    const pair = asObject(item, field);
    map.set(jsonFields.text(pair, 'key'), readAnyValueJson(pair['value'], depth));
  }
  return map;
}

const isSet = (value: unknown): boolean => value !== undefined && value !== null;
