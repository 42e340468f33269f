import type { OtlpSpan, OtlpSpanEvent } from '../../otlp.ts';
import { readSemconvContent, toolFragments } from '../content-from-attributes.ts';
import type { Dialect, DialectFields, SpanFragment } from '../dialect.ts';
import { presentFragments, toFragment } from '../messages.ts';
import { toOperation } from '../operation.ts';
import { firstText, partsFromJson } from '../parts-from-json.ts';
import type { JsonValue } from '../read-attribute.ts';
import { isJsonObject, readJson, readNumber, readString } from '../read-attribute.ts';

const NS_PER_MS = 1_000_000;
const SCOPE = 'strands.telemetry.tracer';

/**
 * Strands Agents (scope `strands.telemetry.tracer`): messages are span events of either generation of the conventions, or
 * attributes on request; the finish reason is only there. `gen_ai.server.time_to_first_token` is milliseconds here, the agent
 * repeats the sum of its calls, and the provider is always given as `strands-agents`.
 */
export const strands: Dialect = {
  name: 'strands',
  matches: ({ scope, attributes }) => scope.name === SCOPE && attributes.has('gen_ai.operation.name'),
  read: (span) => {
    const { attributes } = span;
    const name = readString(attributes, 'gen_ai.operation.name') ?? '';
    const operation = name === 'invoke_swarm' || name === 'invoke_graph' ? 'invoke_workflow' : toOperation(name);
    const milliseconds = readNumber(attributes, 'gen_ai.server.time_to_first_token');
    return {
      operation,
      timeToFirstTokenNs:
        milliseconds === undefined || milliseconds <= 0 ? undefined : Math.round(milliseconds * NS_PER_MS),
      finishReasons: readFinishReasons(span),
      workflowName: operation === 'invoke_workflow' ? name : undefined,
      fragments: operation === 'execute_tool' ? readTool(span) : readContent(span),
      consumed: CONSUMED,
    } satisfies DialectFields;
  },
};

function readFinishReasons(span: OtlpSpan): readonly string[] | undefined {
  for (const { attributes } of span.events) {
    const reason =
      readString(attributes, 'finish_reason') ?? ofMessages(readJson(attributes, 'gen_ai.output.messages'));
    if (reason !== undefined) return [reason];
  }
  const reason = ofMessages(readJson(span.attributes, 'gen_ai.output.messages'));
  return reason === undefined ? undefined : [reason];
}

function ofMessages(messages: JsonValue | undefined): string | undefined {
  const first = Array.isArray(messages) ? (messages as readonly JsonValue[])[0] : undefined;
  return isJsonObject(first) ? firstText(first, 'finish_reason') : undefined;
}

function readContent(span: OtlpSpan): readonly SpanFragment[] {
  const fragments = readSemconvContent(span.attributes, 'attribute', 0);
  const kinds = new Set(fragments.map((fragment) => fragment.kind));
  const ofEvents = span.events.flatMap((event, index) => readEvent(event, index));
  return [...fragments, ...ofEvents.filter((fragment) => !kinds.has(fragment.kind))];
}

/** Old events hold the content blocks of Bedrock Converse as JSON, the final one of an agent plain text. */
function readEvent(event: OtlpSpanEvent, index: number): readonly SpanFragment[] {
  if (event.name === 'gen_ai.client.inference.operation.details')
    return readSemconvContent(event.attributes, 'span_event', index);
  const role = /^gen_ai\.(system|user|assistant|tool)\.message$/.exec(event.name)?.[1];
  if (role === undefined && event.name !== 'gen_ai.choice') return [];
  const key = role === undefined ? 'message' : 'content';
  const text = readString(event.attributes, key);
  const parts = partsFromJson(readJson(event.attributes, key) ?? text);
  if (parts.length === 0) return [];
  const reason = readString(event.attributes, 'finish_reason');
  const message = { role: role ?? 'assistant', parts, ...(reason === undefined ? {} : { finish_reason: reason }) };
  return presentFragments(
    toFragment(role === undefined ? 'output_messages' : 'input_messages', 'span_event', index, [message])
  );
}

/** Older spans have the arguments in `gen_ai.tool.message` and the result in `gen_ai.choice`. */
function readTool(span: OtlpSpan): readonly SpanFragment[] {
  const { attributes } = span;
  const asked = span.events.find((event) => event.name === 'gen_ai.tool.message');
  const answered = span.events.find((event) => event.name === 'gen_ai.choice');
  const fragments = toolFragments(
    readString(attributes, 'gen_ai.tool.name') ?? '',
    readString(attributes, 'gen_ai.tool.call.id'),
    attributes.get('gen_ai.tool.call.arguments') ?? asked?.attributes.get('content'),
    attributes.get('gen_ai.tool.call.result') ?? answered?.attributes.get('message')
  );
  return fragments.length > 0 ? fragments : readContent(span);
}

const CONSUMED: readonly string[] = [
  'gen_ai.event.start_time',
  'gen_ai.event.end_time',
  'gen_ai.server.time_to_first_token',
];
