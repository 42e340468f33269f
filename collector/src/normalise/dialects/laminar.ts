import type { Attributes } from '../../otlp.ts';
import { exchangeFragments, toolFragments } from '../content-from-attributes.ts';
import type { Dialect, DialectFields } from '../dialect.ts';
import { readString } from '../read-attribute.ts';

/** `lmnr.span.type` → operation. A cached answer is no call to a model. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['LLM', 'chat'],
  ['TOOL', 'execute_tool'],
  ['EXECUTOR', 'chain'],
  ['EVALUATOR', 'evaluation'],
  ['HUMAN_EVALUATOR', 'evaluation'],
  ['EVALUATION', 'evaluation'],
]);

/**
 * Laminar's SDK (`lmnr.*`): the conventions' names for models and tokens, input and output as JSON in `lmnr.span.input` and
 * `lmnr.span.output`, session and user under `lmnr.association.properties.*`.
 */
export const laminar: Dialect = {
  name: 'laminar',
  matches: ({ attributes }) =>
    attributes.has('lmnr.span.type') || (attributes.has('lmnr.span.path') && attributes.has('lmnr.span.input')),
  read: (span) => {
    const { attributes } = span;
    const operation = operationOf(attributes);
    const input = attributes.get('lmnr.span.input');
    const output = attributes.get('lmnr.span.output');
    return {
      operation,
      toolName: operation === 'execute_tool' ? span.name : undefined,
      conversationId: readString(attributes, 'lmnr.association.properties.session_id', 'session.id'),
      userId: readString(attributes, 'lmnr.association.properties.user_id', 'user.id'),
      fragments:
        input === undefined && output === undefined
          ? undefined
          : operation === 'execute_tool'
            ? toolFragments(span.name, undefined, input, output)
            : exchangeFragments(input, output),
      consumed: CONSUMED,
    } satisfies DialectFields;
  },
};

function operationOf(attributes: Attributes): string | undefined {
  const type = readString(attributes, 'lmnr.span.type') ?? 'DEFAULT';
  if (type === 'LLM' && attributes.has('gen_ai.operation.name')) return undefined;
  return TYPES.get(type) ?? (attributes.has('gen_ai.request.model') && type === 'DEFAULT' ? undefined : 'chain');
}

const CONSUMED: readonly string[] = [
  'lmnr.span.input',
  'lmnr.span.output',
  'lmnr.span.type',
  'lmnr.association.properties.session_id',
  'lmnr.association.properties.user_id',
];
