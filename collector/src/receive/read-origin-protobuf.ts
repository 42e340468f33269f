import type { AttributeValue } from '../otlp.ts';
import { LENGTH_DELIMITED, type ProtobufReader } from './protobuf-reader.ts';
import { readAttributeProtobuf } from './read-attributes-protobuf.ts';

/*
 * resource.proto  Resource              1 attributes
 * common.proto    InstrumentationScope  1 name, 2 version, 3 attributes
 */
const RESOURCE_ATTRIBUTES = (1 << 3) | LENGTH_DELIMITED;
const RESOURCE_FIELDS = 0b10;
const SCOPE_NAME = (1 << 3) | LENGTH_DELIMITED;
const SCOPE_VERSION = (2 << 3) | LENGTH_DELIMITED;
const SCOPE_ATTRIBUTES = (3 << 3) | LENGTH_DELIMITED;
const SCOPE_FIELDS = 0b1110;

/** Reads a Resource into the given one; a repeated Resource merges, as protobuf prescribes. */
export function readResourceProtobuf(
  reader: ProtobufReader,
  into: { readonly attributes: Map<string, AttributeValue> }
): void {
  const outer = reader.enter();
  while (reader.position < reader.limit) {
    const tag = reader.tag();
    if (tag === RESOURCE_ATTRIBUTES) readAttributeProtobuf(reader, into.attributes);
    else reader.skip(tag, RESOURCE_FIELDS);
  }
  reader.leave(outer);
}

/** Reads an InstrumentationScope into the given one. */
export function readScopeProtobuf(
  reader: ProtobufReader,
  into: { name: string; version: string; readonly attributes: Map<string, AttributeValue> }
): void {
  const outer = reader.enter();
  while (reader.position < reader.limit) {
    const tag = reader.tag();
    if (tag === SCOPE_NAME) into.name = reader.string();
    else if (tag === SCOPE_VERSION) into.version = reader.string();
    else if (tag === SCOPE_ATTRIBUTES) readAttributeProtobuf(reader, into.attributes);
    else reader.skip(tag, SCOPE_FIELDS);
  }
  reader.leave(outer);
}
