import type { Attributes, OtlpSpan } from '../../otlp.ts';
import { exchangeFragments, toolFragments } from '../content-from-attributes.ts';
import type { Dialect, DialectFields, RawUsage, SpanFragment } from '../dialect.ts';
import {
  readBoolean,
  readCount,
  readJsonObject,
  readNumber,
  readString,
  toCount,
  toNumber,
} from '../read-attribute.ts';
import { readSemconvUsage } from '../semconv-usage.ts';
import { readSpanContent } from '../span-content.ts';
import { firstText } from '../parts-from-json.ts';
import type { JsonObject } from '../read-attribute.ts';
import { isJsonObject } from '../read-attribute.ts';

const NS_PER_SECOND = 1_000_000_000;

/** Span name → operation. `llm_node` wraps `llm_request`, `tts_node` wraps `tts_request`. */
const SPANS: ReadonlyMap<string, string> = new Map([
  ['llm_request', 'chat'],
  ['llm_request_run', 'chain'],
  ['tts_request', 'speech'],
  ['tts_request_run', 'chain'],
  ['function_tool', 'execute_tool'],
  ['agent_session', 'invoke_workflow'],
  ['agent_turn', 'invoke_agent'],
  ['realtime_assistant_turn', 'chat'],
]);

/**
 * LiveKit Agents (scope `livekit-agents`): `lk.*` and a part of the conventions. The call to the model is `llm_request`, its
 * attempts `llm_request_run`; `lk.llm_metrics` is a JSON object with counts, time to the first token in seconds and the provider.
 */
export const livekit: Dialect = {
  name: 'livekit',
  matches: ({ scope, attributes, name }) =>
    scope.name.startsWith('livekit') && (SPANS.has(name) || attributes.has('gen_ai.request.model')),
  read: (span) => {
    const { attributes } = span;
    const operation = SPANS.get(span.name) ?? 'chain';
    const metrics = readJsonObject(attributes, 'lk.llm_metrics', 'lk.tts_metrics', 'lk.realtime_model_metrics');
    const info = isJsonObject(metrics?.['metadata']) ? metrics['metadata'] : undefined;
    const seconds =
      readNumber(attributes, 'lk.response.ttft', 'lk.response.ttfb') ??
      toNumber(metrics?.['ttft']) ??
      toNumber(metrics?.['ttfb']);
    return {
      operation,
      provider:
        readString(attributes, 'gen_ai.provider.name') ??
        (info === undefined ? undefined : firstText(info, 'model_provider')),
      responseId:
        readString(attributes, 'gen_ai.response.id') ??
        (metrics === undefined ? undefined : firstText(metrics, 'request_id')),
      usage: operation === 'chat' ? readUsage(attributes, metrics) : undefined,
      streaming: operation === 'chat' ? true : readBoolean(attributes, 'lk.tts.streaming'),
      timeToFirstTokenNs: seconds === undefined || seconds <= 0 ? undefined : Math.round(seconds * NS_PER_SECOND),
      agentName: readString(attributes, 'gen_ai.agent.name', 'lk.agent_name', 'lk.agent_label'),
      toolName: readString(attributes, 'gen_ai.tool.name', 'lk.function_tool.name'),
      conversationId: readString(
        attributes,
        'gen_ai.conversation.id',
        'session.id',
        'lk.room_id',
        'lk.room_name',
        'lk.job_id'
      ),
      fragments: readContent(span, operation),
      consumed: CONSUMED,
    } satisfies DialectFields;
  },
};

function readUsage(attributes: Attributes, metrics: JsonObject | undefined): RawUsage | undefined {
  const usage = readSemconvUsage(attributes);
  const cacheRead =
    usage?.cacheRead ??
    readCount(attributes, 'gen_ai.usage.input_cached_tokens') ??
    toCount(metrics?.['prompt_cached_tokens']);
  const input = usage?.input ?? toCount(metrics?.['prompt_tokens']);
  const output = usage?.output ?? toCount(metrics?.['completion_tokens']);
  if (input === undefined && output === undefined) return undefined;
  return {
    ...usage,
    input,
    output,
    cacheRead,
    audioInput: usage?.audioInput ?? readCount(attributes, 'gen_ai.usage.input_audio_tokens'),
    audioOutput: usage?.audioOutput ?? readCount(attributes, 'gen_ai.usage.output_audio_tokens'),
  };
}

function readContent(span: OtlpSpan, operation: string): readonly SpanFragment[] {
  const { attributes } = span;
  const first = (...keys: readonly string[]): string | undefined => readString(attributes, ...keys);
  if (operation === 'execute_tool') {
    return toolFragments(
      first('gen_ai.tool.name', 'lk.function_tool.name') ?? '',
      first('gen_ai.tool.call.id', 'lk.function_tool.id'),
      first('gen_ai.tool.call.arguments', 'lk.function_tool.arguments', 'lk.pii.function_tool.arguments'),
      first('gen_ai.tool.call.result', 'lk.function_tool.output', 'lk.pii.function_tool.output')
    );
  }
  const fragments = readSpanContent(span, operation);
  if (fragments.length > 0) return fragments;
  return exchangeFragments(
    first(
      'lk.chat_ctx',
      'lk.pii.chat_ctx',
      'lk.user_transcript',
      'lk.pii.user_transcript',
      'lk.user_input',
      'lk.pii.user_input',
      'lk.input_text',
      'lk.pii.input_text'
    ),
    first('lk.response.text', 'lk.pii.response.text', 'lk.response.function_calls', 'lk.pii.response.function_calls')
  );
}

const CONSUMED: readonly string[] = [
  'lk.pii.',
  'lk.chat_ctx',
  'lk.user_transcript',
  'lk.user_input',
  'lk.input_text',
  'lk.instructions',
  'lk.response.text',
  'lk.response.function_calls',
  'lk.response.ttft',
  'lk.function_tool.arguments',
  'lk.function_tool.output',
  'lk.function_tool.name',
  'lk.llm_metrics',
];
