import type { OtlpSpan } from '../../otlp.ts';
import type { Dialect, DialectFields, RawUsage } from '../dialect.ts';
import { toOperation } from '../operation.ts';
import { readCount, readString } from '../read-attribute.ts';
import { readSemconvUsage } from '../semconv-usage.ts';

const STATUS_ERROR = 2;
const CONTEXT = 'ai.settings.context.';

/**
 * Vercel AI SDK 7 with `@ai-sdk/otel` (scope `gen_ai`): semantic conventions, roots `invoke_agent` that repeat the sum of their
 * steps, `agent_step`, `chat`. Embeddings and reranking have two spans with the same name and operation, the function of the SDK
 * and the call it makes: the call is never a root, and for embeddings it is the one with the usage. Retries are inside one span.
 */
export const aiSdk7: Dialect = {
  name: 'ai-sdk-7',
  matches: ({ scope, attributes }) => scope.name === 'gen_ai' && attributes.has('gen_ai.operation.name'),
  read: (span) => {
    const { attributes } = span;
    const operation = toOperation(readString(attributes, 'gen_ai.operation.name') ?? '');
    return {
      operation,
      usage: readUsage(span, operation),
      billable: isCall(span, operation),
      userId: readString(attributes, `${CONTEXT}userId`, `${CONTEXT}user_id`),
      conversationId: readString(
        attributes,
        `${CONTEXT}sessionId`,
        `${CONTEXT}session_id`,
        `${CONTEXT}conversationId`,
        `${CONTEXT}threadId`,
        `${CONTEXT}chatId`
      ),
      streaming: attributes.has('gen_ai.client.operation.time_to_first_chunk') ? true : undefined,
      consumed: CONSUMED,
    } satisfies DialectFields;
  },
};

/** Reasoning tokens are not in the conventions' attributes; the program may have switched on the SDK's own. */
function readUsage(span: OtlpSpan, operation: string): RawUsage | undefined {
  const usage = readSemconvUsage(span.attributes);
  if (usage === undefined || operation !== 'chat') return usage;
  return {
    ...usage,
    reasoning: usage.reasoning ?? readCount(span.attributes, 'ai.usage.outputTokenDetails.reasoningTokens'),
  };
}

function isCall(span: OtlpSpan, operation: string): boolean {
  if (operation !== 'embeddings' && operation !== 'rerank') return true;
  if (span.attributes.has('gen_ai.usage.input_tokens')) return true;
  return span.parentSpanId !== '' && (operation === 'rerank' || span.statusCode === STATUS_ERROR);
}

const CONSUMED: readonly string[] = [
  'gen_ai.client.operation.time_to_first_chunk',
  'ai.usage.',
  'ai.documents',
  'ai.request.text',
];
