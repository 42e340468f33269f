import type { Attributes } from '../../otlp.ts';
import type { Dialect } from '../dialect.ts';
import { decimalText } from '../decimal-text.ts';
import { readNumber, readString } from '../read-attribute.ts';

/** Metadata of which at least one is on each span; the same without the prefix in the first months of the feature. */
const MARKERS = ['provider_name', 'provider_slug', 'api_key_name', 'entity_id', 'source'].flatMap((name) => [
  `trace.metadata.openrouter.${name}`,
  `openrouter.${name}`,
]);

/**
 * OpenRouter's Broadcast: one span per request in the conventions' names, written by the gateway. OpenRouter sells and bills the
 * call, so it is the provider; who served it stays in the attributes (`trace.metadata.openrouter.provider_slug`). Costs are
 * `gen_ai.usage.total_cost` in US dollars; the `trace` field of a request becomes `trace.metadata.*`.
 */
export const openrouter: Dialect = {
  name: 'openrouter',
  matches: ({ scope, resource, attributes }) =>
    scope.name.startsWith('openrouter') ||
    readString(resource.attributes, 'service.name') === 'openrouter' ||
    isMarked(attributes),
  read: ({ attributes, name }) => ({
    operation: attributes.has('gen_ai.operation.name') || attributes.has('gen_ai.request.model') ? undefined : 'chain',
    provider: 'openrouter',
    reportedCostUsd: decimalText(
      readNumber(attributes, 'gen_ai.usage.total_cost', 'gen_ai.usage.cost', 'gen_ai.cost.total_cost')
    ),
    environment: readString(attributes, 'trace.metadata.environment'),
    agentName: readString(attributes, 'gen_ai.agent.name', 'trace.metadata.agent_name'),
    workflowName:
      readString(attributes, 'gen_ai.workflow.name', 'trace.metadata.trace_name') ??
      (attributes.has('gen_ai.request.model') ? undefined : name),
    consumed: CONSUMED,
  }),
};

function isMarked(attributes: Attributes): boolean {
  for (const key of MARKERS) if (attributes.has(key)) return true;
  return false;
}

const CONSUMED: readonly string[] = ['gen_ai.usage.total_cost', 'gen_ai.usage.cost', 'trace.metadata.environment'];
