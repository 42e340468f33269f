import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PriceOverride } from '../price/price-override.ts';
import { readOverride, type OverrideDraft } from '../price/read-override.ts';
import { keepOverrides, type KeptOverrides } from './keep-overrides.ts';
import { createOverrideCache } from './override-cache.ts';
import type { OverrideTable } from './override-table.ts';
import { PriceFileError, readPriceFile } from './read-price-file.ts';

const NOW = Date.parse('2026-03-01T10:15:00Z');

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spanledger-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** A table in memory that several collectors may share. */
function memoryTable(): OverrideTable & { down: boolean; readonly rows: Map<string, PriceOverride> } {
  const rows = new Map<string, PriceOverride>();
  let writes = 0;
  const table = {
    down: false,
    rows,
    stamp: () => answer(() => String(writes)),
    read: () => answer(() => [...rows.values()]),
    write: (set: readonly PriceOverride[], withdrawn: readonly PriceOverride[], nowMs: number) =>
      answer(() => {
        writes += 1;
        const key = ({ workspace, id, version }: PriceOverride): string => `${workspace} ${id} ${version}`;
        for (const each of withdrawn) rows.delete(key(each));
        for (const each of set) rows.set(key(each), { ...each, updatedAtMs: nowMs });
      }),
  };
  const answer = <T>(of: () => T): Promise<T> =>
    table.down ? Promise.reject(new Error('connection refused')) : Promise.resolve().then(of);
  return table;
}

async function keep(
  table: OverrideTable,
  { file, name = 'cache.json', now = NOW }: { file?: string; name?: string; now?: number } = {}
): Promise<KeptOverrides & { readonly failures: string[] }> {
  const failures: string[] = [];
  const kept = await keepOverrides({
    table,
    cache: createOverrideCache(join(directory, name)),
    readFile: file === undefined ? undefined : () => readPriceFile(file),
    now: () => now,
    onFailure: (what) => failures.push(what),
  });
  return { ...kept, failures };
}

function draft(id: string, input: string): OverrideDraft {
  const read = readOverride(id, { model: 'acme', price: { input, output: '0' } });
  if (!read.ok) throw new Error('the draft is wrong');
  return read.draft;
}

const facts = {
  workspace: 'shop',
  provider: '',
  requestModel: 'acme',
  responseModel: '',
  region: '',
  serviceTier: '',
  timestampNs: BigInt(NOW) * 1_000_000n,
};
const inForce = (kept: KeptOverrides): string | undefined =>
  kept.find(facts, () => undefined)?.override.amounts['input'];

describe('prices set through the API', () => {
  it('are looked for again and again while the store is down, which is told once each time that it goes', async () => {
    const table = memoryTable();
    const kept = await keep(table);
    await kept.refresh();
    jest.useFakeTimers();
    try {
      kept.start();
      const told: number[] = [];
      for (const isDown of [true, false, true]) {
        table.down = isDown;
        await jest.advanceTimersByTimeAsync(60_000);
        told.push(kept.failures.length);
      }
      expect(told).toEqual([1, 1, 2]);
      await kept.stop();
    } finally {
      jest.useRealTimers();
    }
  });

  it('are in force at once here, after a refresh elsewhere, and only in their workspace', async () => {
    const table = memoryTable();
    const [here, there] = [await keep(table), await keep(table, { name: 'other.json' })];
    expect(await here.set('shop', draft('a', '1'), 'ada')).toMatchObject({
      version: '20260301T101500000',
      workspace: 'shop',
      updatedBy: 'ada',
    });
    expect([inForce(here), inForce(there)]).toEqual(['1', undefined]);
    await there.refresh();
    expect(inForce(there)).toBe('1');
    expect([there.list('shop').length, there.list('other').length]).toEqual([1, 0]);
  });

  it('replace the version before, also by a clock that is behind', async () => {
    const table = memoryTable();
    await (await keep(table)).set('shop', draft('a', '1'), 'ada');
    const behind = await keep(table, { now: NOW - 60_000 });
    await behind.set('shop', draft('a', '2'), 'ada');
    expect(inForce(behind)).toBe('2');
    expect([...table.rows.values()].map(({ amounts, updatedAtMs }) => [amounts['input'], updatedAtMs])).toEqual([
      ['2', NOW + 1],
    ]);
    expect(await behind.withdraw('shop', 'a')).toBeUndefined();
    expect([inForce(behind), await behind.withdraw('shop', 'a')]).toEqual([undefined, 'unknown']);
  });

  it('change one after another, so that two changes at once leave one version', async () => {
    const table = memoryTable();
    const kept = await keep(table);
    await Promise.all(['1', '2', '3'].map((input) => kept.set('shop', draft('a', input), 'ada')));
    expect([table.rows.size, inForce(kept)]).toEqual([1, '3']);
  });

  it('set by two collectors at the same time: the later one holds, and withdrawn none comes back', async () => {
    const table = memoryTable();
    const [here, there] = [await keep(table), await keep(table, { name: 'other.json', now: NOW + 1 })];
    await Promise.all([here.set('shop', draft('a', '1'), 'ada'), there.set('shop', draft('a', '2'), 'bob')]);
    await here.refresh();
    expect([table.rows.size, inForce(here), inForce(there)]).toEqual([2, '2', '2']);
    expect(here.list('shop').map(({ updatedBy }) => updatedBy)).toEqual(['bob']);
    expect(await here.withdraw('shop', 'a')).toBeUndefined();
    expect([table.rows.size, inForce(here)]).toEqual([0, undefined]);
  });

  it('change only from the version that was named', async () => {
    const table = memoryTable();
    const kept = await keep(table);
    const set = (input: string, version: string) => kept.set('shop', draft('a', input), 'ada', version);
    expect(await set('1', '20260101T000000000')).toBe('changed');
    const [first, second] = await Promise.all([set('1', ''), set('2', '')]);
    expect([first, second]).toEqual([expect.objectContaining({ version: '20260301T101500000' }), 'changed']);
    expect(await kept.withdraw('shop', 'a', 'another')).toBe('changed');
    expect(inForce(kept)).toBe('1');
    expect(await set('3', '20260301T101500000')).toMatchObject({ version: '20260301T101500001' });
    expect(await kept.withdraw('shop', 'a', '20260301T101500001')).toBeUndefined();
  });

  it('outlive a start without the store, and are refused while it is down', async () => {
    const table = memoryTable();
    await (await keep(table)).set('shop', draft('a', '1'), 'ada');
    table.down = true;
    const restarted = await keep(table);
    expect(inForce(restarted)).toBe('1');
    await expect(restarted.refresh()).rejects.toThrow('connection refused');
    await expect(restarted.set('shop', draft('a', '2'), 'ada')).rejects.toThrow('connection refused');
    expect(inForce(restarted)).toBe('1');
  });
});

