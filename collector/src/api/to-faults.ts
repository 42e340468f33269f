import type { FastifySchemaValidationError } from 'fastify';
import type { Fault } from './problem.ts';

/** More are not read by anybody. */
const MAX_FAULTS = 50;
const MAX_FIELD_CHARS = 200;

/** The faults ajv found, as a caller reads them. Repeats nothing of what was sent but the names of fields. */
export function toFaults(errors: readonly FastifySchemaValidationError[]): Fault[] {
  const faults = errors.slice(0, MAX_FAULTS).map((error) => ({ field: fieldOf(error), message: messageOf(error) }));
  const more = errors.length - faults.length;
  return more > 0 ? [...faults, { field: '', message: `${more} more faults are not listed` }] : faults;
}

function fieldOf({ instancePath, params }: FastifySchemaValidationError): string {
  const child = params['missingProperty'] ?? params['additionalProperty'];
  const path = instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  return [...path, ...(typeof child === 'string' ? [child] : [])].join('.').slice(0, MAX_FIELD_CHARS);
}

function messageOf({ keyword, params, message, ...error }: FastifySchemaValidationError): string {
  if (keyword === 'required') return 'is missing';
  if (keyword === 'additionalProperties') return 'is not known';
  if (keyword === 'enum' && Array.isArray(params['allowedValues']))
    return `must be one of ${params['allowedValues'].join(', ')}`;
  const { parentSchema } = error as { parentSchema?: { description?: string } };
  if (keyword === 'pattern' && parentSchema?.description !== undefined)
    return `must be written as described: ${parentSchema.description}`;
  return message ?? 'is not valid';
}
