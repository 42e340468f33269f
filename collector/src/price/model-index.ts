import type { MatchLogic, ModelInfo } from '@pydantic/genai-prices';
import { MODEL_ALIASES } from './model-aliases.ts';

/** The models of one provider, found by a normalised id. `undefined` = not listed, or two entries claim the id. */
export type ModelIndex = (id: string) => ModelInfo | undefined;

const MONTH_DAY = String.raw`(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12]\d|3[01])`;
/** `-2024-07-18`, `-20240229`, `@20240620`, `@default`: a dated snapshot of the same model. */
const DATED = new RegExp(`(?:[-@]20\\d{2}-?${MONTH_DAY}|@(?:default|latest))$`);
/** Bedrock's version (`-v1:0`, with a context length `:200k`) and Google's (`-001`); a higher Bedrock version is another model. */
const VERSIONED: Readonly<Record<string, RegExp>> = { aws: /-v1(?::\d+k?){0,2}$/, google: /-00\d$/ };

/** What may follow the start of a family: dates, revision numbers and stages, nothing that names another model (`-mini`, `-turbo`, `-tts`). */
const FAMILY_REST = String.raw`(?:[-@]20\d{2}-?${MONTH_DAY}|-${MONTH_DAY}|-\d{2}-20\d{2}|-\d{3,4}|@(?:default|latest)|-(?:preview|exp|latest|stable))`;
/** At most this many of them: also keeps matching linear on hostile ids. */
const MAX_RESTS = 4;
const REST = new RegExp(`^${FAMILY_REST}{0,${MAX_RESTS}}$`);
const AWS_REST = new RegExp(`^${FAMILY_REST}{0,${MAX_RESTS}}(?:-v1)?(?::\\d+k?){0,2}$`);
/** Fine-tuned OpenAI models: `ft:gpt-4o-2024-08-06:organisation:name:id`. */
const FINE_TUNED_REST = new RegExp(`^${FAMILY_REST}{0,${MAX_RESTS}}(?::.*)?$`);
/** The end of a family start that already reaches into the date or version after the model's name: `claude-sonnet-4-2025`, `ft:gpt-4-0`. */
const PARTIAL_END = /(?:[-@]20\d{2}-?|-0|[-@])$/;

interface Family {
  readonly start: string;
  readonly model: ModelInfo;
}

/**
 * Indexes the models of a provider. Tried in this order: the exact id (entry ids, the data's `equals` rules, our aliases), the data's families,
 * a dated or versioned snapshot of an exact id, then with `-latest` removed or added.
 *
 * The data's rules are looser than a bill allows, so they are read strictly: `starts_with`, `contains` and `ends_with` count as the start of
 * an id that may be followed by a date, revision or stage only (`contains` prices `gemini-1.5-flash-8b` as `gemini-1.5-flash`), and
 * regular expressions count only when they are anchored at both ends. The exact ids of `reviewed` go before all that.
 */
export function createModelIndex(
  provider: string,
  models: readonly ModelInfo[],
  reviewed: readonly ModelInfo[] = []
): ModelIndex {
  const exact = new Map<string, ModelInfo | undefined>();
  const families: Family[] = [];
  const patterns: { readonly pattern: RegExp; readonly model: ModelInfo }[] = [];
  const claim = (id: string, model: ModelInfo): void => {
    exact.set(id, exact.has(id) && exact.get(id) !== model ? undefined : model);
  };
  for (const model of models) {
    collect(model.match, {
      equals: (id) => claim(id, model),
      start: (start) => families.push({ start, model }),
      pattern: (pattern) => patterns.push({ pattern, model }),
    });
  }
  for (const model of reviewed)
    collect(model.match, {
      equals: (id) => exact.set(id, model),
      start: (start) => families.push({ start, model }),
      pattern: noop,
    });
  for (const model of models) {
    const id = model.id.toLowerCase().replace(/^regional\./, '');
    if (!exact.has(id)) exact.set(id, model);
  }
  for (const [alias, id] of MODEL_ALIASES.get(provider) ?? []) {
    if (!exact.has(alias)) exact.set(alias, exact.get(id));
  }
  families.sort((a, b) => b.start.length - a.start.length);

  const listed = (id: string): ModelInfo | undefined =>
    exact.has(id)
      ? exact.get(id)
      : (familyOf(id, families, provider) ?? patterns.find(({ pattern }) => pattern.test(id))?.model);

  return (id) => {
    const found = listed(id);
    if (found !== undefined || exact.has(id)) return found;
    const version = VERSIONED[provider];
    const unversioned = version === undefined ? id : id.replace(version, '');
    const undated = unversioned.replace(DATED, '');
    const snapshotOf = exact.get(unversioned) ?? exact.get(undated);
    if (snapshotOf !== undefined) return snapshotOf;
    return id.endsWith('-latest') ? listed(id.slice(0, -'-latest'.length)) : exact.get(`${id}-latest`);
  };
}

function familyOf(id: string, families: readonly Family[], provider: string): ModelInfo | undefined {
  let found: Family | undefined;
  for (const family of families) {
    if (found !== undefined && family.start.length < found.start.length) break;
    if (!id.startsWith(family.start) || !continues(id, family.start, provider)) continue;
    if (found !== undefined && found.model !== family.model) return undefined;
    found = family;
  }
  return found?.model;
}

function continues(id: string, start: string, provider: string): boolean {
  // Azure's names of fine-tuned models end in `.ft-<id>`.
  if (start.endsWith('.ft-')) return true;
  const rest = start.startsWith('ft:') ? FINE_TUNED_REST : provider === 'aws' ? AWS_REST : REST;
  return rest.test(id.slice(start.length)) || rest.test(id.slice(start.replace(PARTIAL_END, '').length));
}

function noop(): void {
  // Reviewed models are found by ids and their starts alone.
}

interface RuleSink {
  readonly equals: (id: string) => void;
  readonly start: (start: string) => void;
  readonly pattern: (pattern: RegExp) => void;
}

function collect(rule: MatchLogic, sink: RuleSink): void {
  if ('or' in rule) for (const part of rule.or) collect(part, sink);
  // In the data an `and` narrows a start by a pattern that excludes other models, which the strict reading of starts does anyway.
  else if ('and' in rule) for (const part of rule.and) collect(part, sink);
  else if ('equals' in rule) sink.equals(rule.equals.toLowerCase());
  else if ('starts_with' in rule) sink.start(rule.starts_with.toLowerCase());
  else if ('contains' in rule) sink.start(rule.contains.toLowerCase());
  else if ('ends_with' in rule) sink.start(rule.ends_with.toLowerCase());
  else if (/^\^(?!\(\?!).*\$$/.test(rule.regex)) sink.pattern(new RegExp(rule.regex));
}
