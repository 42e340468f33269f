// The whole program in a process that may be killed. Settings as for `spanledger serve`; CLOCK_AHEAD_MS sets its clock forward.
// Messages ({id, command: 'jump', ms} sets it forward while it runs): {id, command: 'delivered' | 'settle' | 'audit'} are answered with {id, fault}; the first one out is {urls}.
import { join } from 'node:path';
import { startCollector } from '../../dist/collector.js';
import { readConfig } from '../../dist/config.js';
import { createLog } from '../../dist/log.js';

let aheadMs = Number(process.env.CLOCK_AHEAD_MS ?? 0);
const settings = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('SPANLEDGER_')));
const root = join(import.meta.dirname, '../../..');
const collector = await startCollector(
  readConfig(settings, () => ''),
  {
    sqlDirectory: join(root, 'sql/migrations'),
    embeddedProgram: join(root, 'embedded-clickhouse/bin/embedded-clickhouse.mjs'),
    log: createLog('info', process.stderr),
    version: 'test',
    now: () => Date.now() + aheadMs,
  }
);
const commands = {
  jump: async (ms) => {
    aheadMs += ms;
  },
  audit: collector.audit,
  delivered: collector.delivered,
  settle: async () => {
    await collector.delivered();
    await collector.settle();
    await collector.delivered();
  },
};
process.on('message', ({ id, command, ms }) => {
  commands[command](ms).then(
    () => process.send({ id }),
    (error) => process.send({ id, fault: String(error) })
  );
});
process.send({ urls: collector.urls });
