/** Every data-testid of the app. */
export const TEST_IDS = {
  noDataSource: 'spanledger no data source',
  storeError: 'spanledger store error',
  firstRun: 'spanledger first run',
  uncounted: 'spanledger uncounted',
  inspect: 'spanledger inspect',
} as const;
