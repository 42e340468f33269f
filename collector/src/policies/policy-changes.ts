/** One thing that changed between two policies; JSON, empty = absent. */
export interface PolicyChange {
  /** `rules.NAME`, `custom.NAME`, or a part such as `thresholds`. */
  readonly rule: string;
  readonly before: string;
  readonly after: string;
}

type Data = Readonly<Record<string, unknown>>;

/** JSON with the keys of objects in order, so that what is equal is written equally. */
function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each
  );
}

/** The parts of a policy by name: each rule, each custom rule, each other part. */
function partsOf(data: Data): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  for (const [name, value] of Object.entries(data)) {
    if (name === 'rules') {
      for (const [rule, settings] of Object.entries(value as Data)) parts.set(`rules.${rule}`, toJson(settings));
    } else if (name === 'custom') {
      for (const rule of value as readonly { readonly name: string }[]) parts.set(`custom.${rule.name}`, toJson(rule));
    } else parts.set(name, toJson(value));
  }
  return parts;
}

/** What changed, in order of names. Both must be policies that `policyFromData` takes. */
export function policyChanges(before: Data, after: Data): readonly PolicyChange[] {
  const old = partsOf(before);
  const now = partsOf(after);
  return [...new Set([...old.keys(), ...now.keys()])]
    .sort()
    .map((rule) => ({ rule, before: old.get(rule) ?? '', after: now.get(rule) ?? '' }))
    .filter((change) => change.before !== change.after);
}
