import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { FileLayer } from './file-layer.ts';
import { epochOfFrame } from './frame.ts';
import type { EpochBytes } from './frame.ts';
import { segmentNumber } from './segment.ts';

/** What makes a ledger directory itself; made once, kept for its life. */
export interface Identity {
  /** Stands in every frame and deduplication token. */
  readonly epoch: EpochBytes;
  /** Key of the span fingerprints; never leaves the directory, so nobody can craft colliding span ids. */
  readonly seed: Buffer;
}

const FILE_NAME = 'identity.json';
const MAX_BYTES = 4096;

/** A file that a crash left behind before its first flush reads as zeros. */
const LOOK_BYTES = 64 << 10;

/**
 * Epoch of the first segment that begins with an intact frame; for a directory whose identity file is gone. Rejects when there are
 * segments and none tells: with an epoch of its own making this run would take every record in them for damage.
 */
async function epochOfSegments(
  fileSystem: FileLayer,
  directory: string,
  names: readonly string[]
): Promise<Buffer | undefined> {
  let isEmpty = true;
  for (const name of names.filter((other) => segmentNumber(other) !== undefined)) {
    const file = await fileSystem.open(join(directory, name));
    const head = await file.read(0, LOOK_BYTES).finally(() => file.close());
    const epoch = epochOfFrame(head);
    if (epoch !== undefined) return epoch;
    isEmpty &&= head.every((byte) => byte === 0);
  }
  if (isEmpty) return undefined;
  throw new Error(
    `the ledger in ${directory} has records, but ${FILE_NAME} is missing or damaged and no segment begins with an intact frame; ` +
      `nothing was changed. Restore ${FILE_NAME}, or move the directory away to begin an empty ledger`
  );
}

async function readIdentity(fileSystem: FileLayer, path: string): Promise<Identity | undefined> {
  const file = await fileSystem.open(path);
  const text = (await file.read(0, MAX_BYTES).finally(() => file.close())).toString('utf8');
  const match = /"epoch":"([0-9a-f]{32})","seed":"([0-9a-f]{32})"/.exec(text);
  return match ? { epoch: Buffer.from(match[1]!, 'hex'), seed: Buffer.from(match[2]!, 'hex') } : undefined;
}

/** Reads the identity of a ledger directory or makes it. A lost or damaged file is made again around the epoch of the segments. */
export async function openIdentity(fileSystem: FileLayer, directory: string): Promise<Identity> {
  const names = await fileSystem.list(directory);
  const path = join(directory, FILE_NAME);
  const found = names.includes(FILE_NAME) ? await readIdentity(fileSystem, path) : undefined;
  if (found) return found;
  const epoch = (await epochOfSegments(fileSystem, directory, names)) ?? randomBytes(16);
  const identity: Identity = { epoch, seed: randomBytes(16) };
  const draft = `${path}.new`;
  await fileSystem.remove(draft);
  const file = await fileSystem.create(draft);
  try {
    const text = `{"epoch":"${epoch.toString('hex')}","seed":"${identity.seed.toString('hex')}"}\n`;
    await file.write([Buffer.from(text)], 0);
    await file.sync();
  } finally {
    await file.close();
  }
  await fileSystem.rename(draft, path);
  await fileSystem.syncDirectory(directory);
  return identity;
}
