import { join } from 'node:path';
import { filesBelow } from './files-below.ts';
import type { RunningCollector } from './run-collector.ts';
import { selectRows } from './select-rows.ts';

/**
 * Where any of the needles stands: in a column of any table (all revisions), in a file of the data directory, in the log, in the
 * metrics. A needle is found as it is, percent-encoded and in base64 at any alignment. `places` = what was searched.
 */
export async function findLeaks(
  collector: RunningCollector,
  needles: ReadonlyMap<string, string>
): Promise<{ readonly leaks: readonly string[]; readonly places: readonly string[] }> {
  const forms = [...needles].map(([name, needle]) => {
    const base64 = [0, 1, 2].map((shift) =>
      Buffer.from(' '.repeat(shift) + needle)
        .toString('base64')
        .slice(4, -4)
    );
    const percent = Array.from(needle, (character) => `%${character.charCodeAt(0).toString(16)}`).join('');
    const encoded = encodeURIComponent(needle);
    return { name, forms: [needle, encoded, encodeURIComponent(encoded), percent, ...base64] };
  });
  const places: string[] = [];
  const leaks: string[] = [];
  const search = (place: string, text: string): void => {
    places.push(place);
    for (const { name, forms: each } of forms)
      if (each.some((form) => text.includes(form))) leaks.push(`${place}: ${name}`);
  };

  const store = { client: collector.client } as never;
  const tables = await selectRows<{ table: string }>(
    store,
    "SELECT DISTINCT table FROM system.columns WHERE database = 'genai' AND match(type, 'String|Map|Array')"
  );
  for (const { table } of tables) {
    const rows = await selectRows(store, `SELECT * FROM genai.${table}`);
    for (const row of rows)
      for (const [column, value] of Object.entries(row)) {
        const text = typeof value === 'string' ? value : JSON.stringify(value);
        search(`${table}.${column}`, text);
      }
  }
  const data = join(collector.directory, 'data');
  for await (const [path, content] of filesBelow(data)) search(path.slice(data.length), content);
  search('log', collector.logged());
  search('metrics', await (await fetch(`${collector.urls.http}/metrics`)).text());
  return { leaks: [...new Set(leaks)], places: [...new Set(places)] };
}
