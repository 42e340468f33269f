import { dayPartition, monthPartition, weekPartition } from './partition.ts';

const ns = (iso: string) => BigInt(Date.parse(iso)) * 1_000_000n;

describe('partition numbers', () => {
  it('change on Monday, at midnight UTC and on the first of the month, as the tables do', () => {
    const times = [
      '2026-03-01T23:59:59.999Z', // a Sunday
      '2026-03-02T00:00:00.000Z',
      '2026-03-08T23:59:59.999Z',
      '2026-03-09T00:00:00.000Z',
      '2026-03-31T23:59:59.999Z',
      '2026-04-01T00:00:00.000Z',
    ].map(ns);
    expect([
      times.map((time) => weekPartition(time, 0)),
      times.map((time) => dayPartition(time)),
      times.map((time) => monthPartition(time)),
    ]).toEqual([
      [2930, 2931, 2931, 2932, 2935, 2935],
      [20513, 20514, 20520, 20521, 20543, 20544],
      [202603, 202603, 202603, 202603, 202603, 202604],
    ]);
  });

  it('differ by retention class', () => {
    const time = ns('2026-03-02T00:00:00Z');
    expect([30, 90, 400].map((days) => weekPartition(time, days))).toEqual([30_002_931, 90_002_931, 400_002_931]);
  });
});
