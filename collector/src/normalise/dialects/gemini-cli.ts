import type { Dialect } from '../dialect.ts';
import { readString } from '../read-attribute.ts';

/** The CLI's own operation names → operation. Prompts and scheduling are steps. */
const OPERATIONS: ReadonlyMap<string, string> = new Map([
  ['llm_call', 'generate_content'],
  ['tool_call', 'execute_tool'],
  ['agent_call', 'invoke_agent'],
]);

/** Gemini CLI's traces: semantic conventions with own operation names, told by the agent name `gemini-cli`. */
export const geminiCli: Dialect = {
  name: 'gemini-cli',
  matches: ({ attributes }) =>
    attributes.get('gen_ai.agent.name') === 'gemini-cli' && attributes.has('gen_ai.operation.name'),
  read: ({ attributes }) => {
    const operation = OPERATIONS.get(readString(attributes, 'gen_ai.operation.name') ?? '') ?? 'chain';
    return {
      operation,
      provider:
        operation === 'generate_content'
          ? (readString(attributes, 'gen_ai.provider.name', 'gen_ai.system') ?? 'google')
          : undefined,
    };
  },
};
