import { runCommand } from '../src/cli/testing/run-command.ts';
import { loadPriceData } from '../src/price/load-price-data.ts';
import { createPriceBook } from '../src/price/price-book.ts';
import { createPrice } from '../src/price/price-span.ts';
import { makeSpan, makeUsage, nanoseconds } from '../src/price/testing/make-span.ts';
import { createEncoders } from '../src/rows/encoders.ts';
import { toSpanRow } from '../src/rows/to-span-row.ts';
import type { GenAiSpan } from '../src/span.ts';
import { insertTableRows } from './support/insert-table-rows.ts';
import { startMigratedStore } from './support/start-migrated-store.ts';
import type { Store } from './support/start-store.ts';

const NOW = Date.parse('2026-03-04T12:00:00Z');

const GPT = { provider: 'openai', requestModel: 'gpt-4o', responseModel: 'gpt-4o-2024-11-20' };
const GPT_USAGE = makeUsage({ inputTokens: 1_000_000, cacheReadTokens: 400_000, outputTokens: 200_000 });
const SONNET = {
  provider: 'anthropic',
  requestModel: 'claude-sonnet-4-5',
  responseModel: 'claude-sonnet-4-5-20250929',
};

const SPANS: readonly Partial<GenAiSpan>[] = [
  { ...GPT, usage: GPT_USAGE },
  { ...GPT, usage: GPT_USAGE, timestampNs: nanoseconds('2026-03-02T23:59:59.999Z') },
  // The next day, and a wrapper: neither counts.
  { ...GPT, usage: GPT_USAGE, timestampNs: nanoseconds('2026-03-03T00:00:00Z') },
  { ...GPT, usage: GPT_USAGE, billable: false, operation: 'invoke_agent' },
  { ...SONNET, usage: makeUsage({ inputTokens: 1_000_000, outputTokens: 100_000 }) },
  // Sold by OpenAI through a gateway, without a known price.
  { provider: 'openai', requestModel: 'gpt-nonesuch', responseModel: '', usage: makeUsage({ inputTokens: 50_000 }) },
];

const USAGE_HEADER =
  'start_time,end_time,start_time_iso,end_time_iso,project_id,num_model_requests,user_id,api_key_id,model,batch,service_tier,input_tokens,output_tokens,input_cached_tokens,input_audio_tokens,output_audio_tokens';
const usageRow = (model: string, requests: number, input: number, output: number, cached: number) =>
  `1772409600,1772496000,,,proj,${requests},,,${model},false,default,${input},${output},${cached},0,0`;

