import { anythingStored, filterOptions, uncounted } from './books.ts';
import { costParts, costTable, spendByChoiceOverTime, spendByModelOverTime, topSpend, unpricedModels } from './cost.ts';
import * as headlines from './headlines.ts';
import { topUsers } from './users.ts';

const ALL = {
  ...headlines,
  anythingStored,
  uncounted,
  costParts,
  spendByModelOverTime,
  spendByChoiceOverTime,
  unpricedModels,
  costTable: costTable('department'),
  topSpend: topSpend('agent', 10),
  topUsers: topUsers(10),
};

describe('the text of the queries', () => {
  it.each(Object.entries(ALL))('%s', (_, { sql, alert }) => {
    expect(sql).toMatchSnapshot();
    expect(alert?.sql).toMatchSnapshot();
  });

  it('options of a filter', () => {
    expect(filterOptions('agent')).toBe(
      "SELECT DISTINCT if(agent_name = '', '(none)', agent_name) AS name FROM genai.usage WHERE time >= toDateTime(intDiv(toUnixTimestamp($__fromTime), 900) * 900) AND time < $__toTime ORDER BY name"
    );
  });

  it('alert rules know no time zone and no interval', () => {
    for (const { alert } of Object.values(ALL)) expect(alert?.sql ?? '').not.toMatch(/__timezone|__interval/);
  });
});
