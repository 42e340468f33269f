/** Validates the OpenAPI document on standard input. The validator is an ES module, which the test runner cannot load. */
import { text } from 'node:stream/consumers';
import { Validator } from '@seriousme/openapi-schema-validator';

const result = await new Validator().validate(JSON.parse(await text(process.stdin)));
process.stdout.write(JSON.stringify(result));
