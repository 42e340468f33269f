import type { Config } from '../config.ts';

/** Tables that hold the data of one server of a cluster; those of `genai` spread over them. */
const LOCAL_DATABASE = 'genai_local';

/** Where the schema goes, as `migrate` wants it: one server, or a cluster of the configuration. */
export function schemaTarget(config: Pick<Config, 'clickhouseCluster'>): {
  readonly database: string;
  readonly cluster: { readonly name: string; readonly localDatabase: string } | undefined;
} {
  const name = config.clickhouseCluster;
  return { database: 'genai', cluster: name === undefined ? undefined : { name, localDatabase: LOCAL_DATABASE } };
}
