import type { RE2JS } from 're2js';
import type { Detector, Match, StepMeter } from './detector.ts';
import { spendSteps } from './spend-steps.ts';

/** Texts up to this length are searched whole; of a longer one, piece by piece, so that no search runs over all of it again. */
const WHOLE_LENGTH = 2048;
const PIECE_LENGTH = 512;
/** A piece sees this much of the next one: longer matches that cross a seam are cut. */
const OVERLAP = 256;
/** More are not told apart: from there on a piece that holds a match is a match. */
export const MAX_MATCHES = 1000;
/** A known state of the automaton: one table lookup for each character. */
const TABLE_STEPS = 2;
/** Where a match is, is found without a table: each instruction of the pattern may be active at each character. */
const INSTRUCTION_STEPS = 16;
/** Patterns that can be walked by a table have a few dozen states; beyond this many the table is thrown away over and over. */
const MAX_TABLE_STATES = 1000;
const SCORE = 1;

/** Whether the pattern has been walked by a small table until now: then a test costs the same for each character. */
function hasSmallTable(expression: RE2JS): boolean {
  const table = expression.re2().lazyDFA as { readonly stateCount: number; readonly failed: boolean } | null;
  return table === null || (!table.failed && table.stateCount <= MAX_TABLE_STATES);
}

/**
 * Searches a text by an expression of somebody's own, with a bound on the work whatever pattern and text say: a table-driven
 * test passes over pieces without a match, and only in pieces with one it is looked where. Everything is added to the meter
 * at the price of its worst case; a span whose budget is used up makes it throw, and its content is withheld.
 * `^` and `$` stand at the ends of a text, and in texts of more than WHOLE_LENGTH at the seams of pieces too.
 */
export function findPattern(expression: RE2JS): Detector['find'] {
  const instructions = expression.programSize();

  /** A table that is thrown away over and over costs more than to look where right away. */
  const mayHold = (piece: string, meter: StepMeter): boolean => {
    if (!hasSmallTable(expression)) return true;
    spendSteps(meter, TABLE_STEPS * piece.length);
    return expression.test(piece);
  };

  return (text, _hits, meter) => {
    const matches: Match[] = [];
    const length = text.length <= WHOLE_LENGTH ? WHOLE_LENGTH : PIECE_LENGTH;
    for (let start = 0; start < text.length;) {
      const piece = text.slice(start, start + length + OVERLAP);
      let next = start + length;
      if (mayHold(piece, meter)) {
        if (matches.length >= MAX_MATCHES) matches.push(...withoutQuotes(piece.slice(0, length), start));
        else {
          const matcher = expression.matcher(piece);
          let from = 0;
          for (;;) {
            spendSteps(meter, INSTRUCTION_STEPS * instructions * (piece.length - from));
            // What begins in the overlap belongs to the next piece.
            if (!matcher.find() || matcher.start() >= length || matches.length >= MAX_MATCHES) break;
            from = matcher.end();
            next = Math.max(next, start + from);
            // A match never leaves the JSON string it began in.
            const quote = piece.slice(matcher.start(), from).indexOf('"');
            const end = quote === -1 ? from : matcher.start() + quote;
            if (end > matcher.start()) matches.push({ start: start + matcher.start(), end: start + end, score: SCORE });
          }
          // The rest of a piece with too many matches is looked at again, as a whole.
          if (matches.length >= MAX_MATCHES) next = Math.max(start + from, start + 1);
        }
      }
      start = next;
    }
    return matches;
  };
}

/** All of a piece as matches, without the quotes in it, so that JSON stays JSON. */
function withoutQuotes(piece: string, offset: number): readonly Match[] {
  const matches: Match[] = [];
  for (let start = 0; start < piece.length;) {
    const quote = piece.indexOf('"', start);
    const end = quote === -1 ? piece.length : quote;
    if (end > start) matches.push({ start: offset + start, end: offset + end, score: SCORE });
    start = end + 1;
  }
  return matches;
}
