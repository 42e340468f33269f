import { alertRuleQueries } from './alert-rule.ts';

describe('alertRuleQueries', () => {
  it('asks the alert query over its hours and fires above zero', () => {
    const alert = { name: 'Spend', summary: 'Spend of the last day', hours: 24, sql: 'SELECT 1' };
    const query = { refId: 'B', rawSql: 'SELECT 1', editorType: 'sql', datasource: { uid: 'ch', type: 'clickhouse' } };
    expect(alertRuleQueries(alert, query, 'ch')).toEqual([
      {
        refId: 'A',
        queryType: 'table',
        datasourceUid: 'ch',
        relativeTimeRange: { from: 86_400, to: 0 },
        model: {
          refId: 'A',
          rawSql: 'SELECT 1',
          editorType: 'sql',
          datasource: { uid: 'ch', type: 'clickhouse' },
          queryType: 'table',
          format: 1,
          intervalMs: 60_000,
          maxDataPoints: 43_200,
        },
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
          datasource: { type: '__expr__', uid: '__expr__' },
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
    ]);
  });
});
