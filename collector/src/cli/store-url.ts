import type { Config } from '../config.ts';
import { UsageError } from './command.ts';

/** Where the store answers: as given, as configured, or the embedded store's listener. Throws UsageError when its port is not fixed. */
export function storeUrl(given: string | undefined, { clickhouseUrl, sqlListen: { host, port } }: Config): string {
  const url = given ?? clickhouseUrl;
  if (url !== undefined) return url;
  if (port === 0) throw new UsageError('SPANLEDGER_SQL_LISTEN has port 0: give --sql with the URL of the ready line');
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
