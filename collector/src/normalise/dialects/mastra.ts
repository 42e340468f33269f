import type { Attributes, OtlpSpan } from '../../otlp.ts';
import { exchangeFragments } from '../content-from-attributes.ts';
import type { Dialect, DialectFields, RawUsage, SpanFragment } from '../dialect.ts';
import { isoTimeNs } from '../iso-time.ts';
import { readCount, readString } from '../read-attribute.ts';
import { readSemconvUsage } from '../semconv-usage.ts';
import { readSpanContent } from '../span-content.ts';

/** `mastra.span.type` → operation. Steps, chunks and inferences are inside the generation that holds their sum. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['model_generation', 'chat'],
  ['llm_generation', 'chat'],
  ['rag_embedding', 'embeddings'],
  ['tool_call', 'execute_tool'],
  ['mcp_tool_call', 'execute_tool'],
  ['provider_tool_call', 'execute_tool'],
  ['agent_run', 'invoke_agent'],
  ['workflow_run', 'invoke_workflow'],
  ['rag_vector_operation', 'retrieval'],
]);

/**
 * Mastra's OpenTelemetry exporter and bridge: semantic conventions, own names for counts that these lack, input and output of
 * other spans under `mastra.<type>.input` / `.output`. A generation covers all steps of an agent's turn, so it is one row with
 * the sum of their usage.
 */
export const mastra: Dialect = {
  name: 'mastra',
  matches: ({ attributes }) => attributes.has('mastra.span.type'),
  read: (span) => {
    const { attributes } = span;
    const type = readString(attributes, 'mastra.span.type') ?? '';
    const operation = TYPES.get(type) ?? 'chain';
    return {
      operation,
      usage: operation === 'chat' || operation === 'embeddings' ? readUsage(attributes) : null,
      timeToFirstTokenNs: firstToken(span),
      conversationId: readString(
        attributes,
        'gen_ai.conversation.id',
        'mastra.metadata.threadId',
        'mastra.metadata.sessionId'
      ),
      userId: readString(attributes, 'user.id', 'mastra.metadata.userId', 'mastra.metadata.resourceId'),
      workflowName:
        operation === 'invoke_workflow'
          ? (readString(attributes, 'gen_ai.workflow.name', 'workflow.id') ??
            span.name.replace(/^invoke_workflow /, ''))
          : undefined,
      fragments: readContent(span, operation, type),
      consumed: CONSUMED,
    } satisfies DialectFields;
  },
};

function readUsage(attributes: Attributes): RawUsage | undefined {
  const usage = readSemconvUsage(attributes);
  return usage === undefined
    ? undefined
    : {
        ...usage,
        cacheWrite1h: readCount(attributes, 'gen_ai.usage.cache_creation.1h_input_tokens'),
        audioInput: usage.audioInput ?? readCount(attributes, 'gen_ai.usage.audio_input_tokens'),
        audioOutput: usage.audioOutput ?? readCount(attributes, 'gen_ai.usage.audio_output_tokens'),
      };
}

function firstToken(span: OtlpSpan): number | undefined {
  const text = readString(span.attributes, 'mastra.completion_start_time');
  const at = text === undefined ? undefined : isoTimeNs(text);
  if (at === undefined || at <= span.startTimeUnixNano) return undefined;
  return Number(at - span.startTimeUnixNano);
}

function readContent(span: OtlpSpan, operation: string, type: string): readonly SpanFragment[] {
  const { attributes } = span;
  const fragments = readSpanContent(span, operation);
  if (fragments.length > 0) return fragments;
  return exchangeFragments(
    attributes.get(`mastra.${type}.input`) ?? attributes.get('input'),
    attributes.get(`mastra.${type}.output`) ?? attributes.get('output')
  );
}

const CONSUMED: readonly string[] = [
  'input',
  'output',
  'mastra.completion_start_time',
  ...[
    ...TYPES.keys(),
    'model_step',
    'model_chunk',
    'model_inference',
    'workflow_step',
    'generic',
    'processor_run',
  ].flatMap((type) => [`mastra.${type}.input`, `mastra.${type}.output`]),
  'gen_ai.usage.cache_creation.5m_input_tokens',
  'gen_ai.usage.cache_creation.1h_input_tokens',
];
