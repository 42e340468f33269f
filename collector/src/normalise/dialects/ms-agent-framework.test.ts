import { spanOf } from '../testing/span-of.ts';
import { msAgentFramework } from './ms-agent-framework.ts';

describe('msAgentFramework', () => {
  it.each([
    ['chat', 'chat'],
    ['invoke_agent', 'invoke_agent'],
    ['execute_tool', 'execute_tool'],
  ])('reads operation %s', (name, operation) => {
    const span = spanOf({ 'gen_ai.operation.name': name }, { scope: 'agent_framework' });
    expect(msAgentFramework.matches(span)).toBe(true);
    expect(msAgentFramework.read(span).operation).toBe(operation);
  });

  it('reads workflows and their executors', () => {
    const workflow = spanOf(
      { 'workflow.id': 'w1', 'workflow.name': 'triage' },
      { scope: 'agent_framework', name: 'workflow.run' }
    );
    const executor = spanOf({ 'executor.id': 'e1' }, { scope: 'agent_framework', name: 'executor.process' });
    expect(msAgentFramework.read(workflow)).toMatchObject({ operation: 'invoke_workflow', workflowName: 'triage' });
    expect(msAgentFramework.matches(executor)).toBe(true);
    expect(msAgentFramework.read(executor).operation).toBe('chain');
  });
});
