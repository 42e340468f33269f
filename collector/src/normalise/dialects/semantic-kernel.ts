import type { Attributes } from '../../otlp.ts';
import { readSemconvContent, toolFragments } from '../content-from-attributes.ts';
import type { Dialect, DialectFields } from '../dialect.ts';
import { toOperation } from '../operation.ts';
import { readString } from '../read-attribute.ts';
import { readSpanContent } from '../span-content.ts';

const SINGULAR = 'gen_ai.response.finish_reason';

/**
 * Semantic Kernel, Python (scopes `semantic_kernel.*`) and .NET (`Microsoft.SemanticKernel*`): old conventions, one finish reason
 * attribute in the singular with a comma between choices (`FinishReason.STOP` in Python), functions named `Plugin-function`, no
 * response model. .NET's function spans have a name and a duration only. Messages are log events or span events.
 */
export const semanticKernel: Dialect = {
  name: 'semantic-kernel',
  matches: ({ scope, attributes }) =>
    (scope.name.startsWith('semantic_kernel') || scope.name.startsWith('Microsoft.SemanticKernel')) &&
    (attributes.has('gen_ai.operation.name') ||
      attributes.has('gen_ai.system') ||
      attributes.has('semantic_kernel.function.name')),
  read: (span) => {
    const { attributes } = span;
    const operation = operationOf(attributes);
    return {
      operation,
      toolName: readString(attributes, 'gen_ai.tool.name', 'semantic_kernel.function.name'),
      finishReasons: readFinishReasons(attributes),
      fragments:
        operation === 'execute_tool'
          ? toolFragments(
              readString(attributes, 'gen_ai.tool.name') ?? '',
              readString(attributes, 'gen_ai.tool.call.id'),
              attributes.get('gen_ai.tool.call.arguments'),
              attributes.get('gen_ai.tool.call.result')
            )
          : readContent(span, operation),
      consumed: CONSUMED,
    } satisfies DialectFields;
  },
};

function operationOf(attributes: Attributes): string | undefined {
  const named = readString(attributes, 'gen_ai.operation.name');
  // .NET writes `chat.completions` and `text.completions`; Python writes `text_completions`.
  if (named === 'text_completions' || named === 'text.completions') return 'text_completion';
  if (named !== undefined) return toOperation(named);
  return attributes.has('semantic_kernel.function.name') ? 'execute_tool' : undefined;
}

function readFinishReasons(attributes: Attributes): readonly string[] | undefined {
  const text = readString(attributes, SINGULAR);
  if (text === undefined || text.startsWith('[')) return undefined;
  const reasons = text.split(',').map((reason) => reason.trim().replace(/^FinishReason\./, ''));
  const known = reasons.filter((reason) => reason !== '' && reason !== 'None' && reason !== 'N/A');
  return known.length === 0
    ? undefined
    : known.map((reason) => (reason === reason.toUpperCase() ? reason.toLowerCase() : reason));
}

function readContent(
  span: Parameters<typeof readSpanContent>[0],
  operation: string | undefined
): DialectFields['fragments'] {
  const fragments = readSemconvContent(span.attributes, 'attribute', 0);
  return fragments.length > 0 ? fragments : readSpanContent(span, operation ?? 'chat');
}

const CONSUMED: readonly string[] = [SINGULAR, 'semantic_kernel.function.name', 'gen_ai.tool_definitions'];
