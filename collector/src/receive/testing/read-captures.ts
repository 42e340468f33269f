import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const ROOT = join(__dirname, '../../../test/captures');

/** One recorded request of a real SDK. */
export interface CapturedRequest {
  /** `<instrumentation>/<scenario>/<file>`. */
  readonly name: string;
  readonly signal: 'traces' | 'logs' | 'metrics';
  readonly encoding: 'protobuf' | 'json';
  readonly wire: Buffer;
  readonly gzipped: boolean;
  /** The body without gzip. */
  readonly body: Buffer;
}

export interface ListedSpan {
  readonly file: string;
  readonly scope: string;
  readonly name: string;
  readonly trace_id: string;
  readonly span_id: string;
  readonly parent_span_id: string | null;
  /** The number, or the name where the capture was read with a generic tool. */
  readonly status: number | string;
}

export interface Capture {
  readonly name: string;
  readonly requests: readonly CapturedRequest[];
  /** Truth written down when the capture was made. */
  readonly payload: { readonly log_records: number; readonly span_list: readonly ListedSpan[] };
}

/** The captures whose spans were listed when they were recorded, in a stable order. */
export function readCaptures(): readonly Capture[] {
  return directories(ROOT).flatMap((instrumentation) =>
    directories(join(ROOT, instrumentation)).flatMap((scenario) => {
      const directory = join(ROOT, instrumentation, scenario);
      const name = `${instrumentation}/${scenario}`;
      const expected = JSON.parse(readFileSync(join(directory, 'expected.json'), 'utf8')) as Partial<Capture>;
      if (!expected.payload) return [];
      const files = readdirSync(directory).filter((file) => /^\d+-(traces|logs|metrics)\./.test(file));
      return [
        {
          name,
          payload: expected.payload,
          requests: files.sort().map((file) => readRequest(directory, name, file)),
        },
      ];
    })
  );
}

function directories(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

function readRequest(directory: string, name: string, file: string): CapturedRequest {
  const wire = readFileSync(join(directory, file));
  const gzipped = file.endsWith('.gz');
  const signal = /-(traces|logs|metrics)\./.exec(file)?.[1] as CapturedRequest['signal'];
  return {
    name: `${name}/${file}`,
    signal,
    encoding: file.includes('.json') ? 'json' : 'protobuf',
    wire,
    gzipped,
    body: gzipped ? gunzipSync(wire) : wire,
  };
}
