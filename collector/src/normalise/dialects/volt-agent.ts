import type { Attributes } from '../../otlp.ts';
import { exchangeFragments, toolFragments } from '../content-from-attributes.ts';
import type { Dialect, DialectFields, RawUsage } from '../dialect.ts';
import { readCount, readString } from '../read-attribute.ts';

/** `span.type` → operation; agents have only `entity.type`, which their children repeat. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['llm', 'chat'],
  ['tool', 'execute_tool'],
  ['agent', 'invoke_agent'],
  ['workflow', 'invoke_workflow'],
  ['retriever', 'retrieval'],
  ['embedding', 'embeddings'],
  ['guardrail', 'guardrail'],
  ['scorer', 'evaluation'],
]);

/** VoltAgent: own attribute names throughout; agents repeat the sum of their calls in `usage.*`, calls have `llm.usage.*`. */
export const voltAgent: Dialect = {
  name: 'volt-agent',
  matches: ({ attributes }) =>
    attributes.has('entity.type') &&
    attributes.has('entity.id') &&
    (attributes.has('span.type') || attributes.has('agent.state') || attributes.has('operation.id')),
  read: (span) => {
    const { attributes } = span;
    const operation = TYPES.get(readString(attributes, 'span.type', 'entity.type') ?? '') ?? 'chain';
    const input = attributes.get('llm.messages') ?? attributes.get('agent.messages') ?? attributes.get('input');
    const output = attributes.get('output');
    const reason = readString(attributes, 'llm.finish_reason', 'ai.response.finish_reason');
    return {
      operation,
      provider: readString(attributes, 'llm.provider', 'ai.model.provider'),
      requestModel: readString(attributes, 'llm.model', 'ai.model.name'),
      usage: operation === 'chat' || operation === 'embeddings' ? readUsage(attributes) : null,
      streaming: readString(attributes, 'llm.operation')?.startsWith('stream'),
      finishReasons: reason === undefined ? undefined : [reason],
      agentName: readString(attributes, 'entity.type') === 'agent' ? readString(attributes, 'entity.name') : undefined,
      toolName: operation === 'execute_tool' ? readString(attributes, 'tool.name') : undefined,
      conversationId: readString(attributes, 'conversation.id', 'voltagent.conversation_id'),
      fragments:
        operation === 'execute_tool'
          ? toolFragments(
              readString(attributes, 'tool.name') ?? span.name,
              readString(attributes, 'tool.call.id'),
              input,
              output
            )
          : exchangeFragments(input, output),
      consumed: CONSUMED,
    } satisfies DialectFields;
  },
};

function readUsage(attributes: Attributes): RawUsage | undefined {
  const read = (name: string): number | undefined => readCount(attributes, `llm.usage.${name}`, `usage.${name}`);
  const input = read('prompt_tokens');
  const output = read('completion_tokens');
  if (input === undefined && output === undefined) return undefined;
  return {
    input,
    output,
    total: read('total_tokens'),
    cacheRead: read('cached_tokens'),
    reasoning: read('reasoning_tokens'),
  };
}

const CONSUMED: readonly string[] = [
  'input',
  'output',
  'llm.messages',
  'agent.messages',
  'agent.messages.ui',
  'agent.instructions',
  'agent.stateSnapshot',
  'agent.systemPrompt',
  'llm.usage.',
  'span.type',
];
