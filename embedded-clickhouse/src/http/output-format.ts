const STREAMED = new Set([
  'native',
  'tabseparated',
  'tsv',
  'tabseparatedraw',
  'tsvraw',
  'raw',
  'jsoneachrow',
  'jsonlines',
  'ndjson',
  'jsoncompacteachrow',
  'rowbinary',
]);

/** True for formats whose pieces can be joined: no header, no trailer, no separator between pieces. */
export function isStreamed(format: string): boolean {
  return STREAMED.has(format.toLowerCase());
}

/** The Content-Type ClickHouse gives a format. */
export function contentType(format: string): string {
  const name = format.toLowerCase();
  if (/^(?:jsoneachrow|jsonlines|ndjson|jsoncompacteachrow|jsonstringseachrow|jsoncompactstringseachrow)/.test(name))
    return 'application/x-ndjson; charset=UTF-8';
  if (name.startsWith('json')) return 'application/json; charset=UTF-8';
  if (/^(?:tabseparated|tsv|raw|lineasstring)/.test(name)) return 'text/tab-separated-values; charset=UTF-8';
  if (name.startsWith('csv')) return 'text/csv; charset=UTF-8; header=absent';
  if (name === 'xml') return 'application/xml; charset=UTF-8';
  if (/^(?:native|rowbinary|parquet|arrow|orc|avro|msgpack|protobuf|capnproto|npy|bson)/.test(name))
    return 'application/octet-stream';
  return 'text/plain; charset=UTF-8';
}
