import { sampleProtobuf, sampleSpan } from '../src/receive/testing/sample-traces.ts';
import { runCollector } from './support/run-collector.ts';
import type { RunningCollector } from './support/run-collector.ts';

/** Values by name and labels, as `/metrics` writes them. */
function read(text: string): (name: string, labels?: string) => number {
  const values = [...text.matchAll(/^(spanledger_[a-z_]+)(?:\{([^}]*)\})? (\S+)$/gm)];
  return (name, labels = '') =>
    values
      .filter(([, found, given = '']) => found === name && given.includes(labels))
      .reduce((sum, [, , , value]) => sum + Number(value), 0);
}

describe('the metrics of known traffic', () => {
  let collector: RunningCollector;
  beforeAll(async () => {
    collector = await runCollector(['acme']);
    await collector.client.command({
      query: 'ALTER TABLE genai.spans ADD CONSTRAINT poison CHECK output_tokens != 666',
    });
  });
  afterAll(() => collector.stop());

  const now = BigInt(Date.now()) * 1_000_000n;
  const span = (number: number, outputTokens = 7) => {
    const { attributes } = sampleSpan(1);
    return sampleSpan(1, {
      spanId: number === 0 ? '0'.repeat(16) : number.toString(16).padStart(16, '0'),
      startTimeUnixNano: now,
      endTimeUnixNano: now + 1_000_000n,
      attributes: new Map([...attributes, ['gen_ai.usage.output_tokens', outputTokens]]),
    });
  };
  const other = (number: number) => ({ ...span(number), name: 'GET /', attributes: new Map([['http.route', '/']]) });
  const post = async (
    spans: readonly ReturnType<typeof span>[],
    key = collector.keys.get('acme')!
  ): Promise<number> => {
    const answer = await fetch(`${collector.urls.http}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf', authorization: `Bearer ${key}` },
      body: new Uint8Array(sampleProtobuf(spans)),
    });
    return answer.status;
  };

  it('balance at every stage: what came in is what went on, was refused, repeated, given up or waits', async () => {
    const many = Array.from({ length: 100 }, (_, i) => span(i + 10));
    // One id is no id, one span the store will refuse, two are not GenAI.
    const mixed = [span(0), span(1), span(2, 666), other(3), other(4)];
    expect([await post([...mixed, ...many]), await post([...mixed, ...many]), await post([span(5)], 'wrong')]).toEqual([
      200, 200, 401,
    ]);
    await collector.delivered();
    const look = async () => read(await (await fetch(`${collector.urls.http}/metrics`)).text());
    let value = await look();
    // The ledger writes down what was delivered a moment after the store has it.
    while (value('spanledger_ledger_backlog_spans') > 0) value = await look();
    const ledger = (outcome: string) => value('spanledger_ledger_spans_total', `outcome="${outcome}"`);

    expect(value('spanledger_receive_items_total')).toBe(210);
    expect(value('spanledger_receive_rejected_items_total')).toBe(2);
    expect(value('spanledger_receive_refused_requests_total', 'reason="invalid_key"')).toBe(1);
    expect(
      Object.fromEntries(
        ['received', 'rejected', 'duplicate', 'ignored', 'accepted'].map((each) => [each, ledger(each)])
      )
    ).toEqual({ received: 210, rejected: 2, duplicate: 104, ignored: 0, accepted: 104 });
    expect(value('spanledger_normalise_spans_total') + value('spanledger_normalise_other_spans_total')).toBe(104);
    expect(value('spanledger_normalise_spans_total')).toBe(102);
    expect(value('spanledger_price_spans_total')).toBe(102);
    expect([
      ledger('delivered'),
      ledger('dead_lettered'),
      ledger('damaged'),
      value('spanledger_ledger_backlog_spans'),
    ]).toEqual([103, 1, 0, 0]);
    expect(value('spanledger_write_rows_total', 'table="spans"')).toBe(101);
    expect(value('spanledger_write_rows_total', 'table="other_spans"')).toBe(2);
    expect(value('spanledger_write_dead_lettered_rows_total', 'table="spans"')).toBe(1);
    expect(value('spanledger_ledger_balanced')).toBe(1);

    // Each of the two requests that were let in was timed once in each stage.
    for (const stage of ['decode', 'normalise', 'price', 'guard', 'encode'])
      expect([stage, value('spanledger_stage_seconds_count', `stage="${stage}"`)]).toEqual([stage, 2]);
    // A request that leaves no rows does not wait for the disk.
    expect(value('spanledger_stage_seconds_count', 'stage="ledger"')).toBe(1);
    expect(value('spanledger_ledger_fsync_seconds_count')).toBeGreaterThan(0);
    expect(value('spanledger_write_insert_seconds_count', 'table="spans"')).toBeGreaterThan(0);
    expect(value('spanledger_ledger_oldest_seconds')).toBe(0);
    expect(value('spanledger_ledger_written_bytes_total')).toBeGreaterThan(0);
  });
});
