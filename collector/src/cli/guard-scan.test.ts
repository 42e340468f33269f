import { PassThrough, Readable } from 'node:stream';
import { text as readText } from 'node:stream/consumers';
import { defaultGuardPolicy } from '../guard/guard-policy.ts';
import { scanJsonLines } from './guard-scan.ts';

describe('guard-scan', () => {
  it('answers each line with verdicts in code points', async () => {
    const output = new PassThrough();
    const lines = ['{"id":1,"text":"😀 ada@example.org"}', '', 'no json', '{"id":2}', '{"id":"c","text":"hello"}'];
    const scanned = scanJsonLines(defaultGuardPolicy, {
      input: Readable.from([lines.join('\n')]),
      output,
      now: () => 5,
    });
    expect(await scanned).toBe(4);
    output.end();
    const answers = (await readText(output))
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(answers).toEqual([
      { id: 1, verdicts: [{ type: 'EMAIL', label: 'EMAIL', rule: 'email', start: 2, end: 17, score: 1 }], ms: 0 },
      { error: 'not JSON' },
      { error: 'a line must be {"id": …, "text": "…"}' },
      { id: 'c', verdicts: [], ms: 0 },
    ]);
  });
});
