import type { Dialect } from '../dialect.ts';
import { toOperation } from '../operation.ts';
import { readString } from '../read-attribute.ts';

/**
 * AutoGen (scope `autogen-core`): spans of agents and tools in the old conventions, none for the calls to models. The provider
 * is given as `autogen`. Its messaging spans carry no `gen_ai.*` and are not taken.
 */
export const autogen: Dialect = {
  name: 'autogen',
  matches: ({ scope, attributes }) => scope.name.startsWith('autogen') && attributes.has('gen_ai.operation.name'),
  read: ({ attributes }) => ({ operation: toOperation(readString(attributes, 'gen_ai.operation.name') ?? '') }),
};
