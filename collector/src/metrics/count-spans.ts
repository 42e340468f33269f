import { Counter, type Registry } from 'prom-client';
import type { NormalisedRequest } from '../normalise/normalise.ts';
import type { Checked } from '../span.ts';

export type CountSpans = (normalised: NormalisedRequest, checked: Checked) => void;

/** Counts what one request became on its way through normalise and price. */
export function createCountSpans(registry: Registry): CountSpans {
  const registers = [registry];
  const counter = (name: string, help: string): Counter => new Counter({ name, help, registers });
  const spans = new Counter({
    name: 'spanledger_normalise_spans_total',
    help: 'GenAI spans by the dialect that recognised them',
    labelNames: ['dialect'],
    registers,
  });
  const others = counter(
    'spanledger_normalise_other_spans_total',
    'Spans that are not GenAI and are kept in lean form'
  );
  const ignored = counter(
    'spanledger_normalise_ignored_total',
    'Spans and log records that became neither a row nor content'
  );
  const scores = counter('spanledger_normalise_scores_total', 'Scores from evaluation events');
  const fragments = counter('spanledger_normalise_fragments_total', 'Content fragments, of spans and of log events');
  const clamped = counter(
    'spanledger_normalise_clamped_times_total',
    'Times outside the accepted range, replaced by the time of receipt'
  );
  const cut = new Counter({
    name: 'spanledger_normalise_cut_total',
    help: 'Texts that were shortened or replaced to stay within a limit: content, attribute or name',
    labelNames: ['what'],
    registers,
  });
  const states = new Counter({
    name: 'spanledger_price_spans_total',
    help: 'GenAI spans by how their cost came about',
    labelNames: ['state'],
    registers,
  });
  return ({ counts }, checked) => {
    // A counter hashes its labels each time: once a request, not once a span.
    const byDialect = new Map<string, number>();
    const byState = new Map<string, number>();
    let fragmentCount = checked.fragments.length;
    for (const { span, cost } of checked.spans) {
      byDialect.set(span.dialect, (byDialect.get(span.dialect) ?? 0) + 1);
      byState.set(cost.state, (byState.get(cost.state) ?? 0) + 1);
      fragmentCount += span.fragments.length;
    }
    for (const [dialect, count] of byDialect) spans.inc({ dialect }, count);
    for (const [state, count] of byState) states.inc({ state }, count);
    fragments.inc(fragmentCount);
    others.inc(checked.others.length);
    scores.inc(checked.scores.length);
    ignored.inc(counts.ignored);
    clamped.inc(counts.clampedTimes);
    cut.inc({ what: 'content' }, counts.cutContent);
    cut.inc({ what: 'attribute' }, counts.cutAttributes);
    cut.inc({ what: 'name' }, counts.cappedNames);
  };
}
