import type { Attributes } from '../otlp.ts';
import { readJsonObject, toScalarText } from './read-attribute.ts';

/** Keys that are read when the configuration names none, in order of preference. */
export const DEFAULT_DEPARTMENT_KEYS: readonly string[] = ['department', 'team', 'cost_center'];

/** Where instrumentations put the free properties that a program sets. */
const PROPERTY_PREFIXES = [
  '',
  'traceloop.association.properties.',
  'langfuse.trace.metadata.',
  'langfuse.observation.metadata.',
  'ai.telemetry.metadata.',
  'langsmith.metadata.',
  'metadata.',
] as const;
/** LiteLLM's own name for the team that owns the key. */
const TEAM_KEYS = ['metadata.user_api_key_team_alias', 'metadata.team_alias'] as const;
const MAX_DEPARTMENT_CHARS = 128;

/** Reads the department of a span: each key also below the prefixes under which SDKs export free properties. Empty when none is set. */
export function createReadDepartment(keys: readonly string[]): (attributes: Attributes) => string {
  const spellings = keys.flatMap((key) => [
    ...PROPERTY_PREFIXES.map((prefix) => `${prefix}${key}`),
    ...(key === 'team' ? TEAM_KEYS : []),
  ]);
  const rankOf = new Map(spellings.map((key, rank) => [key, rank] as const));
  return (attributes) => {
    let best = '';
    let bestRank = rankOf.size;
    for (const key of attributes.keys()) {
      const rank = rankOf.get(key);
      if (rank === undefined || rank >= bestRank) continue;
      const text = toScalarText(attributes.get(key));
      if (text === undefined) continue;
      best = text;
      bestRank = rank;
    }
    if (best === '' && attributes.has('metadata')) best = inMetadata(attributes, keys);
    // Langfuse writes metadata as JSON, so a text has quotes around it.
    const isQuoted = best.length > 2 && best.startsWith('"') && best.endsWith('"');
    return (isQuoted ? best.slice(1, -1) : best).slice(0, MAX_DEPARTMENT_CHARS);
  };
}

/** OpenInference puts all free properties into one attribute, as JSON. */
function inMetadata(attributes: Attributes, keys: readonly string[]): string {
  const metadata = readJsonObject(attributes, 'metadata');
  for (const key of keys) {
    const text = toScalarText(metadata?.[key]);
    if (text !== undefined) return text;
  }
  return '';
}
