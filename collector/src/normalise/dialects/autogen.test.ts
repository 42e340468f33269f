import { spanOf } from '../testing/span-of.ts';
import { autogen } from './autogen.ts';

describe('autogen', () => {
  it.each(['create_agent', 'invoke_agent', 'execute_tool'])('reads %s', (name) => {
    const span = spanOf({ 'gen_ai.operation.name': name, 'gen_ai.system': 'autogen' }, { scope: 'autogen-core' });
    expect(autogen.matches(span)).toBe(true);
    expect(autogen.read(span)).toEqual({ operation: name });
  });

  it('leaves messaging spans alone', () => {
    expect(autogen.matches(spanOf({ 'messaging.operation': 'publish' }, { scope: 'autogen-core' }))).toBe(false);
  });
});
