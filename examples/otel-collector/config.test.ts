import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { DEFAULT_RECEIVE_LIMITS } from '../../collector/src/receive/receive-limits.ts';

interface Exporter {
  readonly retry_on_failure: { readonly max_elapsed_time: string };
  readonly sending_queue: {
    readonly storage: string;
    readonly sizer: string;
    readonly queue_size: number;
    readonly batch: { readonly sizer: string; readonly max_size: number };
  };
}
interface Pipeline {
  readonly receivers: readonly string[];
  readonly processors: readonly string[];
  readonly exporters: readonly string[];
}
interface CollectorConfig {
  readonly receivers: object;
  readonly processors: object;
  readonly extensions: object;
  readonly exporters: Readonly<Record<string, Exporter>>;
  readonly service: { readonly extensions: readonly string[]; readonly pipelines: Readonly<Record<string, Pipeline>> };
}

const folder = join(process.cwd(), 'examples/otel-collector');
const text = readFileSync(join(folder, 'config.yaml'), 'utf8');
const config = parse(text) as CollectorConfig;
const pipelines = Object.values(config.service.pipelines);
const used = (kind: keyof Pipeline) => [...new Set(pipelines.flatMap((pipeline) => pipeline[kind]))];

it('defines what its pipelines use and nothing else', () => {
  expect(used('receivers')).toEqual(Object.keys(config.receivers));
  expect(used('processors')).toEqual(Object.keys(config.processors));
  expect(used('exporters')).toEqual(Object.keys(config.exporters));
  expect(config.service.extensions).toEqual(Object.keys(config.extensions));
});

it('forwards traces and logs, because messages and scores come as log events', () => {
  expect(Object.keys(config.service.pipelines)).toEqual(['traces', 'logs']);
});

it('keeps what it accepted on disk, within a bound, and never gives up', () => {
  const [{ retry_on_failure, sending_queue }] = Object.values(config.exporters) as [Exporter];
  expect(config.service.extensions).toContain(sending_queue.storage);
  expect(retry_on_failure.max_elapsed_time).toBe('0s');
  expect([sending_queue.sizer, sending_queue.batch.sizer]).toEqual(['bytes', 'bytes']);
  expect(sending_queue.queue_size).toBeGreaterThan(sending_queue.batch.max_size);
});

it('sends no request that is larger than the receiver takes', () => {
  const [{ sending_queue }] = Object.values(config.exporters) as [Exporter];
  expect(sending_queue.batch.max_size).toBeLessThan(DEFAULT_RECEIVE_LIMITS.maxBodyBytes);
});

it('needs no variable that its README does not name', () => {
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  const variables = [...text.matchAll(/\$\{env:(\w+)\}/g)].map(([, name]) => name!);
  expect(variables.length).toBeGreaterThan(0);
  expect(variables.filter((name) => !readme.includes(`${name}=`))).toEqual([]);
});
