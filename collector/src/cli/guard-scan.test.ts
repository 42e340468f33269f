import { Readable } from 'node:stream';
import { defaultGuardPolicy } from '../guard/guard-policy.ts';
import { MAX_LINE_LENGTH } from './bounded-lines.ts';
import { scanJsonLines } from './guard-scan.ts';
import { runCommand } from './testing/run-command.ts';

const parse = (lines: readonly string[]): unknown[] => lines.map((line): unknown => JSON.parse(line));
const EMAIL = { type: 'EMAIL', label: 'EMAIL', rule: 'email', start: 2, end: 17, score: 1 };

describe('guard-scan', () => {
  it('answers each line with verdicts in code points, and a line it cannot read with its number', async () => {
    const answers: string[] = [];
    const lines = ['{"id":1,"text":"😀 ada@example.org"}', '', 'no json', '{"id":2}', '{"id":"c","text":"hello"}\r'];
    const scanned = await scanJsonLines(defaultGuardPolicy, {
      input: Readable.from([lines.join('\n')]),
      answer: (line) => void answers.push(line),
      now: () => 5,
    });
    expect(scanned).toEqual({ lines: 4, faults: 2 });
    expect(parse(answers)).toEqual([
      { id: 1, verdicts: [EMAIL], ms: 0 },
      { line: 3, error: 'not JSON' },
      { line: 4, error: 'a line must be {"id": …, "text": "…"}' },
      { id: 'c', verdicts: [], ms: 0 },
    ]);
  });

  it('reads characters that lie over two pieces, and never holds a line that is too long', async () => {
    const bytes = Buffer.from('{"id":1,"text":"😀 ada@example.org has answered"}');
    const half = bytes.indexOf(0xf0) + 2;
    const long = Array.from({ length: 17 }, () => Buffer.alloc(MAX_LINE_LENGTH / 16, 'a'));
    const input = Readable.from([bytes.subarray(0, half), bytes.subarray(half), Buffer.from('\n'), ...long, '\n{}\n']);
    const run = await runCommand(['guard-scan'], { input });
    expect({ ...run, answers: parse(run.answers) }).toEqual({
      code: 1,
      answers: [
        { id: 1, verdicts: [EMAIL], ms: 0 },
        { line: 2, error: 'a line has at most 16777216 characters' },
        { line: 3, error: 'a line must be {"id": …, "text": "…"}' },
      ],
      remarks: ['spanledger guard-scan: 2 of 3 lines could not be checked: see their "error"'],
    });
  });

  it('takes a policy from a file and says all that is wrong with one', async () => {
    const run = (policy: string) =>
      runCommand(['guard-scan', '--policy', 'p.json'], {
        readFile: () => policy,
        input: Readable.from(['{"id":1,"text":"blue heron"}']),
      });
    const rule = '{"name":"birds","keywords":["heron"]}';
    expect(parse((await run(`{"version":"1","custom":[${rule}]}`)).answers)).toEqual([
      { id: 1, verdicts: [{ type: 'custom', label: 'custom', rule: 'birds', start: 5, end: 10, score: 1 }], ms: 0 },
    ]);
    expect(await run('{"rules":{"emial":{}}}')).toEqual({
      code: 1,
      answers: [],
      remarks: [
        'spanledger: p.json: version: must be a text',
        'spanledger: p.json: rules.emial: is not the name of a rule',
      ],
    });
    expect((await run('{')).remarks).toEqual(['spanledger: p.json: it is not JSON']);
  });
});
