import type { Dialect } from '../dialect.ts';
import { toOperation } from '../operation.ts';
import { readBoolean, readString } from '../read-attribute.ts';

/**
 * Microsoft Agent Framework (Python scope `agent_framework`, .NET `Experimental.Microsoft.Agents.AI`): current conventions, plus
 * message events in logs. Agents repeat the sum of their calls under the provider `microsoft.agent_framework`; finish reasons are
 * JSON text, and workflows have spans of their own (`workflow.*`, `executor.*`, `message.send`).
 */
export const msAgentFramework: Dialect = {
  name: 'ms-agent-framework',
  matches: ({ scope, attributes }) =>
    (scope.name.startsWith('agent_framework') || scope.name.startsWith('Experimental.Microsoft.Agents')) &&
    (attributes.has('gen_ai.operation.name') || attributes.has('workflow.id') || attributes.has('executor.id')),
  read: (span) => {
    const { attributes } = span;
    const name = readString(attributes, 'gen_ai.operation.name');
    return {
      operation:
        name === undefined ? (span.name.startsWith('workflow') ? 'invoke_workflow' : 'chain') : toOperation(name),
      workflowName: readString(attributes, 'gen_ai.workflow.name', 'workflow.name', 'workflow.id'),
      streaming: readBoolean(attributes, 'gen_ai.request.stream', 'gen_ai.request.is_stream'),
    };
  },
};
