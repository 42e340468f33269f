// The real files without a flush: nothing is promised, only to see what durability costs.
import { open } from 'node:fs/promises';
import { nodeFileLayer } from '../collector/dist/ledger/node-file-layer.js';

const nothing = () => Promise.resolve();

export const unflushedFiles = {
  ...nodeFileLayer,
  create: async (path) => {
    const handle = await open(path, 'wx', 0o600);
    const reading = await nodeFileLayer.open(path);
    return {
      ...reading,
      write: async (buffers, position) => void (await handle.writev(buffers, position)),
      sync: nothing,
      close: async () => {
        await handle.close();
        await reading.close();
      },
    };
  },
  syncDirectory: nothing,
};
