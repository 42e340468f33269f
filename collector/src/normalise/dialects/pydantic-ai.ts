import type { Attributes, OtlpSpan } from '../../otlp.ts';
import { contentFragment, readSemconvContent, textFragment, toolFragments } from '../content-from-attributes.ts';
import type { Dialect, DialectFields, RawUsage, SpanFragment } from '../dialect.ts';
import { eventListFragments } from '../event-list.ts';
import { toOperation } from '../operation.ts';
import { firstText } from '../parts-from-json.ts';
import type { JsonObject, JsonValue } from '../read-attribute.ts';
import { isJsonObject, readCount, readJson, readJsonObject, readString } from '../read-attribute.ts';
import { readSemconvUsage } from '../semconv-usage.ts';

const DETAILS = 'gen_ai.usage.details.';

/**
 * Pydantic AI (scope `pydantic-ai`). Version 1 of its data keeps messages in the JSON attribute `events` and names agent and tool
 * spans only by their title; the agent span repeats the sum of the usage under the same names (2.x moved it to
 * `gen_ai.aggregated_usage.*`). Where its price library does not know a model, only `gen_ai.usage.details.*` is written: the
 * provider's raw counts, for Anthropic without cached tokens, and `operation.cost` is 0.
 */
export const pydanticAi: Dialect = {
  name: 'pydantic-ai',
  matches: ({ scope, attributes }) => scope.name === 'pydantic-ai' && isKnown(attributes),
  read: (span) => {
    const { attributes } = span;
    const operation = operationOf(span);
    return {
      operation,
      usage: readUsage(attributes),
      agentName: readString(attributes, 'gen_ai.agent.name', 'agent_name'),
      requestModel: readString(attributes, 'gen_ai.request.model', 'model_name'),
      toolName: operation === 'execute_tool' ? readString(attributes, 'gen_ai.tool.name') : undefined,
      fragments: readContent(attributes, operation),
      consumed: CONSUMED,
    } satisfies DialectFields;
  },
};

function isKnown(attributes: Attributes): boolean {
  return (
    attributes.has('gen_ai.operation.name') ||
    attributes.has('agent_name') ||
    attributes.has('gen_ai.tool.name') ||
    attributes.has('gen_ai.request.model') ||
    attributes.has('tools')
  );
}

function operationOf(span: OtlpSpan): string {
  const { attributes, name } = span;
  const named = readString(attributes, 'gen_ai.operation.name');
  if (named !== undefined) return toOperation(named);
  if (attributes.has('gen_ai.tool.name')) return 'execute_tool';
  if (name === 'agent run' || attributes.has('agent_name') || attributes.has('final_result')) return 'invoke_agent';
  return 'chain';
}

function readUsage(attributes: Attributes): RawUsage | undefined {
  const usage = readSemconvUsage(attributes);
  const cacheRead =
    usage?.cacheRead ?? readCount(attributes, `${DETAILS}cached_tokens`, `${DETAILS}cached_content_tokens`);
  const reasoning = usage?.reasoning ?? readCount(attributes, `${DETAILS}thoughts_tokens`);
  if (usage?.input !== undefined || usage?.output !== undefined) return { ...usage, cacheRead, reasoning };
  const input = readCount(attributes, `${DETAILS}input_tokens`);
  const output = readCount(attributes, `${DETAILS}output_tokens`);
  if (input === undefined && output === undefined) return usage;
  const isAnthropic =
    attributes.has(`${DETAILS}cache_creation_input_tokens`) || attributes.has(`${DETAILS}cache_read_input_tokens`);
  return { ...usage, input, output, cacheRead, reasoning, inputIncludesCache: isAnthropic ? false : undefined };
}

function readContent(attributes: Attributes, operation: string): readonly SpanFragment[] {
  if (operation === 'execute_tool') return readTool(attributes);
  const fragments = readSemconvContent(attributes, 'attribute', 0);
  const add = (more: SpanFragment | undefined): void => {
    if (more !== undefined && !fragments.some((fragment) => fragment.kind === more.kind)) fragments.push(more);
  };
  const events = readJson(attributes, 'events', 'all_messages_events');
  if (events !== undefined) eventListFragments(events).forEach(add);
  const all = attributes.get('pydantic_ai.all_messages');
  if (all !== undefined) add(contentFragment('input_messages', 'attribute', 0, all));
  const result = readString(attributes, 'final_result');
  if (result !== undefined) add(textFragment('output_messages', 'attribute', 0, 'assistant', result));
  add(definitions(readJsonObject(attributes, 'model_request_parameters')));
  return fragments;
}

function readTool(attributes: Attributes): readonly SpanFragment[] {
  return toolFragments(
    readString(attributes, 'gen_ai.tool.name') ?? '',
    readString(attributes, 'gen_ai.tool.call.id'),
    attributes.get('gen_ai.tool.call.arguments') ?? attributes.get('tool_arguments'),
    attributes.get('gen_ai.tool.call.result') ?? attributes.get('tool_response')
  );
}

function definitions(parameters: JsonObject | undefined): SpanFragment | undefined {
  const tools: JsonValue[] = [];
  for (const list of [parameters?.['function_tools'], parameters?.['output_tools']]) {
    if (!Array.isArray(list)) continue;
    for (const tool of list as readonly JsonValue[]) {
      if (!isJsonObject(tool)) continue;
      tools.push({
        type: 'function',
        name: firstText(tool, 'name') ?? '',
        description: firstText(tool, 'description') ?? '',
        parameters: tool['parameters_json_schema'] ?? null,
      });
    }
  }
  return tools.length === 0 ? undefined : contentFragment('tool_definitions', 'attribute', 0, JSON.stringify(tools));
}

const CONSUMED: readonly string[] = ['model_name', 'agent_name', 'operation.cost', DETAILS, 'gen_ai.usage.raw'];
