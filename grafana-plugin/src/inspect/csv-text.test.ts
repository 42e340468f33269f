import { csvText } from './csv-text.ts';

const frame = (fields: object[], length: number) => ({ fields, length }) as unknown as Parameters<typeof csvText>[0];

describe('csvText', () => {
  it('writes names, numbers, times, quotes and gaps', () => {
    const text = csvText(
      frame(
        [
          { name: 'time', type: 'time', values: [0, 1_772_409_600_000] },
          { name: 'spend', type: 'number', labels: { series: 'gpt-4o' }, values: [-1.5, null] },
          { name: 'user', type: 'string', values: ['a "b"\nc', undefined] },
        ],
        2
      )
    );
    expect(text).toBe(
      '"time","gpt-4o","user"\r\n"1970-01-01T00:00:00.000Z",-1.5,"a ""b""\nc"\r\n"2026-03-02T00:00:00.000Z",,\r\n'
    );
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])(
    'makes text that a spreadsheet would run harmless: %j',
    (value) => {
      expect(csvText(frame([{ name: 'user', type: 'string', values: [value] }], 1))).toBe(`"user"\r\n"'${value}"\r\n`);
    }
  );
});
