import React from 'react';
import { Alert } from '@grafana/ui';
import { TEST_IDS } from '../test-ids.ts';

/** Said once above the panels when the store does not answer. The message is the data source's. */
export function StoreError({ message }: { readonly message: string | undefined }) {
  return (
    <div data-testid={TEST_IDS.storeError}>
      <Alert severity="error" title="The ledger did not answer">
        <p>{message ?? 'The data source gave no reason.'}</p>
        <p>
          Check that the collector or ClickHouse runs, that the address and user of the data source are right, and that
          the database <code>genai</code> has its schema (<code>spanledger migrate</code>).
        </p>
      </Alert>
    </div>
  );
}
