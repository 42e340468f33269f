import fc from 'fast-check';
import { formatPico } from '../price/decimal.ts';
import { readMapping } from './invoice-format.ts';
import { readInvoice } from './read-invoice.ts';
import type { ReadInvoice } from './read-invoice.ts';

function linesOf({ lines }: ReadInvoice): string[] {
  return lines.map(
    (line) => `${line.day} ${line.model} ${line.tier} ${line.class} ${line.quantity} ${formatPico(line.costPico)}`
  );
}

const OPENAI_USAGE = `start_time,end_time,start_time_iso,end_time_iso,project_id,num_model_requests,user_id,api_key_id,model,batch,service_tier,input_tokens,output_tokens,input_cached_tokens,input_audio_tokens,output_audio_tokens
1772409600,1772496000,2026-03-02T00:00:00+00:00,2026-03-03T00:00:00+00:00,proj_a,3,,key_1,gpt-4o-2024-11-20,false,default,1000,200,400,0,0
1772409600,1772496000,2026-03-02T00:00:00+00:00,2026-03-03T00:00:00+00:00,proj_b,2,,key_2,gpt-4o-2024-11-20,false,,500,100,0,0,0
1772409600,1772496000,2026-03-02T00:00:00+00:00,2026-03-03T00:00:00+00:00,proj_a,1,,key_1,gpt-4o-2024-11-20,true,,50,5,0,0,0
1772496000,1772582400,2026-03-03T00:00:00+00:00,2026-03-04T00:00:00+00:00,,,,,,,,,,,,
`;

const OPENAI_COST = `\uFEFFstart_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,quantity,quantity_unit,line_item,user_id,api_key_id,project_id,organization_id,project_name,organization_name,user_email,api_source
1772323200,1772409600,2026-03-01T00:00:00+00:00,2026-03-02T00:00:00+00:00,,,,,,,,,,,,,
1772409600,1772496000,2026-03-02T00:00:00+00:00,2026-03-03T00:00:00+00:00,0.002750000000000000000000,usd,,,"gpt-4o-2024-11-20, input",,,proj_a,org,A,Acme,,
1772409600,1772496000,2026-03-02T00:00:00+00:00,2026-03-03T00:00:00+00:00,0.0005,usd,,,"gpt-4o-2024-11-20, cached input",,,proj_a,org,A,Acme,,
1772409600,1772496000,2026-03-02T00:00:00+00:00,2026-03-03T00:00:00+00:00,0.003,usd,,,"gpt-4o-2024-11-20, output",,,proj_a,org,A,Acme,,
1772409600,1772496000,2026-03-02T00:00:00+00:00,2026-03-03T00:00:00+00:00,0.00025,usd,,,"gpt-4o-2024-11-20, batch output",,,proj_a,org,A,Acme,,
1772409600,1772496000,2026-03-02T00:00:00+00:00,2026-03-03T00:00:00+00:00,0.01,usd,,,web search tool calls | gpt-4o,,,proj_a,org,A,Acme,,
`;

const ANTHROPIC_USAGE = `usage_date_utc,model_version,api_key,workspace,usage_type,context_window,usage_input_tokens_no_cache,usage_input_tokens_cache_write_5m,usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,usage_output_tokens,web_search_count,inference_geo,speed
2026-03-02,claude-sonnet-4-5-20250929,prod,Default,standard,≤ 200k,21,512,100,1801,41,2,not_available,
2026-03-02,claude-sonnet-4-5-20250929,test,Default,standard,≤ 200k,9,0,0,0,4,0,not_available,
2026-03-02,claude-opus-4-6,prod,Default,batch,≤ 200k,1000,0,0,0,100,0,global,fast
`;

const ANTHROPIC_COST = `usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,list_price_usd,cost_type,inference_geo,speed
2026-03-02,Claude Sonnet 4.5,Default,prod,message,≤ 200k,input_no_cache,0.05,0.05,token,not_available,
2026-03-02,Claude Sonnet 4.5,Default,prod,message,≤ 200k,input_cache_write_1h,0.02,0.02,token,not_available,
2026-03-02,Claude Sonnet 4.5,Default,prod,message,,,0.01,0.01,web_search,not_available,
`;

