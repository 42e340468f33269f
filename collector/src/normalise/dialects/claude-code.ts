import type { Attributes, OtlpSpan } from '../../otlp.ts';
import { contentFragment, toolFragments } from '../content-from-attributes.ts';
import type { Dialect, DialectFields, RawUsage, SpanFragment } from '../dialect.ts';
import { presentFragments } from '../messages.ts';
import { readBoolean, readCount, readNumber, readString } from '../read-attribute.ts';

const NS_PER_MS = 1_000_000;
const PREFIX = 'claude_code.';
const REDACTED = '<REDACTED>';

/** Span type, which has the prefix or not → operation. Parts of a tool's run (waiting, execution) are steps. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['interaction', 'invoke_agent'],
  ['llm_request', 'chat'],
  ['tool', 'execute_tool'],
]);

/**
 * Claude Code's traces (beta; spans `claude_code.*`): bare attribute names. `input_tokens` leaves cached tokens out, as the API's
 * answer does. `success` tells failures, which the span status does not. Content is `<REDACTED>` unless the user allowed it.
 * Reference: code.claude.com/docs/en/monitoring-usage.
 */
export const claudeCode: Dialect = {
  name: 'claude-code',
  matches: ({ name, attributes }) => name.startsWith(PREFIX) && attributes.has('span.type'),
  read: (span) => {
    const { attributes } = span;
    const type = (readString(attributes, 'span.type') ?? '').replace(PREFIX, '');
    const operation = TYPES.get(type) ?? 'chain';
    const common: DialectFields = {
      operation,
      agentName: 'claude-code',
      agentId: readString(attributes, 'agent_id'),
      consumed: CONSUMED,
      fragments: readContent(span, operation),
      error: readError(attributes),
    };
    if (operation === 'execute_tool')
      return { ...common, toolName: readString(attributes, 'tool_name', 'gen_ai.tool.name') };
    return operation === 'chat' ? { ...common, ...readCall(attributes) } : common;
  },
};

function readCall(attributes: Attributes): DialectFields {
  const milliseconds = readNumber(attributes, 'ttft_ms');
  const attempt = readCount(attributes, 'attempt', 'gen_ai.request.attempt') ?? 1;
  const reason = readString(attributes, 'stop_reason');
  return {
    provider: readString(attributes, 'gen_ai.provider.name', 'gen_ai.system') ?? 'anthropic',
    requestModel: readString(attributes, 'gen_ai.request.model', 'model'),
    responseId: readString(attributes, 'gen_ai.response.id', 'request_id'),
    usage: readUsage(attributes),
    streaming: milliseconds === undefined ? undefined : true,
    timeToFirstTokenNs:
      milliseconds === undefined || milliseconds <= 0 ? undefined : Math.round(milliseconds * NS_PER_MS),
    finishReasons: reason === undefined ? undefined : [reason],
    retries: Math.max(attempt - 1, 0),
  };
}

function readUsage(attributes: Attributes): RawUsage | undefined {
  const input = readCount(attributes, 'input_tokens');
  const output = readCount(attributes, 'output_tokens');
  if (input === undefined && output === undefined) return undefined;
  return {
    input,
    output,
    cacheRead: readCount(attributes, 'cache_read_tokens'),
    cacheWrite: readCount(attributes, 'cache_creation_tokens'),
    inputIncludesCache: false,
  };
}

function readError(attributes: Attributes): DialectFields['error'] {
  if (readBoolean(attributes, 'success') !== false) return undefined;
  return {
    type: readString(attributes, 'error.type', 'status_code') ?? '',
    message: readString(attributes, 'error') ?? '',
  };
}

function readContent(span: OtlpSpan, operation: string): readonly SpanFragment[] {
  const { attributes } = span;
  if (operation === 'execute_tool') {
    const output = span.events.find((event) => event.name === 'tool.output');
    const result =
      output === undefined
        ? undefined
        : (shown(output.attributes, 'output') ??
          shown(output.attributes, 'content') ??
          shown(output.attributes, 'diff'));
    const name = readString(attributes, 'tool_name') ?? '';
    return toolFragments(
      name,
      readString(attributes, 'gen_ai.tool.call.id', 'tool_use_id'),
      shown(attributes, 'tool_input') ?? shown(attributes, 'full_command'),
      result
    );
  }
  const asked = shown(attributes, 'user_prompt') ?? shown(attributes, 'new_context');
  const answered = shown(attributes, 'response.model_output');
  return presentFragments(
    asked === undefined ? undefined : contentFragment('input_messages', 'attribute', 0, asked),
    answered === undefined ? undefined : contentFragment('output_messages', 'attribute', 0, answered)
  );
}

function shown(attributes: Attributes, key: string): string | undefined {
  const text = readString(attributes, key);
  return text === REDACTED || text === `"${REDACTED}"` ? undefined : text;
}

const CONSUMED: readonly string[] = [
  'span.type',
  'model',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_creation_tokens',
  'ttft_ms',
  'stop_reason',
  'tool_name',
  'agent_id',
  'user_prompt',
  'new_context',
  'response.model_output',
  'tool_input',
  'full_command',
  'file_path',
  'system_prompt',
  'system_prompt_preview',
  'error',
];
