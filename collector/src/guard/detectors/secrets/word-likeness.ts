/**
 * How often one letter follows another in English words, as the binary logarithm of the ratio to chance plus five, cut to
 * one digit. Row: first letter, column: second. Counted over the vocabulary of openly licensed prompts and answers.
 */
const LETTER_PAIRS = [
  '26763464625868261878554353',
  '63206001530600510542500030',
  '71417007606511810637500040',
  '62248232710423620552531040',
  '74786554513768454987465652',
  '50006500600500600524500030',
  '51117145500424510642500030',
  '71127000601333610435401030',
  '65767561214769852677360315',
  '40004000210000400010402000',
  '41116102500203300242201020',
  '73358321702732730255531060',
  '75207101600352660151500030',
  '72777582724335631378441142',
  '55664452424778660866756331',
  '71227105601611650745500030',
  '00000000000100000000500000',
  '84569352805455740676542061',
  '62618326704553662278613040',
  '72438317800533740776613162',
  '55545340502657250776100111',
  '60007000600000400000000000',
  '50015004501204510342001010',
  '30303000400020150004200410',
  '32324100400333340243111011',
  '40005000400000200000100012',
].join('');
const ALPHABET = 26;
const FIRST_LETTER = 97;
/** Nineteen of twenty English words are above it, nineteen of twenty runs of random letters are below it. */
const WORD_LIKE = 4.8;

/** True when the letters of a run could be a word: their mean pair value. Lower case, two letters or more. */
export function isWordLike(letters: string): boolean {
  let sum = 0;
  for (let index = 1; index < letters.length; index += 1) {
    const first = letters.charCodeAt(index - 1) - FIRST_LETTER;
    const second = letters.charCodeAt(index) - FIRST_LETTER;
    sum += Number(LETTER_PAIRS.charAt(first * ALPHABET + second));
  }
  return sum >= WORD_LIKE * (letters.length - 1);
}
