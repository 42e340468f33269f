import { CLICKHOUSE_TYPE } from '../constants.ts';

/** The data source that the page's first variable names. */
export const DATA_SOURCE = { uid: '${ds}', type: CLICKHOUSE_TYPE };