describe('invoices on the real store', () => {
  let store: Store;
  beforeAll(async () => {
    store = await startMigratedStore();
    const price = createPrice(createPriceBook(await loadPriceData()));
    const rows = SPANS.map((fields, index) => {
      const span = makeSpan({
        timestampNs: nanoseconds('2026-03-02T00:00:00Z'),
        spanId: index.toString(16).padStart(16, '0'),
        ...fields,
      });
      return toSpanRow({ span, cost: price(span), guardAction: 'none', guardRules: [], findings: [] }, NOW);
    });
    await insertTableRows(store, 'genai', [createEncoders().spans.encode(rows)!]);
  });
  afterAll(() => store.stop());

  const run = (args: readonly string[], files: Record<string, string> = {}) =>
    runCommand(['invoices', ...args, '--sql', store.url], {
      now: () => NOW,
      readFile: (path) => {
        const text = files[path];
        if (text === undefined) throw Object.assign(new Error('no file'), { code: 'ENOENT' });
        return text;
      },
    });
  const reconcile = (provider: string, ...more: string[]) =>
    run(['reconcile', '--provider', provider, '--from', '2026-03-02', ...more]);

  it('says what to do when nothing was imported', async () => {
    expect(await reconcile('openai')).toEqual({
      code: 1,
      answers: [],
      remarks: ['there is no invoice of openai for these days in workspace default: import one first'],
    });
    expect((await run(['import', 'nowhere.csv'])).remarks).toEqual(['spanledger: nowhere.csv cannot be read (ENOENT)']);
  });

  it('shows the drift of an OpenAI usage export against the spans, by hand: a third is missing', async () => {
    // Two calls were received: 2 × (600,000 uncached + 400,000 cached) in, 2 × 200,000 out. Billed were three.
    const csv = [USAGE_HEADER, usageRow('gpt-4o-2024-11-20', 3, 3_000_000, 600_000, 1_200_000)].join('\n');
    expect((await run(['import', 'usage.csv'], { 'usage.csv': csv })).answers).toEqual([
      'imported 1 rows as 4 lines (openai-usage, usage of openai, 2026-03-02 to 2026-03-02)',
    ]);
    expect(await reconcile('openai')).toEqual({
      code: 0,
      answers: [
        '2026-03-02  gpt-nonesuch',
        '  input          count  billed 0, seen 50000, drift 50000 (not billed)',
        '  requests       count  billed 0, seen 1, drift 1 (not billed)',
        '  likely not on the invoice: billed by another account or provider, or not billed',
        '2026-03-02  openai/gpt-4o',
        '  input          count  billed 1800000, seen 1200000, drift -600000 (-33.3 %)',
        '  cache_read     count  billed 1200000, seen 800000, drift -400000 (-33.3 %)',
        '  output         count  billed 600000, seen 400000, drift -200000 (-33.3 %)',
        '  requests       count  billed 3, seen 2, drift -1 (-33.3 %)',
        '  likely missing spans: 33.3 % of the billed tokens were not received',
        '6 classes compared, 2 days of models differ; billed 0 USD, seen 0 USD',
      ],
      remarks: [],
    });
  });

  it('lets a later export of the same day take the place of the first, and the same file twice count once', async () => {
    const csv = [
      USAGE_HEADER,
      usageRow('gpt-4o-2024-11-20', 2, 2_000_000, 400_000, 800_000),
      usageRow('gpt-nonesuch', 1, 50_000, 0, 0),
    ].join('\n');
    for (const now of [NOW + 1, NOW + 2]) {
      await runCommand(['invoices', 'import', 'usage.csv', '--sql', store.url], {
        now: () => now,
        readFile: () => csv,
      });
    }
    expect((await reconcile('openai', '--tolerance', '0')).answers).toEqual([
      '6 classes compared, everything agrees; billed 0 USD, seen 0 USD',
    ]);
  });

  it('compares money to the cent: 1 M × 6 + 0.1 M × 22.5 seen at the long-context price, a batch billed', async () => {
    const csv = [
      'usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,list_price_usd,cost_type,inference_geo,speed',
      '2026-03-02,Claude Sonnet 4.5,Default,k,batch,≤ 200k,input_no_cache,1.50,1.50,token,global,',
      '2026-03-02,Claude Sonnet 4.5,Default,k,batch,≤ 200k,output,0.75,0.75,token,global,',
    ].join('\n');
    await run(['import', 'cost.csv'], { 'cost.csv': csv });
    expect((await reconcile('claude', '--csv')).answers).toEqual([
      'day,model,kind,class,billed,seen,drift,likely_cause',
      '2026-03-02,anthropic/claude-sonnet-4-5,cost,input,1.5,6,4.5,"tier: billed as batch, which no span says"',
      '2026-03-02,anthropic/claude-sonnet-4-5,cost,output,0.75,2.25,1.5,"tier: billed as batch, which no span says"',
    ]);
  });

  it.each([
    [['reconcile', '--from', '2026-03-02'], 'name the provider'],
    [['reconcile', '--provider', 'nobody', '--from', '2026-03-02'], 'nobody is no provider of the price data'],
    [['reconcile', '--provider', 'openai', '--from', 'monday'], '--from must be a UTC day'],
    [['reconcile', '--provider', 'openai', '--from', '2026-02-30'], '--from must be a UTC day'],
    [
      ['reconcile', '--provider', 'openai', '--from', '2026-03-02', '--to', '2026-03-01'],
      '--to must not be earlier than --from',
    ],
    [['reconcile', '--provider', 'openai', '--from', '2025-01-01', '--to', '2026-03-01'], 'at most 400 days'],
    [['reconcile', '--provider', 'openai', '--from', '2026-03-02', '--tolerance', 'x'], '--tolerance'],
    [['import'], 'name the file'],
    [['export'], 'say import or reconcile'],
  ])('explains the wrong command line %j', async (args, message) => {
    const { code, remarks } = await run(args);
    expect([code, remarks[0]]).toEqual([2, expect.stringContaining(message)]);
  });
});
