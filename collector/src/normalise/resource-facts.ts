import type { Attributes, OtlpResource } from '../otlp.ts';
import { cutBeforeToken } from './cut-before-token.ts';
import { readString, toText } from './read-attribute.ts';

/** Attributes of a resource kept per span, and the longest value of them. */
const MAX_RESOURCE_ATTRIBUTES = 16;
const MAX_RESOURCE_VALUE_CHARS = 256;
const MAX_NAME_CHARS = 256;

/** What a resource says about all its spans; computed once per resource. */
export interface ResourceFacts {
  readonly serviceName: string;
  readonly serviceVersion: string;
  /** Empty when the resource does not name one. */
  readonly environment: string;
  readonly department: string;
  readonly sdkLanguage: string;
  /** Deployment facts that no column holds (cluster, namespace, region, tenant), keys with the prefix `resource.`. */
  readonly attributes: readonly (readonly [string, string])[];
}

/** Starts of resource attributes that are columns already or differ for each process: kept, they would make every map unique. */
const DROPPED_PREFIXES = [
  'telemetry.',
  'process.',
  'os.',
  'host.',
  'service.',
  'deployment.',
  'container.',
  'k8s.pod.',
  'device.',
  'webengine.',
  'langsmith.metadata.',
  'langfuse.',
  'model_id',
] as const;

/** Reads a resource once and remembers it by identity. `departmentKeys` in order of preference. */
export function createResourceFacts(departmentKeys: readonly string[]): (resource: OtlpResource) => ResourceFacts {
  const known = new WeakMap<OtlpResource, ResourceFacts>();
  return (resource) => {
    let facts = known.get(resource);
    if (facts === undefined) {
      facts = readFacts(resource.attributes, departmentKeys);
      known.set(resource, facts);
    }
    return facts;
  };
}

function readFacts(attributes: Attributes, departmentKeys: readonly string[]): ResourceFacts {
  return {
    serviceName: cutBeforeToken(readString(attributes, 'service.name') ?? '', MAX_NAME_CHARS),
    serviceVersion: cutBeforeToken(readString(attributes, 'service.version') ?? '', MAX_NAME_CHARS),
    environment: cutBeforeToken(
      readString(attributes, 'deployment.environment.name', 'deployment.environment') ?? '',
      MAX_NAME_CHARS
    ),
    department: cutBeforeToken(readString(attributes, ...departmentKeys) ?? '', MAX_NAME_CHARS),
    sdkLanguage: cutBeforeToken(readString(attributes, 'telemetry.sdk.language') ?? '', MAX_NAME_CHARS),
    attributes: rest(attributes, departmentKeys),
  };
}

function rest(attributes: Attributes, departmentKeys: readonly string[]): readonly (readonly [string, string])[] {
  const kept: (readonly [string, string])[] = [];
  for (const [key, value] of attributes) {
    if (kept.length >= MAX_RESOURCE_ATTRIBUTES) break;
    if (departmentKeys.includes(key) || DROPPED_PREFIXES.some((prefix) => key.startsWith(prefix))) continue;
    if (value === null || (typeof value === 'object' && !Array.isArray(value))) continue;
    const text = toText(value);
    if (text !== '' && text.length <= MAX_RESOURCE_VALUE_CHARS)
      kept.push([cutBeforeToken(`resource.${key}`, MAX_NAME_CHARS), text]);
  }
  return kept;
}
