import fc from 'fast-check';
import { insertTableRows } from '../../test/support/insert-table-rows.ts';
import { selectRows } from '../../test/support/select-rows.ts';
import type { Store } from '../../test/support/start-store.ts';
import { startMigratedStore } from '../../test/support/start-migrated-store.ts';
import type { SpanRow } from '../span-row.ts';
import { createReadStore } from '../store/read-store.ts';
import type { StoredCost } from '../stored-call.ts';
import { createEncodeRows } from './encode-rows.ts';
import { createEncodePriceAmendments } from './encode-price-amendments.ts';
import { createEncoders } from './encoders.ts';
import { SPAN_ROW_SELECT, parseSpanRow } from './parse-span-row.ts';
import { PRICE_AMENDMENT_COLUMNS } from './price-amendment-columns.ts';
import { TABLE_COLUMNS } from './table-columns.ts';
import { SPAN_TIME_NS, checkedSpan, contentFragment, finding } from './testing/checked-span.ts';
import { toSpanRow } from './to-span-row.ts';

const NOW_MS = 1_772_445_601_234;

const AFTER: StoredCost = {
  costPico: 6n,
  inputCostPico: 1n,
  outputCostPico: 2n,
  cacheReadCostPico: -3n,
  cacheWriteCostPico: 4n,
  requestCostPico: 2n,
  cacheSavingsPico: -5n,
  costState: 'computed',
  priceId: 'own é',
};

/** What amendments say, of their own rows or worked out from both revisions of the spans. */
function amendedColumns(workspace: string, table: 'spans' | 'price_amendments'): string {
  if (table === 'price_amendments')
    return `SELECT ${PRICE_AMENDMENT_COLUMNS.map(({ name }) => name).join(', ')} FROM genai.price_amendments
      WHERE workspace = '${workspace}' ORDER BY span_id`;
  const picked = PRICE_AMENDMENT_COLUMNS.map(({ name }) => {
    if (name === 'amended_at') return `fromUnixTimestamp64Milli(${NOW_MS}, 'UTC') AS amended_at`;
    if (name === 'model') return "if(new.response_model != '', new.response_model, new.request_model) AS model";
    if (name === 'reason') return "'reprice: é' AS reason";
    return name.startsWith('old_') ? `old.${name.slice(4)} AS ${name}` : `new.${name} AS ${name}`;
  });
  return `SELECT ${picked.join(', ')} FROM genai.spans AS new
    JOIN genai.spans AS old ON old.workspace = new.workspace AND old.span_id = new.span_id AND old.revision = 0
    WHERE new.workspace = '${workspace}' AND new.revision = 1 ORDER BY span_id`;
}

