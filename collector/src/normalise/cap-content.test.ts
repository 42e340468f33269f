import { capContent, cutMark } from './cap-content.ts';
import type { SpanFragment } from './dialect.ts';

function fragment(body: string, kind: SpanFragment['kind'] = 'input_messages'): SpanFragment {
  return { kind, source: 'attribute', position: 0, body };
}

const message = (content: string) => ({ role: 'user', parts: [{ type: 'text', content }] });

describe('capContent', () => {
  test('leaves what fits as the same object', () => {
    const small = fragment(JSON.stringify([message('Hi')]));
    expect(capContent(small, 1000)).toBe(small);
  });

  test('shortens the long texts only, and says how long they were', () => {
    const capped = capContent(fragment(JSON.stringify([message('short'), message('x'.repeat(90_000))])), 20_000);
    expect(JSON.parse(capped.body)).toEqual([message('short'), message('x'.repeat(16_384) + cutMark(90_000))]);
  });

  test('keeps the beginning of many short messages', () => {
    const body = JSON.stringify(Array.from({ length: 1000 }, () => message('word')));
    const capped = capContent(fragment(body), 4000);
    expect(capped.body.length).toBeLessThanOrEqual(4000);
    expect(JSON.parse(capped.body)).toEqual([
      {
        role: 'unknown',
        parts: [{ type: 'text', content: body.slice(0, 2000).replace(/\w+$/, '') + cutMark(body.length) }],
      },
    ]);
  });

  test('keeps the beginning of what is no JSON', () => {
    const capped = capContent(fragment('[{"broken'.padEnd(5000, 'x'), 'tool_definitions'), 1000);
    expect(JSON.parse(capped.body)).toEqual([{ type: 'text', content: '[{"broken'.padEnd(500, 'x') + cutMark(5000) }]);
  });
});
