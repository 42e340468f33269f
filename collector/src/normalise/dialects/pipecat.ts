import type { Attributes } from '../../otlp.ts';
import { contentFragment } from '../content-from-attributes.ts';
import type { Dialect, DialectFields, SpanFragment } from '../dialect.ts';
import { presentFragments } from '../messages.ts';
import { readBoolean, readNumber, readString } from '../read-attribute.ts';

const NS_PER_SECOND = 1_000_000_000;

/** Span name → operation. Turns and conversations group the services below them. */
const SPANS: ReadonlyMap<string, string> = new Map([
  ['llm', 'chat'],
  ['tts', 'speech'],
  ['stt', 'transcription'],
  ['turn', 'chain'],
  ['conversation', 'invoke_workflow'],
  ['llm_tool_call', 'execute_tool'],
  ['llm_tool_result', 'chain'],
]);

/**
 * Pipecat's tracing (scope `pipecat`): one span per service and turn, the conventions' names for model and tokens, messages as
 * JSON in `input` and `output`, time to the first byte in seconds in `metrics.ttfb`.
 */
export const pipecat: Dialect = {
  name: 'pipecat',
  matches: ({ scope, name, attributes }) =>
    scope.name.startsWith('pipecat') && (SPANS.has(name) || attributes.has('gen_ai.request.model')),
  read: ({ attributes, name }) => {
    const seconds = readNumber(attributes, 'metrics.ttfb');
    return {
      operation: SPANS.get(name),
      streaming: readBoolean(attributes, 'stream'),
      timeToFirstTokenNs: seconds !== undefined && seconds > 0 ? Math.round(seconds * NS_PER_SECOND) : undefined,
      conversationId: readString(
        attributes,
        'gen_ai.conversation.id',
        'conversation.id',
        'conversation_id',
        'session.id'
      ),
      toolName: readString(attributes, 'gen_ai.tool.name', 'tool.function_name'),
      fragments: readContent(attributes),
      consumed: CONSUMED,
    } satisfies DialectFields;
  },
};

function readContent(attributes: Attributes): readonly SpanFragment[] {
  const input = attributes.get('input') ?? attributes.get('text') ?? attributes.get('tool.arguments');
  const output = attributes.get('output') ?? attributes.get('transcript') ?? attributes.get('tool.result');
  const system = attributes.get('system') ?? attributes.get('system_instruction');
  const tools = attributes.get('tools');
  return presentFragments(
    input === undefined ? undefined : contentFragment('input_messages', 'attribute', 0, input),
    output === undefined ? undefined : contentFragment('output_messages', 'attribute', 0, output),
    system === undefined ? undefined : contentFragment('system_instructions', 'attribute', 0, system),
    tools === undefined ? undefined : contentFragment('tool_definitions', 'attribute', 0, tools)
  );
}

const CONSUMED: readonly string[] = [
  'input',
  'output',
  'text',
  'transcript',
  'system',
  'system_instruction',
  'tools',
  'stream',
  'tool.arguments',
  'tool.result',
  'metrics.ttfb',
];
