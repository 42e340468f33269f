import type { FindingLocation, GenAiSpan } from '../span.ts';

/** What is known of a text beyond its characters. */
export interface TextContext {
  readonly location: FindingLocation;
  readonly agent: string;
  readonly environment: string;
  readonly model: string;
  readonly tool: string;
  /** False when the span is in another request: then nobody knows its agent, environment, model and tool. */
  readonly spanKnown: boolean;
}

/** Where a rule applies. A list that is absent or empty allows everything; names end in `*` to mean a prefix. */
export interface RuleScope {
  readonly locations?: readonly FindingLocation[];
  readonly agents?: readonly string[];
  readonly environments?: readonly string[];
  readonly models?: readonly string[];
  readonly tools?: readonly string[];
}

/** A text at `location` that belongs to no span. */
export function contextAt(location: FindingLocation): TextContext {
  return { location, agent: '', environment: '', model: '', tool: '', spanKnown: false };
}

/** What a span says about all of its texts. */
export function contextOfSpan(span: GenAiSpan): Omit<TextContext, 'location'> {
  const { agentName, environment, requestModel, responseModel, toolName } = span;
  const model = requestModel === '' ? responseModel : requestModel;
  return { agent: agentName, environment, model, tool: toolName, spanKnown: true };
}

function matchesName(names: readonly string[] | undefined, value: string): boolean {
  if (names === undefined || names.length === 0) return true;
  return names.some((name) => (name.endsWith('*') ? value.startsWith(name.slice(0, -1)) : value === name));
}

/** True when a rule with this scope applies to a text. Where the span is not known, it does: rather once too often than a leak. */
export function isInScope(scope: RuleScope | undefined, context: TextContext): boolean {
  if (scope === undefined) return true;
  if (!matchesName(scope.locations, context.location)) return false;
  if (!context.spanKnown) return true;
  return (
    matchesName(scope.agents, context.agent) &&
    matchesName(scope.environments, context.environment) &&
    matchesName(scope.models, context.model) &&
    matchesName(scope.tools, context.tool)
  );
}
