import React from 'react';
import type { SceneComponentProps, SceneObjectState } from '@grafana/scenes';
import { SceneObjectBase } from '@grafana/scenes';
import { Alert, TextLink } from '@grafana/ui';
import { useLocation } from 'react-router-dom';
import { pageUrl } from '../constants.ts';
import { runQuery } from '../panels/run-query.ts';
import { uncounted } from '../queries/books.ts';
import { TEST_IDS } from '../test-ids.ts';
import { Commands } from './Commands.tsx';
import { priceCommand } from './price-command.ts';
import { readNumber } from './read-number.ts';
import { readText } from './read-text.ts';

/** Says which calls the spend does not contain, and how to change that. Nothing is shown when it contains all. */
export class UncountedNotice extends SceneObjectBase<SceneObjectState> {
  public static Component = UncountedNoticeView;

  public constructor() {
    super({ $data: runQuery(uncounted) });
  }
}

function UncountedNoticeView({ model }: SceneComponentProps<UncountedNotice>) {
  const { data } = model.state.$data!.useState();
  const { pathname, search } = useLocation();
  const read = (name: string) => readNumber(data?.series ?? [], name) ?? 0;
  const unpriced = read('calls_unpriced');
  const tokens = read('tokens_unpriced');
  const withoutUsage = read('calls_without_usage');
  const text = (name: string) => readText(data?.series ?? [], name) ?? '';
  const largest = text('model_to_price');
  const command = priceCommand({
    provider: text('provider_to_price'),
    model: largest,
    since: text('unpriced_since'),
  });
  if (unpriced === 0 && withoutUsage === 0) {
    return null;
  }
  return (
    <div data-testid={TEST_IDS.uncounted}>
      <Alert severity="warning" title="The spend is higher than shown" bottomSpacing={0}>
        {unpriced !== 0 && (
          <div>
            {count(unpriced, 'call')} with {count(tokens, 'token')} went to models without a price.{' '}
            {pathname.startsWith(pageUrl('cost')) ? (
              'See below which.'
            ) : (
              <TextLink href={pageUrl('cost') + search} inline>
                See which
              </TextLink>
            )}
          </div>
        )}
        {unpriced !== 0 && command !== undefined && (
          <div>
            Most of these tokens: {largest}. One command sets its price per million tokens and re-prices what is stored
            since, with a key of the workspace {text('workspace_to_price')}:
            <Commands text={command} />
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