it.each<[string, string, string[], number]>([
  [
    'openai-usage',
    OPENAI_USAGE,
    [
      '2026-03-02 gpt-4o-2024-11-20 standard input 1100 0',
      '2026-03-02 gpt-4o-2024-11-20 standard cache_read 400 0',
      '2026-03-02 gpt-4o-2024-11-20 standard output 300 0',
      '2026-03-02 gpt-4o-2024-11-20 standard requests 5 0',
      '2026-03-02 gpt-4o-2024-11-20 batch input 50 0',
      '2026-03-02 gpt-4o-2024-11-20 batch output 5 0',
      '2026-03-02 gpt-4o-2024-11-20 batch requests 1 0',
    ],
    1,
  ],
  [
    'openai-cost',
    OPENAI_COST,
    [
      '2026-03-02 gpt-4o-2024-11-20 standard input 0 0.00275',
      '2026-03-02 gpt-4o-2024-11-20 standard cache_read 0 0.0005',
      '2026-03-02 gpt-4o-2024-11-20 standard output 0 0.003',
      '2026-03-02 gpt-4o-2024-11-20 batch output 0 0.00025',
      '2026-03-02 gpt-4o standard other 0 0.01',
    ],
    1,
  ],
  [
    'anthropic-usage',
    ANTHROPIC_USAGE,
    [
      '2026-03-02 claude-sonnet-4-5-20250929 standard input 30 0',
      '2026-03-02 claude-sonnet-4-5-20250929 standard cache_read 1801 0',
      '2026-03-02 claude-sonnet-4-5-20250929 standard cache_write 512 0',
      '2026-03-02 claude-sonnet-4-5-20250929 standard cache_write_1h 100 0',
      '2026-03-02 claude-sonnet-4-5-20250929 standard output 45 0',
      '2026-03-02 claude-sonnet-4-5-20250929 standard searches 2 0',
      '2026-03-02 claude-opus-4-6 fast input 1000 0',
      '2026-03-02 claude-opus-4-6 fast output 100 0',
    ],
    0,
  ],
  [
    'anthropic-cost',
    ANTHROPIC_COST,
    [
      '2026-03-02 Claude Sonnet 4.5 standard input 0 0.05',
      '2026-03-02 Claude Sonnet 4.5 standard cache_write_1h 0 0.02',
      '2026-03-02 Claude Sonnet 4.5 standard other 0 0.01',
    ],
    0,
  ],
])('reads the export %s by its columns', (name, text, lines, emptyRows) => {
  const read = readInvoice(text);
  expect(read.format.name).toBe(name);
  expect(linesOf(read)).toEqual(lines);
  expect(read.emptyRows).toBe(emptyRows);
});

it('reads any CSV with a mapping', () => {
  const mapping = readMapping(
    '{"provider":"mistral","day":"Date","model":"SKU","class":"Kind","classes":{"in":"input","out":"output"},"cost":"Price","currency":"Cur"}'
  );
  const text = 'Date;SKU\n';
  expect(() => readInvoice(text, mapping)).toThrow('the file has no column price, cur, kind');
  const read = readInvoice(
    'Date,SKU,Kind,Price,Cur\n2026-03-02,mistral-large,in,$1.5,USD\n2026-03-02,mistral-large,out,2,usd\n',
    mapping
  );
  expect(linesOf(read)).toEqual([
    '2026-03-02 mistral-large standard input 0 1.5',
    '2026-03-02 mistral-large standard output 0 2',
  ]);
});

it.each([
  ['{', 'the mapping is not JSON'],
  ['[]', 'the mapping must be a JSON object'],
  ['{"day":"d"}', 'the mapping must name the columns `day` and `model`'],
  ['{"day":"d","model":"m"}', 'the mapping must name either a column `cost` or columns of `quantities`'],
  ['{"day":"d","model":"m","quantities":{"tokens":"t"}}', '`quantities` of the mapping: use input, cache_read'],
])('refuses the mapping %s', (text, message) => {
  expect(() => readMapping(text)).toThrow(message);
});

it('tells every fault by its row, without what the row holds, and imports nothing', () => {
  const text = ANTHROPIC_USAGE.replace(',9,0,0,0,4,0,', ',9.5,0,0,0,4,0,').replace(
    '2026-03-02,claude-opus',
    'soon,claude-opus'
  );
  expect(() => readInvoice(text)).toThrow(
    'the file was not imported\n  row 3: a quantity is not a whole number in digits (spreadsheets write 1.2E+06 and lose the rest)\n  row 4: the day is not a date (YYYY-MM-DD) that exists, a time or Unix seconds'
  );
});

