import type { ContentFragment, ContentKind } from '../span.ts';

/** What stands in place of a text that must not be stored: `guard-error`, `guard-budget` or the rule that drops. */
export function withheldMarker(rule: string): string {
  return `[WITHHELD:${rule}]`;
}

function markerBody(kind: ContentKind, marker: string): string {
  const part = { type: 'text', content: marker };
  switch (kind) {
    case 'input_messages':
      return JSON.stringify([{ role: 'user', parts: [part] }]);
    case 'output_messages':
      return JSON.stringify([{ role: 'assistant', parts: [part] }]);
    case 'system_instructions':
      return JSON.stringify([part]);
    case 'tool_definitions':
      return JSON.stringify([{ type: 'function', name: marker }]);
  }
}

/** Content without its text: of each kind one fragment remains, which says why there is nothing. */
export function withholdFragments<T extends ContentFragment>(fragments: readonly T[], rule: string): readonly T[] {
  const seen = new Set<ContentKind>();
  const kept: T[] = [];
  for (const fragment of fragments) {
    if (seen.has(fragment.kind)) continue;
    seen.add(fragment.kind);
    kept.push({ ...fragment, body: markerBody(fragment.kind, withheldMarker(rule)) });
  }
  return kept;
}
