import { createMetrics, type Metrics } from './metrics.ts';

const span = { dialect: 'otel-genai', fragments: [1, 2] };
type Observed = Parameters<Metrics['observe']>;

function valuesOf(text: string): Record<string, number> {
  return Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const space = line.lastIndexOf(' ');
        return [line.slice(0, space), Number(line.slice(space + 1))];
      })
  );
}

async function changed(change: (metrics: Metrics) => void): Promise<Record<string, number>> {
  const metrics = createMetrics('1.2.3', Date.now);
  const before = valuesOf(await metrics.text());
  change(metrics);
  const after = valuesOf(await metrics.text());
  const isOurs = (name: string): boolean => !/^spanledger_(?:process|nodejs)_/.test(name);
  return Object.fromEntries(Object.entries(after).filter(([name, value]) => isOurs(name) && before[name] !== value));
}

const totals = {
  received: 10,
  ignored: 1,
  rejected: 2,
  duplicate: 3,
  accepted: 4,
  delivered: 2,
  deadLettered: 1,
  damaged: 0,
  fragmentsAccepted: 8,
  fragmentsDelivered: 6,
  fragmentsDeadLettered: 1,
};
const ledgerStats = {
  totals,
  balanced: true,
  appendsFull: 5,
  isRefusing: true,
  appendsFailed: 6,
  diskFailures: 7,
  consecutiveFailures: 1,
  trouble: 'EIO',
  damagedRanges: 0,
  idLogFailures: 0,
  segments: 3,
  freeBytes: 1000,
};