describe('rows in the store', () => {
  let store: Store;
  beforeAll(async () => {
    store = await startMigratedStore();
  });
  afterAll(() => store.stop());
  const select = <Row = Record<string, unknown>>(query: string) => selectRows<Row>(store, query);

  it('have the columns and types of the migrated tables, all of them', async () => {
    const columns = await select<{ table: string; name: string; type: string }>(
      "SELECT table, name, type FROM system.columns WHERE database = 'genai' ORDER BY table, position"
    );
    const tables = [...TABLE_COLUMNS.keys()].sort();
    const stored = tables.map((table) => [
      table,
      columns.filter((column) => column.table === table).map(({ name, type }) => ({ name, type })),
    ]);
    expect(stored).toEqual(tables.map((table) => [table, TABLE_COLUMNS.get(table)!.columns]));
  });

  it('give back every span as it was, whatever its texts and numbers, and once more with another price', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 }).map((value) => value.toWellFormed());
    const count = fc.nat({ max: Number.MAX_SAFE_INTEGER });
    const pico = fc.bigInt({ min: -999_999_000_000_000_000n, max: 999_999_000_000_000_000n });
    const usage = fc.record({
      state: fc.constantFrom('missing' as const, 'reported' as const, 'estimated' as const),
      inputTokens: count,
      outputTokens: count,
      cacheReadTokens: count,
      cacheWriteTokens: count,
      cacheWrite1hTokens: count,
      reasoningTokens: count,
      audioInputTokens: count,
      audioOutputTokens: count,
    });
    const span = fc.record({
      timestampNs: fc.bigInt({ min: SPAN_TIME_NS, max: SPAN_TIME_NS + 86_400_000_000_000n }),
      durationNs: count,
      timeToFirstTokenNs: count,
      traceId: text,
      spanName: text,
      requestModel: text,
      responseModel: text,
      usage,
      finishReasons: fc.array(text, { maxLength: 4 }),
      status: fc.constantFrom('unset' as const, 'ok' as const, 'error' as const),
      errorMessage: text,
      retries: fc.nat({ max: 65_535 }),
      userId: text,
      billable: fc.boolean(),
      streaming: fc.boolean(),
      attributes: fc.array(fc.tuple(text, text), { maxLength: 6 }).map((pairs) => new Map(pairs)),
      retentionDays: fc.constantFrom(30, 90, 400),
    });
    const cost = fc.record({
      state: fc.constantFrom('unpriced' as const, 'computed' as const, 'free' as const, 'not_billable' as const),
      totalPico: pico,
      inputPico: pico,
      cacheSavingsPico: pico,
      reportedPico: pico,
    });
    const encoders = createEncoders();
    const encodeAmendments = createEncodePriceAmendments({ now: () => NOW_MS });
    const { readCalls } = createReadStore(store.client);
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(span, cost), { minLength: 1, maxLength: 20 }), async (pairs) => {
        const workspace = `run-${run++}`;
        const rows: SpanRow[] = pairs.map(([changes, money], i) =>
          toSpanRow(
            checkedSpan({ span: { ...changes, workspace, spanId: String(i).padStart(4, '0') }, cost: money }),
            NOW_MS
          )
        );
        await insertTableRows(store, 'genai', [encoders.spans.encode(rows)!]);
        const stored = await select(
          `SELECT ${SPAN_ROW_SELECT} FROM genai.spans FINAL WHERE workspace = '${workspace}' ORDER BY span_id`
        );
        expect(stored.map(parseSpanRow)).toEqual(rows);

        const calls = [...(await readCalls('workspace = {workspace:String}', { workspace }, ['one']))];
        await insertTableRows(
          store,
          'genai',
          encodeAmendments(calls.map((call) => ({ call, after: AFTER, reason: 'reprice: é' })))
        );
        const amended = await select(
          `SELECT ${SPAN_ROW_SELECT} FROM genai.spans FINAL WHERE workspace = '${workspace}' ORDER BY span_id`
        );
        expect(amended.map(parseSpanRow)).toEqual(rows.map((row) => ({ ...row, ...AFTER, revision: 1 })));
        expect(await select(amendedColumns(workspace, 'price_amendments'))).toEqual(
          await select(amendedColumns(workspace, 'spans'))
        );
      }),
      { numRuns: 15 }
    );
  });

  it('of a whole request land in their tables', async () => {
    const encode = createEncodeRows({ now: () => NOW_MS });
    const fragment = contentFragment({ position: 3 });
    await insertTableRows(
      store,
      'genai',
      encode({
        spans: [checkedSpan({ span: { fragments: [fragment] }, findings: [finding(), finding()] })],
        others: [
          {
            workspace: 'acme',
            timestampNs: SPAN_TIME_NS,
            durationNs: 5,
            traceId: fragment.traceId,
            spanId: '00f067aa0ba902b7',
            parentSpanId: '',
            spanName: 'GET /',
            serviceName: 'web',
            kind: 2,
            status: 'ok',
          },
        ],
        fragments: [{ ...contentFragment({ source: 'log_event' }), workspace: 'acme', retentionDays: 30 }],
        scores: [
          {
            workspace: 'acme',
            timestampNs: SPAN_TIME_NS,
            traceId: fragment.traceId,
            spanId: fragment.spanId,
            responseId: '',
            conversationId: '',
            name: 'faithfulness',
            source: 'otel',
            value: 0.75,
            label: 'pass',
            comment: '',
            experiment: '',
            variant: '',
            id: 'score-1',
          },
        ],
        findings: [finding({ location: 'output' })],
      })
    );
    expect({
      spans: await select(
        "SELECT span_id, model, calls FROM (SELECT span_id, response_model AS model, 1 AS calls FROM genai.spans FINAL WHERE workspace = 'acme')"
      ),
      others: await select('SELECT span_name, kind, status FROM genai.other_spans'),
      content: await select('SELECT source, position, retention_days FROM genai.content_fragments ORDER BY source'),
      findings: await select('SELECT rule, location, ordinal, agent_name, model FROM genai.findings ORDER BY ordinal'),
      scores: await select('SELECT name, source, value, agent_name, model FROM genai.scores'),
    }).toEqual({
      spans: [{ span_id: fragment.spanId, model: 'gpt-4o-2024-11-20', calls: 1 }],
      others: [{ span_name: 'GET /', kind: 'server', status: 'ok' }],
      content: [
        { source: 'attribute', position: '3', retention_days: 30 },
        { source: 'log_event', position: '0', retention_days: 30 },
      ],
      findings: [
        { rule: 'email', location: 'input', ordinal: 0, agent_name: 'triage', model: 'gpt-4o-2024-11-20' },
        { rule: 'email', location: 'input', ordinal: 1, agent_name: 'triage', model: 'gpt-4o-2024-11-20' },
        { rule: 'email', location: 'output', ordinal: 2, agent_name: 'triage', model: 'gpt-4o-2024-11-20' },
      ],
      scores: [{ name: 'faithfulness', source: 'otel', value: 0.75, agent_name: 'triage', model: 'gpt-4o-2024-11-20' }],
    });
  });

  it('may hold two line feeds in a row: a client format would take them for the end of the data', async () => {
    const encoders = createEncoders();
    const rows = Array.from({ length: 50 }, (_, i) =>
      toSpanRow(checkedSpan({ span: { workspace: 'feeds', spanId: String(i), errorMessage: '\n\n;\n\n' } }), NOW_MS)
    );
    await insertTableRows(store, 'genai', [encoders.spans.encode(rows)!]);
    expect(await select("SELECT count() AS spans FROM genai.spans WHERE workspace = 'feeds'")).toEqual([
      { spans: '50' },
    ]);
  });
});
