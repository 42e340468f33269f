import { readConfig } from '../config.ts';
import { connect } from '../write/connect.ts';
import { createInsertRows } from '../write/insert-rows.ts';
import { createInsertSettings } from '../write/insert-settings.ts';
import { replayDeadLetters as replay } from '../write/replay-dead-letters.ts';
import { UsageError, type Command } from './command.ts';
import { readOptions } from './read-options.ts';
import { storeUrl } from './store-url.ts';

const DATABASE = 'genai';

export const replayDeadLetters: Command = {
  name: 'replay-dead-letters',
  usage: '[--workspace NAME] [--sql URL]',
  summary: 'Inserts the rows that the store refused again; doing it twice is harmless',
  run: async (args, context) => {
    const { values } = readOptions(args, { workspace: { type: 'string' }, sql: { type: 'string' } });
    const config = readConfig(context.environment, context.readFile);
    const url = storeUrl(values.sql, config);
    if (!/^https?:\/\//.test(url) || !URL.canParse(url))
      throw new UsageError('--sql must be a URL that begins with http:// or https://');
    const client = connect(url);
    try {
      const settings = createInsertSettings(client);
      const { replayed, refused } = await replay({
        client,
        database: DATABASE,
        insert: createInsertRows({ client, database: DATABASE, settings: settings.read, onFailure: settings.forget }),
        now: context.now,
        workspace: values.workspace,
      });
      context.answer(`${replayed} rows replayed, ${refused} refused again`);
      if (refused === 0) return 0;
      context.remark('spanledger: what is refused again stays in genai.dead_letters; error_message there says why');
      return 1;
    } finally {
      await client.close();
    }
  },
};