describe('prices of a file', () => {
  const write = async (text: string): Promise<string> => {
    const path = join(directory, 'prices.yaml');
    await writeFile(path, text);
    return path;
  };
  const item = (input: number): string =>
    `overrides:\n  - id: a\n    workspace: shop\n    model: acme\n    price: { input: ${input}, output: 0 }\n`;

  it('of all workspaces are not withdrawn by one, which may set its own', async () => {
    const path = await write(item(1).replace('    workspace: shop\n', ''));
    const kept = await keep(memoryTable(), { file: path });
    expect([await kept.withdraw('shop', 'a'), await kept.withdraw('shop', 'b')]).toEqual(['provisioned', 'unknown']);
    await kept.set('shop', draft('a', '2'), 'ada');
    expect(await kept.withdraw('shop', 'a')).toBeUndefined();
  });

  it('go before the API, stand in the table for others, follow the file, and go with it', async () => {
    const table = memoryTable();
    const other = await keep(table, { name: 'other.json' });
    await other.set('shop', draft('a', '9'), 'ada');
    const path = await write(item(1));
    const kept = await keep(table, { file: path });
    expect(inForce(kept)).toBe('1');
    await kept.refresh();
    expect([await kept.set('shop', draft('a', '2'), 'ada'), await kept.withdraw('shop', 'a')]).toEqual([
      'provisioned',
      'provisioned',
    ]);
    await write(item(0.25));
    await kept.refresh();
    expect(inForce(kept)).toBe('0.25');
    const fromFile = (): string[] =>
      [...table.rows.values()].filter(({ source }) => source === 'file').map(({ amounts }) => amounts['input']!);
    expect(fromFile()).toEqual(['0.25']);
    const size = table.rows.size;
    await kept.refresh();
    expect(table.rows.size).toBe(size);
    await write('overrides: []\n');
    await kept.refresh();
    expect([fromFile(), inForce(kept)]).toEqual([[], '9']);
  });

  it('stay as they were when the file is broken later; at start it is a fault', async () => {
    const path = await write(item(1));
    const kept = await keep(memoryTable(), { file: path });
    await write('overrides: [');
    await kept.refresh();
    expect([inForce(kept), kept.failures.length]).toEqual(['1', 1]);
    await expect(keep(memoryTable(), { file: path })).rejects.toThrow(`${path}: is not YAML`);
    await expect(keep(memoryTable(), { file: join(directory, 'none') })).rejects.toThrow('cannot be read (ENOENT)');
  });

  it('are refused with every fault and where it stands', async () => {
    const path = await write(
      'overrides:\n  - id: a\n    percent_off: 200\n  - 5\n  - id: b\n    percent_off: 1\n  - id: b\n    percent_off: 2\n'
    );
    const fault = await readPriceFile(path).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(PriceFileError);
    expect((fault as PriceFileError).faults).toEqual([
      'overrides[0] (a): percent_off must be more than 0 and at most 100',
      'overrides[1]: must be an object',
      'overrides[3] (b): the id stands there twice',
    ]);
  });

  it('may have prices of long requests and of hours, in words of YAML without quotes', async () => {
    const path = await write(
      [
        'overrides:',
        '  - { id: a, model: m, price: { input: 1, output: 2 }, tiers: [{ above_input_tokens: 200000, price: { input: 2 } }] }',
        '  - id: b',
        '    model: m',
        '    price: { input: 1, output: 2 }',
        '    hours: [{ from: 16:30, to: 00:30, price: { input: 0.5 } }]',
      ].join('\n')
    );
    expect((await readPriceFile(path)).map(({ tiers, hours }) => ({ tiers, hours }))).toEqual([
      { tiers: [{ aboveInputTokens: 200_000, amounts: { input: '2' } }] },
      { hours: [{ from: '16:30', to: '00:30', amounts: { input: '0.5' } }] },
    ]);
  });

  it.each([
    ['overrides:\n  - id: a\n   model: m\n', 'is not YAML (line 3)'],
    ['overrides: []\nprices: []\n', 'prices is not known; prices stand under overrides'],
    ['- id: a\n', 'must hold a list under the name overrides'],
    ['', 'must hold a list under the name overrides'],
    [`overrides: [] # ${'x'.repeat(1 << 20)}`, 'is larger than 1048576 bytes'],
  ])('a file like %.30j is refused: %s', async (text, fault) => {
    const path = await write(text);
    await expect(readPriceFile(path)).rejects.toThrow(`${path}: ${fault}`);
  });
});
