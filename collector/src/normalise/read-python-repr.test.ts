import fc from 'fast-check';
import { readPythonRepr } from './read-python-repr.ts';

describe('readPythonRepr', () => {
  test.each([
    ["{'a': 1, 'b': None, 'c': True, 'd': False}", { a: 1, b: null, c: true, d: false }],
    ["[{'role': 'user', 'content': \"it's\"}]", [{ role: 'user', content: "it's" }]],
    ["('x', -1.5e3,)", ['x', -1500]],
    [`'\\n\\x41\\u00e9\\'\\\\'`, `\nAé'\\`],
    [
      "{'completion_tokens_details': {'reasoning_tokens': 320}}",
      { completion_tokens_details: { reasoning_tokens: 320 } },
    ],
    ['{}', {}],
  ])('reads %s', (text, expected) => {
    expect(JSON.parse(JSON.stringify(readPythonRepr(text)))).toEqual(expected);
  });

  test.each([
    '',
    'Usage(total=3)',
    "{'a': 1",
    "{'a' 1}",
    '[1 2]',
    'hello world',
    "'open",
    '[1] extra',
    '('.repeat(100),
  ])('does not take %p for a literal', (text) => {
    expect(readPythonRepr(text)).toBeUndefined();
  });

  test('never throws, and reads back what Python would print for texts', () => {
    fc.assert(fc.property(fc.string(), (text) => void readPythonRepr(text)));
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~]*$/), (text) => {
        expect(readPythonRepr(`['${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}']`)).toEqual([text]);
      })
    );
  });
});
