// The forwarder in a process of its own: the exporter loads modules in a way that Jest does not allow. Environment: TARGET, STORE,
// NOW_MS when it starts. Messages: {command: 'run' | 'stop' | 'none', nowMs} are answered with {counted}.
import { startForwarding } from '../../dist/start-forwarding.js';
import { createLog } from '../../dist/log.js';
import { connect } from '../../dist/write/connect.js';

let nowMs = Number(process.env.NOW_MS);
const counted = {};
const count = (outcome, spans) => (counted[outcome] = (counted[outcome] ?? 0) + spans);
const client = connect(process.env.STORE);
const forwarding = startForwarding({
  config: { forwardUrl: process.env.TARGET, forwardHeaders: [['x-key', 'k']], outboundAllow: ['127.0.0.1'] },
  client,
  database: 'genai',
  store: { ready: new Promise(() => undefined) },
  now: () => nowMs,
  log: createLog('warn', process.stderr),
  metrics: { forwards: { count, lag: () => undefined, failed: () => count('broken', 1) } },
  writeBooks: () => Promise.resolve(),
});
process.on('message', async ({ command, ...told }) => {
  nowMs = told.nowMs;
  if (command === 'run') await forwarding.runNow();
  else if (command === 'stop') {
    await forwarding.stop();
    await client.close();
  }
  process.send({ counted });
  if (command === 'stop') process.disconnect();
});
