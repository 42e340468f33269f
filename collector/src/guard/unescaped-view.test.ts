import { createUnescapedView, hidesCharacters, MAX_JSON_LEVELS } from './unescaped-view.ts';

const backslash = String.fromCharCode(92);
const hex = (character: string): string => `u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
const view = (text: string): ReturnType<typeof createUnescapedView> => createUnescapedView(text, { steps: 0 });

describe('the unescaped view', () => {
  it('resolves escapes at every depth and leads back to the whole escape', () => {
    for (let depth = 1; depth <= 4; depth += 1) {
      const escape = `${backslash.repeat(2 ** (depth - 1))}${hex('s')}`;
      const text = `"a${escape}k-b"`;
      expect(view(text).text).toBe('"ask-b"');
      const { toOriginal } = view(text);
      expect(text.slice(toOriginal(2), toOriginal(3))).toBe(escape);
      expect([toOriginal(0), toOriginal(7)]).toEqual([0, text.length]);
    }
  });

  it('resolves an escape whose own letters are escaped', () => {
    expect(view(`${backslash}${hex(backslash)}${hex('s')}k-`).text).toBe('sk-');
    const spelled = Array.from(hex('s'), (letter) => `${backslash}${hex(letter)}`).join('');
    expect(view(`${backslash}${backslash}${spelled}k-`).text).toBe('sk-');
  });

  it('leaves what is no escape', () => {
    expect(view(`C:${backslash}dir${backslash}`).text).toBe(`C:${backslash}dir${backslash}`);
    expect(view(`${backslash}u00`).text).toBe(`${backslash}u00`);
    expect(view('plain').text).toBe('plain');
  });

  it('refuses escapes below the deepest level instead of overlooking them', () => {
    const deep = `${backslash.repeat(2 ** MAX_JSON_LEVELS)}${hex('s')}k-`;
    expect(() => view(deep)).toThrow('nested too deeply');
    expect(view(`${backslash.repeat(2 ** MAX_JSON_LEVELS)}d`).text).toBe(`${backslash}d`);
  });

  it('knows texts in which a keyword may hide', () => {
    expect(hidesCharacters(`${backslash}${hex('s')}k-`)).toBe(true);
    expect(hidesCharacters(`https:${backslash}/${backslash}/host`)).toBe(true);
    expect(hidesCharacters(`caf${backslash}${hex('é')} ${backslash}n`)).toBe(false);
    expect(hidesCharacters('plain')).toBe(false);
  });
});
