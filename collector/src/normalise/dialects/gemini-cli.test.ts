import { spanOf } from '../testing/span-of.ts';
import { geminiCli } from './gemini-cli.ts';

describe('geminiCli', () => {
  it.each([
    ['llm_call', 'generate_content'],
    ['tool_call', 'execute_tool'],
    ['agent_call', 'invoke_agent'],
    ['user_prompt', 'chain'],
  ])('reads operation %s', (name, operation) => {
    const span = spanOf({ 'gen_ai.agent.name': 'gemini-cli', 'gen_ai.operation.name': name });
    expect(geminiCli.matches(span)).toBe(true);
    expect(geminiCli.read(span).operation).toBe(operation);
  });
});
