import { spanOf } from '../testing/span-of.ts';
import { semanticKernel } from './semantic-kernel.ts';

const PYTHON = 'semantic_kernel.utils.telemetry.model_diagnostics.decorators';

describe('semanticKernel', () => {
  it('reads the finish reasons of several choices in Python', () => {
    const span = spanOf(
      { 'gen_ai.operation.name': 'chat', 'gen_ai.response.finish_reason': 'FinishReason.STOP,FinishReason.LENGTH' },
      { scope: PYTHON }
    );
    expect(semanticKernel.matches(span)).toBe(true);
    expect(semanticKernel.read(span)).toMatchObject({
      operation: 'chat',
      finishReasons: ['stop', 'length'],
      fragments: [],
    });
  });

  it.each([
    ['text_completions', 'text_completion'],
    ['chat.completions', 'chat'],
    ['invoke_agent', 'invoke_agent'],
  ])('reads operation %s', (name, operation) => {
    expect(semanticKernel.read(spanOf({ 'gen_ai.operation.name': name }, { scope: PYTHON })).operation).toBe(operation);
  });

  it('reads functions of both languages', () => {
    const python = spanOf(
      {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'P-get_weather',
        'gen_ai.tool.call.arguments': '{"city":"Paris"}',
      },
      { scope: 'semantic_kernel.functions.kernel_function' }
    );
    const dotnet = spanOf({ 'semantic_kernel.function.name': 'get_weather' }, { scope: 'Microsoft.SemanticKernel' });
    expect(semanticKernel.read(python)).toMatchObject({
      operation: 'execute_tool',
      toolName: 'P-get_weather',
      fragments: [{ kind: 'input_messages' }],
    });
    expect(semanticKernel.matches(dotnet)).toBe(true);
    expect(semanticKernel.read(dotnet)).toMatchObject({ operation: 'execute_tool', toolName: 'get_weather' });
  });
});