it.each([
  ['an unknown header', 'a,b\n1,2\n', 'the columns are those of no known export'],
  ['nothing', '', 'the columns are those of no known export'],
  ['16-bit characters', 'a\0,\0b\0', 'the file is not text in UTF-8'],
  ['a short row', `${ANTHROPIC_COST}2026-03-02,x\n`, 'the file is not CSV (CSV_RECORD_INCONSISTENT_COLUMNS, line 5)'],
  ['a column twice', 'usage_date_utc,model,cost_usd,Model\n2026-03-02,x,1,y\n', 'the file has two columns model'],
  ['an amount beyond reason', OPENAI_COST.replace('0.0005,usd', '1e30,usd'), 'row 4: the amount is too large'],
  ['quantities without a model', ANTHROPIC_USAGE.replace('claude-opus-4-6', ''), 'row 4: quantities without a model'],
  [
    'a fault after empty lines',
    ANTHROPIC_USAGE.replace(/\n(?=.*opus)/, '\n\n\n').replace('1000,0,0,0,100', '1000,0,0,0,x'),
    'row 6: a quantity',
  ],
  [
    'a broken quote',
    'usage_date_utc,model,cost_usd\n"2026,x,1\n',
    'the file is not CSV (CSV_QUOTE_NOT_CLOSED, line 2)',
  ],
  ['another currency', OPENAI_COST.replace('0.0005,usd', '0.0005,eur'), 'row 4: the amount is not in US dollars'],
  ['no amount', OPENAI_COST.replace('0.0005,usd', 'much,usd'), 'row 4: the amount is not a decimal number'],
  [
    'more cached than input',
    OPENAI_USAGE.replace('1000,200,400', '100,200,400'),
    'row 2: more cached tokens than input tokens',
  ],
])('refuses a file with %s', (_name, text, message) => {
  expect(() => readInvoice(text)).toThrow(message);
});

it('never throws anything but an error with a message, whatever the file', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((rest) => ANTHROPIC_COST + rest)
      ),
      (text) => {
        try {
          readInvoice(text);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }
    )
  );
});

const usage = (day: string, input: string): string =>
  `usage_date_utc,model_version,usage_input_tokens_no_cache\n${day},claude-opus-4-6,${input}\n`;

it.each(['1,5', '1.5', '1.2E+06', '0x10', '-5', '1,23,456', '9007199254740993'])('takes %s for no quantity', (text) => {
  expect(() => readInvoice(usage('2026-03-02', `"${text}"`))).toThrow('row 2: a quantity is not a whole number');
});

it.each([
  ['1,234,567', 1_234_567],
  ['1234567.00', 1_234_567],
])('takes %s for a quantity', (text, quantity) => {
  expect(readInvoice(usage('2026-03-02', `"${text}"`)).lines.map((line) => line.quantity)).toEqual([quantity]);
});

it.each(['2026-02-30', '2026-13-01', '2026-02-30T10:00:00Z', '2026-03-02T25:00', '02.03.2026', '3/2/2026'])(
  'takes %s for no day',
  (day) => {
    expect(() => readInvoice(usage(day, '1'))).toThrow('row 2: the day is not a date');
  }
);

it.each([
  ['2026-03-02T00:30:00+05:00', '2026-03-01'],
  ['2026-03-02T23:30-0100', '2026-03-03'],
  ['2026-03-02 10:00:00.5', '2026-03-02'],
  ['1772409600', '2026-03-02'],
])('takes %s for the UTC day %s', (time, day) => {
  expect(readInvoice(usage(time, '1')).lines.map((line) => line.day)).toEqual([day]);
});

it.each([
  ['"$1,234.56"', '1234.56'],
  ['-$1.50', '-1.5'],
  ['-$1234567.5', '-1234567.5'],
  ['2.0e-05', '0.00002'],
])('takes %s for an amount', (text, amount) => {
  const { lines } = readInvoice(OPENAI_COST.replace('0.0005,usd', `${text},usd`));
  expect(lines.map(({ costPico }) => formatPico(costPico))).toContain(amount);
});

it.each([';', '\t'])('reads columns divided by %j', (delimiter) => {
  const divided = (text: string): string => text.replaceAll(',', delimiter);
  expect(linesOf(readInvoice(divided(ANTHROPIC_USAGE)))).toEqual(linesOf(readInvoice(ANTHROPIC_USAGE)));
});

it('refuses a mapping whose columns of class, currency or tier the file lacks', () => {
  const mapping = readMapping('{"day":"d","model":"m","cost":"c","currency":"cur","class":"k","tiers":["t"]}');
  expect(() => readInvoice('d,m,c\n2026-03-02,x,1\n', mapping)).toThrow('the file has no column t, cur, k');
});