describe('the metrics', () => {
  it('are all named, described and typed', async () => {
    const metrics = createMetrics('1.2.3', Date.now);
    const text = await metrics.text();
    const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => ({ name, type }));
    expect(types.length).toBeGreaterThan(20);
    for (const { name, type } of types) {
      expect(name).toMatch(/^spanledger_[a-z0-9_]+$/);
      expect(['counter', 'gauge', 'histogram']).toContain(type);
      expect(text).toMatch(new RegExp(`^# HELP ${name} \\S.+$`, 'm'));
    }
    expect(valuesOf(text)['spanledger_build_info{version="1.2.3"}']).toBe(1);
  });

  it('count what the receivers did', async () => {
    const labels = { transport: 'http', signal: 'traces', encoding: 'json' } as const;
    expect(
      await changed(({ receive }) => {
        receive.accepted(labels, { items: 100, rejected: 2, bytes: 5000 });
        receive.refused({ transport: 'grpc' }, 'overloaded');
        receive.aborted({ transport: 'http' });
      })
    ).toEqual({
      'spanledger_receive_requests_total{transport="http",signal="traces",encoding="json"}': 1,
      'spanledger_receive_items_total{transport="http",signal="traces",encoding="json"}': 100,
      'spanledger_receive_rejected_items_total{transport="http",signal="traces",encoding="json"}': 2,
      'spanledger_receive_bytes_total{transport="http",signal="traces",encoding="json"}': 5000,
      'spanledger_receive_refused_requests_total{transport="grpc",signal="",encoding="",reason="overloaded"}': 1,
      'spanledger_receive_aborted_requests_total{transport="http"}': 1,
    });
  });

  it('count what became of a request', async () => {
    const counts = { ignored: 1, clampedTimes: 2, cutContent: 3, cutAttributes: 4, cappedNames: 5 };
    const checked = { spans: [{ span, cost: { state: 'computed' } }], others: [1], fragments: [1], scores: [1] };
    expect(await changed(({ observe }) => observe(...([{ counts }, checked] as unknown as Observed)))).toEqual({
      'spanledger_normalise_spans_total{dialect="otel-genai"}': 1,
      spanledger_normalise_other_spans_total: 1,
      spanledger_normalise_ignored_total: 1,
      spanledger_normalise_scores_total: 1,
      spanledger_normalise_fragments_total: 3,
      spanledger_normalise_clamped_times_total: 2,
      'spanledger_normalise_cut_total{what="content"}': 3,
      'spanledger_normalise_cut_total{what="attribute"}': 4,
      'spanledger_normalise_cut_total{what="name"}': 5,
      'spanledger_price_spans_total{state="computed"}': 1,
    });
  });

  it('count what the guard did', async () => {
    expect(
      await changed(({ guard }) => {
        guard.spansChecked(2, 700);
        guard.findingMade('email', 'flag');
        guard.findingOmitted('email');
        guard.contentWithheld('guard-error');
      })
    ).toEqual({
      spanledger_guard_spans_total: 2,
      spanledger_guard_characters_total: 700,
      'spanledger_guard_findings_total{rule="email",action="flag"}': 1,
      'spanledger_guard_findings_omitted_total{rule="email"}': 1,
      'spanledger_guard_content_withheld_total{rule="guard-error"}': 1,
    });
  });

  it('count audits, what was forwarded and what is shared', async () => {
    const finding = (state: string, calls: number) => ({ state, calls });
    expect(
      await changed(({ audits, forwards, shared }) => {
        audits.audited('busy', 0, []);
        audits.audited('done', 7200, [finding('repaired', -2), finding('held', 1)]);
        audits.failed();
        forwards.count('sent', 5);
        forwards.count('cut', 2);
        forwards.lag(120);
        shared.connected(true);
        shared.fellBack('rate_limit');
      })
    ).toEqual({
      'spanledger_audit_runs_total{outcome="busy"}': 1,
      'spanledger_audit_runs_total{outcome="done"}': 1,
      'spanledger_audit_runs_total{outcome="failed"}': 1,
      spanledger_audit_closed_until_timestamp_seconds: 7200,
      'spanledger_audit_differences_total{state="repaired"}': 1,
      'spanledger_audit_differences_total{state="held"}': 1,
      spanledger_audit_difference_calls_total: 3,
      'spanledger_forward_spans_total{outcome="sent"}': 5,
      'spanledger_forward_spans_total{outcome="cut"}': 2,
      spanledger_forward_lag_seconds: 120,
      spanledger_redis_connected: 1,
      'spanledger_redis_fallbacks_total{what="rate_limit"}': 1,
    });
  });

  it('show the books of the ledger as they are when asked', async () => {
    const values = await changed(({ watchLedger }) =>
      watchLedger(
        { stats: () => ledgerStats, backlog: () => ({ records: 2, spans: 1, bytes: 900, oldestMs: 1500 }) },
        {
          stats: () => ({
            fingerprints: 9,
            bytes: 80,
            reachMs: 900_000,
            shrinks: 1,
            undeliveredShrinks: 0,
            unverifiedLate: 2,
            lateDuplicates: 3,
          }),
        },
        () => 12.5
      )
    );
    expect(values).toMatchObject({
      'spanledger_ledger_spans_total{outcome="received"}': 10,
      'spanledger_ledger_spans_total{outcome="dead_lettered"}': 1,
      'spanledger_ledger_fragments_total{outcome="delivered"}': 6,
      spanledger_ledger_balanced: 1,
      spanledger_ledger_oldest_seconds: 1.5,
      spanledger_ledger_outage_hours: 12.5,
      spanledger_ledger_full_total: 5,
      spanledger_duplicates_reach_seconds: 900,
    });
  });

  it('show the writer, the jobs and the embedded store', async () => {
    expect(
      await changed(({ watchWriter, settled, settleFailed, storeState }) => {
        watchWriter({
          stats: () => ({
            batches: 4,
            inserted: new Map([['spans', { rows: 10, bytes: 100 }]]),
            deadLettered: new Map([['spans', 1]]),
            failures: new Map([[0, 2]]),
            troubles: new Map(),
            unexpectedRepeats: 1,
            lastDelayMs: 500,
          }),
        });
        settled({ examined: 5, amended: 1 });
        settleFailed();
        storeState('restarting');
      })
    ).toEqual({
      spanledger_write_batches_total: 4,
      'spanledger_write_rows_total{table="spans"}': 10,
      'spanledger_write_bytes_total{table="spans"}': 100,
      'spanledger_write_dead_lettered_rows_total{table="spans"}': 1,
      'spanledger_write_failures_total{code="0"}': 2,
      spanledger_write_unexpected_repeats_total: 1,
      spanledger_write_last_delay_seconds: 0.5,
      spanledger_settle_examined_total: 5,
      spanledger_settle_amended_total: 1,
      spanledger_settle_failures_total: 1,
      'spanledger_store_state{state="starting"}': 0,
      'spanledger_store_state{state="ready"}': 0,
      'spanledger_store_state{state="restarting"}': 1,
      'spanledger_store_state{state="stopped"}': 0,
      spanledger_store_restarts_total: 1,
    });
  });
});
