import type { Encoding } from './receive-metrics.ts';

export interface MediaType {
  readonly encoding: Encoding;
  /** What the answer's Content-Type says: as the sender wrote it when that is plain, else the bare type. */
  readonly answer: string;
}

const ENCODINGS: ReadonlyMap<string, Encoding> = new Map([
  ['application/x-protobuf', 'protobuf'],
  ['application/json', 'json'],
]);
/** Answers never repeat more of a sender's header than this. */
const PLAIN = /^[a-z]+\/[a-z-]+( *; *charset=[a-z0-9-]+)?$/i;

/** Reads a Content-Type; parameters such as `charset` do not matter. Undefined for any type that OTLP/HTTP does not have. */
export function readMediaType(header: string | undefined): MediaType | undefined {
  const type = (header ?? '').split(';', 1)[0]!.trim().toLowerCase();
  const encoding = ENCODINGS.get(type);
  return encoding && { encoding, answer: PLAIN.test(header ?? '') ? header! : type };
}
