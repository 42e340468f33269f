/**
 * Takes the newest release of the price data and prints what changes for which models, and from when, as Markdown.
 * `npm run prices:update` installs it; with `--dry-run` nothing is kept. Ends with 0, also when there is nothing new.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PACKAGE = '@pydantic/genai-prices';
const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const INSTALLED = join(ROOT, 'node_modules', PACKAGE);
const VERSION_FILE = join(ROOT, 'collector/src/price/load-price-data.ts');
const MAX_LINES = 500;

const npm = (args, cwd = ROOT) =>
  execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
const say = (line) => process.stdout.write(`${line}\n`);
const versionOf = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;

const { createPriceBook } = await import('../dist/price/price-book.js');
const { priceRows } = await import('../dist/price/price-rows.js');

/** Price and what it is the price of, by a text that stays the same when only the price changes. */
async function rowsOf(folder) {
  const { waitForUpdate } = await import(pathToFileURL(join(folder, 'dist/index.js')).href);
  const book = createPriceBook({ source: '', providers: (await waitForUpdate()) ?? [] });
  return new Map(
    priceRows(book).map((row) => [
      `${row.provider}/${row.model} ${row.unit}${row.tier_start_tokens > 0 ? ` over ${row.tier_start_tokens}` : ''} from ${row.valid_from || 'the beginning'}${/~.*/.exec(row.price_id)?.[0] ?? ''}`,
      row.usd_per_million,
    ])
  );
}

const isDryRun = process.argv.includes('--dry-run');
const before = versionOf(INSTALLED);
const newest = npm(['view', PACKAGE, 'version', '--silent']).trim();
if (newest === before) {
  say(`${PACKAGE} ${before} is the newest release.`);
  process.exit(0);
}

const scratch = mkdtempSync(join(tmpdir(), 'spanledger-prices-'));
try {
  cpSync(INSTALLED, join(scratch, 'before'), { recursive: true });
  writeFileSync(join(scratch, 'package.json'), '{"private":true}');
  npm(['install', '--no-save', '--ignore-scripts', '--silent', `${PACKAGE}@${newest}`], scratch);
  const [old, now] = [await rowsOf(join(scratch, 'before')), await rowsOf(join(scratch, 'node_modules', PACKAGE))];
  const changes = [];
  for (const [what, price] of now) {
    const was = old.get(what);
    if (was === undefined) changes.push(`| ${what} | new | ${price} |`);
    else if (was !== price) changes.push(`| ${what} | ${was} | ${price} |`);
  }
  for (const [what, was] of old) if (!now.has(what)) changes.push(`| ${what} | ${was} | gone |`);
  say(`# ${PACKAGE} ${before} → ${newest}: ${changes.length} prices differ\n`);
  say('| price (US dollars per million) | was | is |\n| --- | --- | --- |');
  for (const line of changes.sort().slice(0, MAX_LINES)) say(line);
  if (changes.length > MAX_LINES) say(`\n… and ${changes.length - MAX_LINES} more.`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
if (!isDryRun) {
  npm(['install', '--save', '--ignore-scripts', '--workspace', 'collector', `${PACKAGE}@^${newest}`]);
  const source = readFileSync(VERSION_FILE, 'utf8');
  writeFileSync(VERSION_FILE, source.replace(/const VERSION = '[^']*'/, `const VERSION = '${newest}'`));
  say('\nInstalled. Run the golden tests (`npx jest collector/src/price`) and review what changed before you commit.');
}
