import type { SceneDataQuery } from '@grafana/scenes';
import type { AlertQuery } from '../queries/sql.ts';

const SECONDS_PER_HOUR = 3600;
const EXPRESSION = { type: '__expr__', uid: '__expr__' };

export interface AlertRuleQuery {
  readonly refId: string;
  readonly queryType: string;
  readonly datasourceUid: string;
  readonly relativeTimeRange: { readonly from: number; readonly to: number };
  readonly model: Readonly<Record<string, unknown>>;
}

/** A: the alert query of a panel, a table with one number column; C: fires above 0, for the user to change. */
export function alertRuleQueries(alert: AlertQuery, query: SceneDataQuery, sourceUid: string): AlertRuleQuery[] {
  return [
    {
      refId: 'A',
      queryType: 'table',
      datasourceUid: sourceUid,
      relativeTimeRange: { from: alert.hours * SECONDS_PER_HOUR, to: 0 },
      model: { ...query, refId: 'A', queryType: 'table', format: 1, intervalMs: 60_000, maxDataPoints: 43_200 },
    },
    {
      refId: 'C',
      queryType: '',
      datasourceUid: '__expr__',
      relativeTimeRange: { from: 0, to: 0 },
      model: {
        refId: 'C',
        type: 'threshold',
        expression: 'A',
        datasource: EXPRESSION,
        conditions: [
          {
            type: 'query',
            evaluator: { type: 'gt', params: [0] },
            operator: { type: 'and' },
            query: { params: ['C'] },
            reducer: { type: 'last', params: [] },
          },
        ],
      },
    },
  ];
}
