import type { Readable } from 'node:stream';

/** Characters of a line that are kept: more than any text a provider takes. */
export const MAX_LINE_LENGTH = 16 * 1024 * 1024;

/**
 * The lines of a stream of UTF-8, without their ends, one at a time. A line longer than MAX_LINE_LENGTH is undefined and is
 * never held whole. An error of the stream is thrown to the reader.
 */
export async function* boundedLines(input: Readable): AsyncGenerator<string | undefined> {
  const decoder = new TextDecoder();
  let line = '';
  let tooLong = false;
  const add = (text: string): void => {
    tooLong ||= line.length + text.length > MAX_LINE_LENGTH;
    line = tooLong ? '' : line + text;
  };
  for await (const chunk of input) {
    const pieces = decoder.decode(Buffer.from(chunk as Uint8Array | string), { stream: true }).split('\n');
    for (const [index, piece] of pieces.entries()) {
      add(piece);
      if (index === pieces.length - 1) break;
      yield tooLong ? undefined : line.replace(/\r$/, '');
      line = '';
      tooLong = false;
    }
  }
  add(decoder.decode());
  if (tooLong) yield undefined;
  else if (line !== '') yield line;
}
