import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { errorCode, fault, ok, type CheckResult } from './check.ts';

const GIB = 2 ** 30;
/** Below this the ledger refuses to take telemetry in: see the reserve in ledger/ledger.ts. */
const MIN_FREE_BYTES = GIB;

/** The directory, or what will hold it: the nearest one above that exists. */
async function existing(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' || dirname(path) === path) throw error;
    return existing(dirname(path));
  }
}

/** Can the data directory be written, and is there room? `freeBytes` is for tests. */
export async function checkDataDirectory(dataDir: string, freeBytes = measureFreeBytes): Promise<CheckResult> {
  const path = resolve(dataDir);
  const advice = 'give the directory to the user that runs the collector, or set SPANLEDGER_DATA_DIR to another one';
  try {
    const present = await existing(path);
    if (!(await stat(present)).isDirectory()) return fault(`${present} is not a directory`, advice);
    await access(present, constants.R_OK | constants.W_OK | constants.X_OK);
    const free = await freeBytes(present);
    const room = `${(free / GIB).toFixed(1)} GiB free`;
    return free < MIN_FREE_BYTES
      ? fault(`${path} has only ${room}`, 'make room: with less than 1 GiB the collector refuses telemetry')
      : ok(`${path} can be written, ${room}`);
  } catch (error) {
    return fault(`${path} cannot be written (${errorCode(error)})`, advice);
  }
}

async function measureFreeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}
