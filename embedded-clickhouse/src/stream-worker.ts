import { parentPort, workerData } from 'node:worker_threads';
import { loadNativeAddon } from './native-addon.ts';
import { createStreamRunner } from './stream-runner.ts';
import type { StreamRequest, StreamSource } from './stream-runner.ts';

const { from, directory, args } = workerData as StreamSource;
const port = parentPort;
if (port === null) throw new Error('stream-worker runs as a worker thread only');
const runner = createStreamRunner(loadNativeAddon(from), directory, args);
port.on('message', (request: StreamRequest) => {
  void runner(request).then((answer) => port.postMessage(answer, answer.transfer));
});
