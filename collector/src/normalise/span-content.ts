import type { Attributes, OtlpSpan, OtlpSpanEvent } from '../otlp.ts';
import type { Operation } from '../span.ts';
import { contentFragment, exchangeFragments, readSemconvContent, toolFragments } from './content-from-attributes.ts';
import type { SpanFragment } from './dialect.ts';
import { messageOfEvent } from './event-messages.ts';
import { readIndexedMessages, readIndexedTools } from './indexed-messages.ts';
import { toFragment } from './messages.ts';
import { readString } from './read-attribute.ts';

/**
 * Content of a span as any instrumentation may write it, for dialects that do not say: attributes of the conventions, numbered
 * attributes, whole requests and answers in one attribute, then span events. Attributes win over events of the same kind:
 * senders repeat the same messages there, and content is stored once.
 */
export function readSpanContent(span: OtlpSpan, operation: Operation): readonly SpanFragment[] {
  const fragments = readSemconvContent(span.attributes, 'attribute', 0);
  if (operation === 'execute_tool') addMissing(fragments, readToolContent(span));
  if (!has(fragments, 'input_messages') || !has(fragments, 'output_messages')) {
    addMissing(fragments, readOlderAttributes(span.attributes));
    if (span.events.length > 0) addMissing(fragments, readEventContent(span.events));
    addMissing(fragments, exchangeFragments(span.attributes.get('input.value'), span.attributes.get('output.value')));
  }
  return fragments;
}

/** Tool arguments and result under their names in the conventions, Traceloop and older frameworks. */
export function readToolContent(span: OtlpSpan): SpanFragment[] {
  const { attributes } = span;
  const name = readString(attributes, 'gen_ai.tool.name', 'tool.name', 'traceloop.entity.name') ?? span.name;
  const id = readString(attributes, 'gen_ai.tool.call.id', 'tool_call.id', 'tool.id');
  const args =
    attributes.get('gen_ai.tool.call.arguments') ??
    attributes.get('gen_ai.tool.args') ??
    attributes.get('gen_ai.tool.input') ??
    attributes.get('gen_ai.tool.parameters');
  const result =
    attributes.get('gen_ai.tool.call.result') ??
    attributes.get('gen_ai.tool.output') ??
    attributes.get('gen_ai.tool.result');
  return toolFragments(
    name,
    id,
    args ?? attributes.get('traceloop.entity.input'),
    result ?? attributes.get('traceloop.entity.output')
  );
}

function readOlderAttributes(attributes: Attributes): SpanFragment[] {
  const fragments: (SpanFragment | undefined)[] = [];
  if (attributes.has('gen_ai.prompt.0.role') || attributes.has('gen_ai.prompt.0.content')) {
    fragments.push(
      toFragment('input_messages', 'attribute', 0, readIndexedMessages(attributes, 'gen_ai.prompt', 'user'))
    );
  }
  if (
    attributes.has('gen_ai.completion.0.role') ||
    attributes.has('gen_ai.completion.0.content') ||
    attributes.has('gen_ai.completion.0.tool_calls.0.name')
  ) {
    fragments.push(
      toFragment('output_messages', 'attribute', 0, readIndexedMessages(attributes, 'gen_ai.completion', 'assistant'))
    );
  }
  if (attributes.has('llm.request.functions.0.name')) {
    fragments.push(
      toFragment('tool_definitions', 'attribute', 0, readIndexedTools(attributes, 'llm.request.functions'))
    );
  }
  for (const [kind, keys] of WHOLE_VALUES) {
    for (const key of keys) {
      const value = attributes.get(key);
      if (value !== undefined) fragments.push(contentFragment(kind, 'attribute', 0, value));
    }
  }
  return fragments.filter((fragment) => fragment !== undefined);
}

/** Attributes that hold a whole request or answer, most exact first. */
const WHOLE_VALUES: readonly (readonly ['input_messages' | 'output_messages', readonly string[]])[] = [
  [
    'input_messages',
    ['gen_ai.prompt', 'gen_ai.request.messages', 'llm.prompts', 'gen_ai.input', 'traceloop.entity.input'],
  ],
  [
    'output_messages',
    ['gen_ai.completion', 'gen_ai.response.text', 'llm.completions', 'gen_ai.output', 'traceloop.entity.output'],
  ],
];

/** Messages in span events: `gen_ai.content.*` (≤1.27), one event per message (1.28–1.36), or all in one event (≥1.37). */
function readEventContent(events: readonly OtlpSpanEvent[]): SpanFragment[] {
  const fragments: SpanFragment[] = [];
  for (let index = 0; index < events.length; index++) {
    const event = events[index]!;
    if (event.name === 'gen_ai.client.inference.operation.details') {
      fragments.push(...readSemconvContent(event.attributes, 'span_event', index));
    } else if (event.name.startsWith('gen_ai.')) {
      const message = messageOfEvent(event.name, event.attributes, undefined);
      if (message === undefined) continue;
      const fragment = toFragment(message.kind, 'span_event', index, message.entries);
      if (fragment !== undefined) fragments.push(fragment);
    }
  }
  return fragments;
}

function has(fragments: readonly SpanFragment[], kind: SpanFragment['kind']): boolean {
  return fragments.some((fragment) => fragment.kind === kind);
}

/** Adds the kinds that are not there yet; of one source, several pieces of a kind may come together. */
function addMissing(fragments: SpanFragment[], more: readonly SpanFragment[]): void {
  const present = new Set(fragments.map((fragment) => fragment.kind));
  const key = (fragment: SpanFragment): string => `${fragment.kind}/${fragment.source}/${fragment.position}`;
  const taken = new Set<string>();
  for (const fragment of more) {
    if (present.has(fragment.kind) || taken.has(key(fragment))) continue;
    taken.add(key(fragment));
    fragments.push(fragment);
  }
}
