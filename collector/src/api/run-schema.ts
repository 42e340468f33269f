import { Type } from '@sinclair/typebox';
import type { RepriceRun } from '../reprice/reprice-run.ts';
import { choice } from './choice.ts';

/** A run of re-pricing. */
export const runAnswer = Type.Object({
  id: Type.String(),
  state: choice(['running', 'done', 'failed']),
  from: Type.String(),
  to: Type.String(),
  provider: Type.String(),
  model: Type.String(),
  examined: Type.Integer(),
  amended: Type.Integer({ description: 'Exact when done' }),
  difference_usd: Type.String({ description: 'US dollars, decimal text; exact when done' }),
  failure: Type.String(),
  started_by: Type.String(),
  started_at: Type.String(),
  updated_at: Type.String(),
});

/** A run as the API shows it. */
export function showRun(run: RepriceRun) {
  return {
    id: run.id,
    state: run.state,
    from: run.from,
    to: run.to,
    provider: run.provider,
    model: run.model,
    examined: run.examined,
    amended: run.amended,
    difference_usd: run.deltaUsd,
    failure: run.failure,
    started_by: run.startedBy,
    started_at: new Date(run.startedAtMs).toISOString(),
    updated_at: new Date(run.updatedAtMs).toISOString(),
  };
}
