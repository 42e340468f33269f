import { hostname } from 'node:os';
import { readConfig } from '../config.ts';
import { schemaTarget } from '../store/schema-target.ts';
import { connect } from '../write/connect.ts';
import { migrate as applyMigrations } from '../write/migrate.ts';
import { UsageError, type Command } from './command.ts';
import { readOptions } from './read-options.ts';
import { storeUrl } from './store-url.ts';

export const migrate: Command = {
  name: 'migrate',
  usage: '[--sql URL]',
  summary: 'Brings the schema of the store to this version',
  run: async (args, context) => {
    const { values } = readOptions(args, { sql: { type: 'string' } });
    const config = readConfig(context.environment, context.readFile);
    const url = storeUrl(values.sql, config);
    if (!/^https?:\/\//.test(url) || !URL.canParse(url))
      throw new UsageError('--sql must be a URL that begins with http:// or https://');
    const client = connect(url);
    try {
      const { applied } = await applyMigrations({
        client,
        sqlDir: context.sqlDirectory,
        holder: `${hostname()} (command line)`,
        ...schemaTarget(config),
      });
      for (const name of applied) context.answer(`applied ${name}`);
      context.answer(
        applied.length === 0 ? 'the schema is up to date' : `the schema is up to date, ${applied.length} applied`
      );
      return 0;
    } finally {
      await client.close();
    }
  },
};
