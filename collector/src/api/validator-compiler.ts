import { Ajv, type Options, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { FastifySchema, FastifySchemaCompiler } from 'fastify';

/** `verbose` gives the schema to the message of a fault; the value is never shown. */
const OPTIONS: Options = { allErrors: true, verbose: true, useDefaults: true, strict: false };

function createAjv(options: Options): Ajv {
  const ajv = new Ajv({ ...OPTIONS, ...options });
  formats.default(ajv);
  return ajv;
}

/**
 * Compiles the schemas of the routes. A body is taken as it is: a number in quotes is a fault. What stands in the URL is text and
 * becomes what its schema says. Every fault is found, not the first.
 */
export function createValidatorCompiler(): FastifySchemaCompiler<FastifySchema> {
  const body = createAjv({});
  const url = createAjv({ coerceTypes: 'array' });
  return ({ schema, httpPart }): ValidateFunction => (httpPart === 'body' ? body : url).compile(schema);
}
