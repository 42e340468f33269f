import { parseDocument } from 'yaml';

/** The file's settings as text by key, and what is wrong with the file. Faults never quote the file: it holds passwords. */
export interface ConfigFile {
  readonly settings: ReadonlyMap<string, string>;
  readonly faults: readonly string[];
}

function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(',');
  return undefined;
}

/** Reads a flat YAML mapping; lists of text become a text with commas. Never throws. */
export function readConfigFile(path: string, text: string): ConfigFile {
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    const lines = document.errors.map((error) => error.linePos?.[0].line ?? 1);
    return { settings: new Map(), faults: [`${path}: no valid YAML at line ${[...new Set(lines)].join(', ')}`] };
  }
  const content: unknown = document.toJS({ maxAliasCount: 0, mapAsMap: true });
  if (content === null || content === undefined) return { settings: new Map(), faults: [] };
  if (!(content instanceof Map)) return { settings: new Map(), faults: [`${path}: must hold keys and values`] };
  const settings = new Map<string, string>();
  const faults: string[] = [];
  for (const [key, value] of content as Map<unknown, unknown>) {
    if (value === null) continue;
    const setting = toText(value);
    if (setting === undefined)
      faults.push(`${path}: ${String(key)} must be a text, a number, true, false or a list of texts`);
    else settings.set(String(key), setting);
  }
  return { settings, faults };
}
