import { formatValue } from './format-value.ts';

const format = (value: unknown, name: string) => formatValue('agent', value).formatter(name);

describe('formatValue', () => {
  it('quotes each value as a ClickHouse literal', () => {
    expect(format(['a', "o'b\\"], 'sqlstring')).toBe("'a','o\\'b\\\\'");
    expect(format('$__all', 'sqlstring')).toBe("'\\x24__all'");
  });

  it('writes URL parameters', () => {
    expect(format(['a b', '&x='], 'queryparam')).toBe('var-agent=a%20b&var-agent=%26x%3D');
  });

  it('is plain for everything else', () => {
    expect(format(['a', 'b'], 'text')).toBe('a,b');
    expect(format('a', '')).toBe('a');
  });
});
