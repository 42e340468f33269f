import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { YAMLParseError, parse } from 'yaml';
import type { PriceOverride } from '../price/price-override.ts';
import { readOverride } from '../price/read-override.ts';

const MAX_BYTES = 1 << 20;
const MAX_WORKSPACE_CHARS = 256;
const VERSION_DIGITS = 12;

/** All that is wrong with the file, one line each. */
export class PriceFileError extends Error {
  override readonly name = 'PriceFileError';
  readonly faults: readonly string[];

  constructor(path: string, faults: readonly string[]) {
    super(`${path}: ${faults.join('; ')}`);
    this.faults = faults;
  }
}

/**
 * Reads the file of SPANLEDGER_PRICES: YAML (or JSON), `overrides:` with a list of prices as `PUT /api/v1/prices/overrides/{id}` takes
 * them, each with `id` and, unless it holds everywhere, `workspace`. The version of each is a hash of what it says, so that every
 * collector that reads the same file agrees. Throws PriceFileError with every fault.
 */
export async function readPriceFile(path: string): Promise<readonly PriceOverride[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new PriceFileError(path, [`cannot be read (${(error as { code?: string }).code ?? 'unknown error'})`]);
  });
  if (text.length > MAX_BYTES) throw new PriceFileError(path, [`is larger than ${MAX_BYTES} bytes`]);
  let content: unknown;
  try {
    content = parse(text);
  } catch (error) {
    const line = error instanceof YAMLParseError ? error.linePos?.[0].line : undefined;
    throw new PriceFileError(path, [`is not YAML${line === undefined ? '' : ` (line ${line})`}`]);
  }
  const list = (content as { overrides?: unknown } | null)?.overrides;
  if (!Array.isArray(list)) throw new PriceFileError(path, ['must hold a list under the name overrides']);
  const faults = Object.keys(content as object)
    .filter((name) => name !== 'overrides')
    .map((name) => `${name.slice(0, 64)} is not known; prices stand under overrides`);
  const overrides = new Map<string, PriceOverride>();
  for (const [at, item] of (list as unknown[]).entries()) {
    const { id, workspace = '' } = (item ?? {}) as { id?: unknown; workspace?: unknown };
    const where = `overrides[${at}]${typeof id === 'string' ? ` (${id.slice(0, 64)})` : ''}`;
    const read = readOverride(id, item);
    if (!read.ok) {
      faults.push(...read.errors.map(({ field, message }) => `${where}: ${field === '' ? '' : `${field} `}${message}`));
      continue;
    }
    if (typeof workspace !== 'string' || workspace.length > MAX_WORKSPACE_CHARS) {
      faults.push(`${where}: workspace must be a text of at most ${MAX_WORKSPACE_CHARS} characters`);
      continue;
    }
    const key = `${workspace}\n${read.draft.id}`;
    if (overrides.has(key)) faults.push(`${where}: the id stands there twice`);
    const version = createHash('sha256').update(JSON.stringify(read.draft)).digest('hex').slice(0, VERSION_DIGITS);
    const kept = { version, source: 'file' as const, workspace, updatedBy: 'file', updatedAtMs: 0 };
    overrides.set(key, { ...read.draft, ...kept });
  }
  if (faults.length > 0) throw new PriceFileError(path, faults);
  return [...overrides.values()];
}
