import { BAR_START, FILTERS, quote } from './sql.ts';

describe('quote', () => {
  it.each([
    ['sales', "'sales'"],
    ["o'neil", "'o\\'neil'"],
    ['C:\\', "'C:\\\\'"],
    ["\\' OR 1=1 --", "'\\\\\\' OR 1=1 --'"],
    [7, "'7'"],
    ['$__fromTime', "'\\x24__fromTime'"],
  ])('%s stays one literal', (value, literal) => {
    expect(quote(value)).toBe(literal);
  });
});

describe('the words of the queries', () => {
  it('filter every view by the same variables', () => {
    expect(FILTERS)
      .toBe(`('__all__' IN (\${workspace:sqlstring}) OR if(workspace = '', '(none)', workspace) IN (\${workspace:sqlstring}))
  AND ('__all__' IN (\${environment:sqlstring}) OR if(environment = '', '(none)', environment) IN (\${environment:sqlstring}))
  AND ('__all__' IN (\${department:sqlstring}) OR if(department = '', '(none)', department) IN (\${department:sqlstring}))
  AND ('__all__' IN (\${provider:sqlstring}) OR if(provider = '', '(none)', provider) IN (\${provider:sqlstring}))
  AND ('__all__' IN (\${model:sqlstring}) OR if(model = '', '(none)', model) IN (\${model:sqlstring}))
  AND ('__all__' IN (\${agent:sqlstring}) OR if(agent_name = '', '(none)', agent_name) IN (\${agent:sqlstring}))`);
  });

  it('begin bars at local midnight', () => {
    expect(BAR_START).toBe(
      "toStartOfDay(time, replaceOne('${__timezone}', 'utc', 'UTC'))" +
        " + intDiv(least(toUnixTimestamp(time) - toUnixTimestamp(toStartOfDay(time, replaceOne('${__timezone}', 'utc', 'UTC'))), 86399)," +
        ' least(greatest(intDiv($__interval_s, 900), 1) * 900, 86400)) * least(greatest(intDiv($__interval_s, 900), 1) * 900, 86400)'
    );
  });
});
