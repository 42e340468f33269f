import type { Dialect, DialectFields } from '../dialect.ts';
import { toolFragments } from '../content-from-attributes.ts';
import { readBoolean, readString } from '../read-attribute.ts';

/** `spring.ai.kind` of the framework's own spans → operation. Spans of models have no kind, but an operation name. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ['chat_client', 'invoke_agent'],
  ['advisor', 'chain'],
  ['tool_call', 'execute_tool'],
  ['vector_store', 'retrieval'],
]);

/**
 * Spring AI through Micrometer: every attribute is a text, also counts. Chat client, advisors and tools are operation `framework`
 * of provider `spring_ai`; the model's span below them is in the old conventions.
 */
export const springAi: Dialect = {
  name: 'spring-ai',
  matches: ({ attributes }) => attributes.has('spring.ai.kind'),
  read: ({ attributes }) => {
    const kind = readString(attributes, 'spring.ai.kind') ?? '';
    const operation = KINDS.get(kind);
    const tool = readString(attributes, 'spring.ai.tool.definition.name', 'gen_ai.tool.name');
    return {
      operation,
      usage: operation === undefined ? undefined : null,
      toolName: operation === 'execute_tool' ? tool : undefined,
      conversationId: readString(
        attributes,
        'gen_ai.conversation.id',
        'spring.ai.chat.client.conversation.id',
        'spring.ai.chat.client.advisor.params.chat_memory_conversation_id'
      ),
      streaming: readBoolean(attributes, 'spring.ai.chat.client.stream'),
      fragments:
        operation === 'execute_tool'
          ? toolFragments(
              tool ?? '',
              undefined,
              attributes.get('spring.ai.tool.call.arguments'),
              attributes.get('spring.ai.tool.call.result')
            )
          : undefined,
      consumed: CONSUMED,
    } satisfies DialectFields;
  },
};

const CONSUMED: readonly string[] = [
  'spring.ai.tool.call.arguments',
  'spring.ai.tool.call.result',
  'spring.ai.tool.definition.name',
  'spring.ai.tool.definition.schema',
  'spring.ai.chat.client.conversation.id',
  'spring.ai.chat.client.user.text',
  'spring.ai.chat.client.system.text',
  'spring.ai.chat.client.system.params',
  'spring.ai.chat.client.user.params',
  'db.vector.query.content',
  'db.vector.query.response.documents',
];
