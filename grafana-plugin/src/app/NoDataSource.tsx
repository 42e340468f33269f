import React from 'react';
import { PluginPage } from '@grafana/runtime';
import { EmptyState, LinkButton, TextLink } from '@grafana/ui';
import { CLICKHOUSE_TYPE } from '../constants.ts';
import { TEST_IDS } from '../test-ids.ts';

/** Shown instead of every page as long as there is no ClickHouse data source. */
export function NoDataSource() {
  return (
    <PluginPage>
      <div data-testid={TEST_IDS.noDataSource}>
        <EmptyState
          variant="call-to-action"
          message="No ClickHouse data source yet"
          button={
            <LinkButton icon="plus" href={`/connections/datasources/${CLICKHOUSE_TYPE}`}>
              Add a ClickHouse data source
            </LinkButton>
          }
        >
          Spanledger reads its ledger through the ClickHouse data source. Use the protocol HTTP, the address of the SQL
          endpoint that the collector prints when it starts (127.0.0.1:8123 by default), the default database{' '}
          <code>genai</code>, and a user that may only read. When the plugin is missing, install{' '}
          <TextLink href={`/plugins/${CLICKHOUSE_TYPE}`} inline>
            ClickHouse
          </TextLink>{' '}
          first.
        </EmptyState>
      </div>
    </PluginPage>
  );
}
