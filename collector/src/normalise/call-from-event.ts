import type { Attributes, OtlpLogRecord } from '../otlp.ts';
import { readCount, readNumber, readString } from './read-attribute.ts';
import { decimalText } from './decimal-text.ts';
import type { DialectFields, RawUsage } from './dialect.ts';

/** A call to a model that an agent CLI reports only as a log event. */
export interface EventCall {
  readonly dialect: string;
  readonly durationMs: number;
  readonly fields: DialectFields;
}

const CLAUDE_EVENTS: ReadonlySet<string> = new Set(['claude_code.api_request', 'claude_code.api_error']);
const GEMINI_EVENTS: ReadonlySet<string> = new Set([
  'gemini_cli.api_response',
  'gemini_cli.api_error',
  'qwen-code.api_response',
]);
const CODEX_EVENTS: ReadonlySet<string> = new Set(['codex.sse_event']);

/**
 * Reads the events in which Claude Code, Gemini CLI and Codex report each request to a model, with tokens (documentation of their
 * telemetry). `undefined` for every other event, and for one without a model, or without tokens unless it reports a failure.
 */
export function callFromEvent(name: string, record: OtlpLogRecord): EventCall | undefined {
  const full = name.includes('.') ? name : `${prefixOfScope(record.scope.name)}${name}`;
  const call = CLAUDE_EVENTS.has(full)
    ? claudeCode(record)
    : GEMINI_EVENTS.has(full)
      ? geminiCli(record)
      : CODEX_EVENTS.has(full)
        ? codex(record)
        : undefined;
  if (call === undefined || call.fields.requestModel === undefined) return undefined;
  const usage = call.fields.usage;
  const hasTokens = usage !== null && usage !== undefined && (usage.input !== undefined || usage.output !== undefined);
  return hasTokens || call.fields.error !== undefined ? call : undefined;
}

/** Claude Code names its events without a prefix in `event.name`; the scope says whose they are. */
function prefixOfScope(scope: string): string {
  if (scope.includes('claude_code') || scope.includes('claude-code')) return 'claude_code.';
  if (scope.includes('codex')) return 'codex.';
  return scope.includes('gemini') ? 'gemini_cli.' : '';
}

/** Tokens are Anthropic's raw numbers: input leaves out the cache. */
function claudeCode({ attributes }: OtlpLogRecord): EventCall {
  return {
    dialect: 'claude-code',
    durationMs: readNumber(attributes, 'duration_ms') ?? 0,
    fields: {
      operation: 'chat',
      provider: 'anthropic',
      requestModel: readString(attributes, 'model'),
      responseId: readString(attributes, 'request_id'),
      usage: withoutEmpty({
        input: readCount(attributes, 'input_tokens'),
        output: readCount(attributes, 'output_tokens'),
        cacheRead: readCount(attributes, 'cache_read_tokens', 'cache_read_input_tokens'),
        cacheWrite: readCount(attributes, 'cache_creation_tokens', 'cache_creation_input_tokens'),
        inputIncludesCache: false,
      }),
      reportedCostUsd: decimalText(readNumber(attributes, 'cost_usd')),
      streaming: true,
      retries: Math.max((readCount(attributes, 'attempt') ?? 1) - 1, 0),
      agentName: readString(attributes, 'gen_ai.agent.name', 'agent.name') ?? 'claude-code',
      agentVersion: readString(attributes, 'app.version'),
      error: errorOf(attributes),
      ...people(attributes),
    },
  };
}

/** Gemini's raw numbers: thoughts are not in the output, tool-use prompts not in the input. */
function geminiCli({ attributes }: OtlpLogRecord): EventCall {
  const input = readCount(attributes, 'input_token_count');
  return {
    dialect: 'gemini-cli',
    durationMs: readNumber(attributes, 'duration_ms') ?? 0,
    fields: {
      operation: 'generate_content',
      provider: readString(attributes, 'auth_type')?.includes('vertex') === true ? 'gcp.vertex_ai' : '',
      requestModel: readString(attributes, 'model'),
      usage: withoutEmpty({
        input: input === undefined ? undefined : input + (readCount(attributes, 'tool_token_count') ?? 0),
        output: readCount(attributes, 'output_token_count'),
        total: readCount(attributes, 'total_token_count'),
        cacheRead: readCount(attributes, 'cached_content_token_count'),
        reasoning: readCount(attributes, 'thoughts_token_count'),
        inputIncludesCache: true,
        outputIncludesReasoning: false,
      }),
      agentName: 'gemini-cli',
      error: errorOf(attributes),
      ...people(attributes),
    },
  };
}

/** OpenAI's numbers, on the event that ends the stream. */
function codex({ attributes }: OtlpLogRecord): EventCall | undefined {
  if (readString(attributes, 'event.kind') !== 'response.completed') return undefined;
  return {
    dialect: 'codex',
    durationMs: readNumber(attributes, 'duration_ms') ?? 0,
    fields: {
      operation: 'chat',
      provider: readString(attributes, 'provider_name') ?? 'openai',
      requestModel: readString(attributes, 'model', 'slug'),
      usage: withoutEmpty({
        input: readCount(attributes, 'input_token_count'),
        output: readCount(attributes, 'output_token_count'),
        cacheRead: readCount(attributes, 'cached_token_count'),
        reasoning: readCount(attributes, 'reasoning_token_count'),
        inputIncludesCache: true,
        outputIncludesReasoning: true,
      }),
      streaming: true,
      agentName: 'codex',
      agentVersion: readString(attributes, 'app.version'),
      ...people(attributes),
    },
  };
}

function people(attributes: Attributes): Pick<DialectFields, 'conversationId' | 'userId'> {
  return {
    conversationId: readString(attributes, 'session.id', 'conversation.id'),
    userId: readString(attributes, 'user.account_uuid', 'user.id', 'user.account_id', 'user.email'),
  };
}

function errorOf(attributes: Attributes): { type: string; message: string } | undefined {
  const message = readString(attributes, 'error', 'error.message', 'error_message');
  if (message === undefined) return undefined;
  return {
    type: readString(attributes, 'status_code', 'error_type', 'error.type', 'http.response.status_code') ?? '',
    message,
  };
}

function withoutEmpty(usage: RawUsage): RawUsage | undefined {
  return usage.input === undefined && usage.output === undefined ? undefined : usage;
}
