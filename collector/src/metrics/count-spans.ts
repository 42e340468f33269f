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
    for (const { span, cost } of checked.spans) {
      spans.inc({ dialect: span.dialect });
      states.inc({ state: cost.state });
      fragments.inc(span.fragments.length);
    }
    fragments.inc(checked.fragments.length);
    others.inc(checked.others.length);
    scores.inc(checked.scores.length);
    ignored.inc(counts.ignored);
    clamped.inc(counts.clampedTimes);
    cut.inc({ what: 'content' }, counts.cutContent);
    cut.inc({ what: 'attribute' }, counts.cutAttributes);
    cut.inc({ what: 'name' }, counts.cappedNames);
  };
}
