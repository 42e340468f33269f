import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runKills } from '../support/kill-run.ts';
import { makeKeys } from '../support/make-keys.ts';

/** FAULT_KILLS and FAULT_SEED choose another run. */
const KILLS = Number(process.env.FAULT_KILLS ?? 200);
const SEED = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000);
const LOOK_EVERY = 10;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

it(
  `C1: ${KILLS} kills at random moments under load lose nothing and count nothing twice (FAULT_SEED=${SEED})`,
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'spanledger-faults-'));
    const began = Date.now();
    say(`kills: seed ${SEED}`);
    try {
      const { kills, oracle, storedUnanswered, faults, groups, failedStarts } = await runKills({
        setup: await makeKeys(directory, ['acme', 'globex', 'initech']),
        seed: SEED,
        kills: KILLS,
        lookEvery: LOOK_EVERY,
        onLook: (done, wrong, spans) => say(`kills: ${done} of ${KILLS}, ${spans} spans acknowledged, ${wrong} faults`),
      });
      say(
        `kills: ${JSON.stringify(kills)}, ${oracle.acknowledged.size} spans acknowledged, ${storedUnanswered} stored without an ` +
          `answer, answers ${JSON.stringify(Object.fromEntries(oracle.answers))}, ${groups} groups of rollups compared, ${failedStarts} starts repeated, ` +
          `${Math.round((Date.now() - began) / 1000)} s`
      );
      expect({ seed: SEED, faults }).toEqual({ seed: SEED, faults: [] });
      expect(oracle.acknowledged.size).toBeGreaterThan(KILLS);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
  KILLS * 60_000
);
