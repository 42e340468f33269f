import React from 'react';
import type { SceneComponentProps, SceneObjectState } from '@grafana/scenes';
import { SceneObjectBase } from '@grafana/scenes';
import { locationUtil } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { Alert, TextLink } from '@grafana/ui';
import { pageUrl } from '../constants.ts';
import { runQuery } from '../panels/run-query.ts';
import { uncounted } from '../queries/books.ts';
import { TEST_IDS } from '../test-ids.ts';
import { readNumber } from './read-number.ts';

/** Says which calls the spend does not contain. Nothing is shown when it contains all. */
export class UncountedNotice extends SceneObjectBase<SceneObjectState> {
  public static Component = UncountedNoticeView;

  public constructor() {
    super({ $data: runQuery(uncounted) });
  }
}

function UncountedNoticeView({ model }: SceneComponentProps<UncountedNotice>) {
  const { data } = model.state.$data!.useState();
  const read = (name: string) => readNumber(data?.series ?? [], name) ?? 0;
  const unpriced = read('calls_unpriced');
  const tokens = read('tokens_unpriced');
  const withoutUsage = read('calls_without_usage');
  if (unpriced === 0 && withoutUsage === 0) {
    return null;
  }
  const costPage = locationUtil.assureBaseUrl(pageUrl('cost') + locationService.getLocation().search);
  return (
    <div data-testid={TEST_IDS.uncounted}>
      <Alert severity="warning" title="The spend is higher than shown" bottomSpacing={0}>
        {unpriced !== 0 && (
          <div>
            {count(unpriced, 'call')} with {count(tokens, 'token')} went to models without a price.{' '}
            <TextLink href={costPage} inline>
              See which
            </TextLink>{' '}
            and add a price with <code>spanledger prices set</code>.
          </div>
        )}
        {withoutUsage !== 0 && (
          <div>
            {count(withoutUsage, 'call')} came without token counts, so nothing could be priced. Streaming calls often
            need <code>stream_options.include_usage</code>.
          </div>
        )}
      </Alert>
    </div>
  );
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString()} ${noun}${number === 1 ? '' : 's'}`;
}
