import { readFileSync } from 'node:fs';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('the figures of the content models', () => {
  it('are in the document what the trainer wrote beside the weights', () => {
    const document = read('../../../../docs/guardrails.md');
    const weights = read('./content-weights.ts');
    const rows = [
      ['injection', '| injection and jailbreak (held out)'],
      ['toxicity', '| toxicity (held out)'],
    ] as const;
    for (const [name, row] of rows) {
      const figures = new RegExp(
        `${name} F1 (\\S+) ± (\\S+), precision (\\S+), recall (\\S+), .*ordinary texts (\\d\\.\\d+)`
      );
      const [, f1, deviation, precision, recall, ordinary] = (figures.exec(weights) ?? []).map(Number);
      const line = document.split('\n').find((text) => text.startsWith(row)) ?? '';
      const cells = line.split('|').map((cell) => cell.trim());
      expect(cells.slice(3, 6)).toEqual([
        precision!.toFixed(3),
        recall!.toFixed(3),
        `${f1!.toFixed(3)} ± ${deviation!.toFixed(3)}`,
      ]);
      expect(cells[6]).toContain(`${(ordinary! * 100).toFixed(1)} % of ordinary texts`);
    }
  });
});
