import { encodeLogsProtobuf, encodeTracesProtobuf } from '../src/receive/testing/encode-otlp-protobuf.ts';
import { parseSpanRow, SPAN_ROW_SELECT } from '../src/rows/parse-span-row.ts';
import type { ContentFragment, GenAiSpan } from '../src/span.ts';
import { compareWithTruth } from './captures/compare-with-truth.ts';
import { loadCaptures } from './captures/load-captures.ts';
import type { Capture, CapturedRequest } from './captures/load-captures.ts';
import { runCollector } from './support/run-collector.ts';
import type { RunningCollector } from './support/run-collector.ts';
import { selectRows } from './support/select-rows.ts';

/** Requests sent at a time: as several exporters would. */
const PARALLEL = 16;

const captures = loadCaptures();
let collector: RunningCollector;

beforeAll(async () => {
  collector = await runCollector(['whole', 'split', 'reversed']);
});
afterAll(() => collector.stop());

const oneByOne = (capture: Capture): CapturedRequest[] =>
  capture.requests.flatMap((request): CapturedRequest[] =>
    request.signal === 'traces'
      ? request.spans.map((span) => ({ signal: 'traces', spans: [span] }))
      : request.records.map((record) => ({ signal: 'logs', records: [record] }))
  );

function encode(request: CapturedRequest): Buffer {
  const wrap = <T extends { resource: GenAiResource; scope: GenAiScope }>(item: T) => ({
    resource: item.resource,
    scopes: [{ scope: item.scope, items: [item] }],
  });
  return request.signal === 'traces'
    ? encodeTracesProtobuf(request.spans.map(wrap))
    : encodeLogsProtobuf(request.records.map(wrap));
}
type GenAiResource = Parameters<typeof encodeTracesProtobuf>[0][number]['resource'];
type GenAiScope = Parameters<typeof encodeTracesProtobuf>[0][number]['scopes'][number]['scope'];

async function send(key: string, requests: readonly CapturedRequest[]): Promise<void> {
  for (const request of requests) {
    const answer = await fetch(`${collector.urls.http}/v1/${request.signal}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf', authorization: `Bearer ${key}` },
      body: encode(request),
    });
    expect([answer.status, (await answer.arrayBuffer()).byteLength]).toEqual([200, 0]);
  }
}

/** The rows of a workspace as the fault-finder wants them, by trace. */
async function rowsOf(workspace: string) {
  const rows = await selectRows(
    { client: collector.client } as never,
    `SELECT ${SPAN_ROW_SELECT} FROM genai.spans FINAL WHERE workspace = {workspace:String} AND billable = 1`,
    { workspace }
  );
  const content = await selectRows<Record<string, string>>(
    { client: collector.client } as never,
    'SELECT * FROM genai.span_content WHERE workspace = {workspace:String}',
    { workspace }
  );
  const spans = rows.map(parseSpanRow).map((row) => ({ ...row, usage: { ...row, state: row.usageState } }));
  return { spans: spans as unknown as readonly GenAiSpan[], content };
}

function faultsOf(capture: Capture, stored: Awaited<ReturnType<typeof rowsOf>>) {
  const traces = new Set(
    capture.requests.flatMap((request) =>
      request.signal === 'traces' ? request.spans.map((span) => span.traceId) : []
    )
  );
  const bodies = stored.content
    .filter((row) => traces.has(row.trace_id!))
    .map((row) => ({
      body: `${row.input_messages} ${row.output_messages} ${row.system_instructions} ${row.tool_definitions}`,
    }));
  return compareWithTruth(
    capture,
    stored.spans.filter((span) => traces.has(span.traceId)),
    bodies as unknown as readonly ContentFragment[]
  ).map((fault) => ({ capture: capture.name, ...fault }));
}

describe('the captures through the whole program', () => {
  it.each([
    ['whole', 'as they were sent', (capture: Capture) => capture.requests],
    ['split', 'one span or record a request', oneByOne],
    ['reversed', 'one span or record a request, last first', (capture: Capture) => oneByOne(capture).reverse()],
  ])('%s: tell in SQL what the model server answered, sent %s', async (workspace, _, cut) => {
    const key = collector.keys.get(workspace)!;
    const queue = [...captures];
    const sender = async (): Promise<void> => {
      for (let capture = queue.shift(); capture !== undefined; capture = queue.shift()) await send(key, cut(capture));
    };
    await Promise.all(Array.from({ length: PARALLEL }, sender));
    await collector.delivered();
    await collector.settle();
    await collector.delivered();
    const stored = await rowsOf(workspace);
    expect(captures.flatMap((capture) => faultsOf(capture, stored))).toEqual([]);
  });

  it('needed no dead letter and logged nothing but what an operator must know', async () => {
    expect(await selectRows({ client: collector.client } as never, 'SELECT * FROM genai.dead_letters')).toEqual([]);
    const unusual = collector
      .logged()
      .trim()
      .split('\n')
      .filter((line) => (JSON.parse(line) as { level: string }).level !== 'info');
    expect(unusual).toEqual([]);
  });
});
