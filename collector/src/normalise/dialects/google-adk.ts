import type { Attributes, OtlpScope } from '../../otlp.ts';
import { contentFragment, readSemconvContent, toolFragments } from '../content-from-attributes.ts';
import type { Dialect, DialectFields, RawUsage, SpanFragment } from '../dialect.ts';
import { presentFragments } from '../messages.ts';
import { toOperation } from '../operation.ts';
import { firstText } from '../parts-from-json.ts';
import type { JsonObject } from '../read-attribute.ts';
import { isJsonObject, readJsonObject, readString } from '../read-attribute.ts';
import { usageFromJson } from '../usage-from-json.ts';

/** From this version on, each `call_llm` has a `generate_content` span below it, of ADK or of the client's instrumentation. */
const NESTED_SINCE = [1, 24] as const;

/**
 * Google's Agent Development Kit (scope `gcp.vertex.agent`). Until 1.23 `call_llm` is the call; since 1.24 it wraps a
 * `generate_content` span with the same usage, and with the schema of version 2 it is gone. Request and answer are JSON in
 * `gcp.vertex.agent.llm_request` / `.llm_response` (`{}` when content is off); the answer's usage tells the thoughts that old
 * versions leave out of the attributes.
 */
export const googleAdk: Dialect = {
  name: 'google-adk',
  matches: ({ scope, attributes }) =>
    scope.name === 'gcp.vertex.agent' &&
    (attributes.has('gen_ai.operation.name') ||
      attributes.has('gen_ai.system') ||
      attributes.has('gcp.vertex.agent.session_id')),
  read: (span) => {
    const { attributes } = span;
    const operation = operationOf(attributes, span.name, span.scope);
    const answer = readJsonObject(attributes, 'gcp.vertex.agent.llm_response');
    return {
      operation,
      provider: readString(attributes, 'gen_ai.provider.name', 'gen_ai.system'),
      responseModel: answer === undefined ? undefined : firstText(answer, 'model_version'),
      usage: readUsage(answer),
      conversationId: readString(attributes, 'gen_ai.conversation.id', 'gcp.vertex.agent.session_id'),
      toolName: operation === 'execute_tool' ? readString(attributes, 'gen_ai.tool.name') : undefined,
      fragments: operation === 'execute_tool' ? readTool(attributes) : readContent(attributes, answer),
      consumed: CONSUMED,
    } satisfies DialectFields;
  },
};

function operationOf(attributes: Attributes, name: string, scope: OtlpScope): string {
  const named = readString(attributes, 'gen_ai.operation.name');
  if (named !== undefined) return toOperation(named);
  if (name === 'call_llm' || attributes.has('gen_ai.request.model'))
    return isNested(scope.version) ? 'chain' : 'generate_content';
  if (attributes.has('gen_ai.tool.name')) return 'execute_tool';
  return 'chain';
}

function isNested(version: string): boolean {
  const [major = Number.NaN, minor = Number.NaN] = version.split('.', 2).map(Number);
  return major > NESTED_SINCE[0] || (major === NESTED_SINCE[0] && minor >= NESTED_SINCE[1]);
}

function readUsage(answer: JsonObject | undefined): RawUsage | undefined {
  return usageFromJson(answer?.['usage_metadata']);
}

function readTool(attributes: Attributes): readonly SpanFragment[] {
  return toolFragments(
    readString(attributes, 'gen_ai.tool.name') ?? '',
    readString(attributes, 'gen_ai.tool.call.id'),
    given(attributes, 'gen_ai.tool.call.arguments', 'gcp.vertex.agent.tool_call_args'),
    given(attributes, 'gen_ai.tool.call.result', 'gcp.vertex.agent.tool_response')
  );
}

/** `{}` and `N/A` stand for content that was not captured. */
function given(attributes: Attributes, ...keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const text = readString(attributes, key);
    if (text !== undefined && text !== '{}' && text !== 'N/A') return text;
  }
  return undefined;
}

function readContent(attributes: Attributes, answer: JsonObject | undefined): readonly SpanFragment[] {
  const fragments = readSemconvContent(attributes, 'attribute', 0);
  if (fragments.length > 0) return fragments;
  const request = readJsonObject(attributes, 'gcp.vertex.agent.llm_request');
  const config = isJsonObject(request?.['config']) ? request['config'] : undefined;
  const sent = given(attributes, 'gcp.vertex.agent.data');
  return presentFragments(
    Array.isArray(request?.['contents'])
      ? contentFragment('input_messages', 'attribute', 0, JSON.stringify({ contents: request['contents'] }))
      : undefined,
    request === undefined && sent !== undefined ? contentFragment('input_messages', 'attribute', 0, sent) : undefined,
    isJsonObject(answer?.['content'])
      ? contentFragment('output_messages', 'attribute', 0, JSON.stringify({ candidates: [answer] }))
      : undefined,
    config?.['system_instruction'] === undefined
      ? undefined
      : contentFragment('system_instructions', 'attribute', 0, JSON.stringify(config['system_instruction'])),
    Array.isArray(config?.['tools'])
      ? contentFragment('tool_definitions', 'attribute', 0, JSON.stringify(config['tools']))
      : undefined
  );
}

const CONSUMED: readonly string[] = ['gcp.vertex.agent.session_id', 'gcp.vertex.agent.data'];
