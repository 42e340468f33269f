/**
 * Trains the two content models of the guard and writes collector/src/guard/models/content-weights.ts.
 *
 *   npm run guard:train -- FOLDER [SPLITS]
 *
 * FOLDER holds injection*.jsonl, toxicity*.jsonl and benign*.jsonl, and may hold pii*.jsonl: lines {text, labels: [], source,
 * meta?: {hard}}. Texts of this repository (own-texts.txt, documents, demo, captures) are added. Deterministic. Reports
 * cross-validation by group for SPLITS ways to make the folds (3 when absent), thresholds chosen on the other folds, then
 * trains on everything. The figures stand beside the weights.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BUCKET_BITS, collectRuns, forEachWindow, loadWindow, normOfRuns } from '../../dist/guard/models/run-window.js';
import { fit } from './logistic-regression.mjs';
import { meanOf, measured, operatingPoint, report } from './operating-point.mjs';
import { FOLDS, foldOf, trainingRows } from './training-rows.mjs';

const BUCKETS = 1 << BUCKET_BITS;
const MAX_BYTE = 127;
const DEFAULT_SPLITS = 3;
/** maxHard, maxOrdinary: shares of look-alikes and of ordinary texts that may be flagged at the operating point. */
const TASKS = {
  injection: {
    ...{ name: 'injection', labels: ['prompt_injection', 'jailbreak'], other: { name: 'toxicity', all: true } },
    weights: { positive: 1.5, hard: 10, ordinary: 3, own: 0.3, added: 0.5 },
    ...{ l2: 1e-3, ratioPower: 0, size: 2 * BUCKETS },
    limits: { maxHard: 0.03, maxOrdinary: 0.009 },
  },
  toxicity: {
    ...{ name: 'toxicity', labels: ['toxicity'], other: { name: 'injection', all: false } },
    weights: { positive: 1.5, hard: 1, ordinary: 1, own: 1, added: 1 },
    ...{ l2: 1e-3, ratioPower: 0.5, size: BUCKETS },
    limits: { maxHard: 1, maxOrdinary: 0.0025 },
  },
};
const OUTPUT = fileURLToPath(new URL('../../src/guard/models/content-weights.ts', import.meta.url));

/** Windows of a text as the classifier looks at them, together as heavy as one row and a little more for a long one. */
function examplesOf({ text, positive, weight }, { size }) {
  const windows = [];
  forEachWindow(0, text.length, (from, to) => {
    const { fours, eights } = collectRuns(loadWindow(text, from, to));
    windows.push({
      ...{ norm: normOfRuns(fours.length), positive },
      buckets: Int32Array.from(size > BUCKETS ? [...fours, ...eights.map((bucket) => BUCKETS + bucket)] : fours),
    });
  });
  return windows.map((window) => ({ ...window, weight: weight / Math.sqrt(windows.length) }));
}

const clip = (value) => Math.max(-MAX_BYTE, Math.min(MAX_BYTE, Math.round(value)));
/** As they are shipped: signed bytes, the few largest cut off. */
function quantised({ weights, bias }) {
  const scale = [...weights].map(Math.abs).sort((a, b) => a - b)[Math.floor(weights.length * 0.9995)] / MAX_BYTE;
  return { bytes: Int8Array.from(weights, (weight) => clip(weight / scale)), scale, bias };
}

function logitOf({ bytes, scale, bias }, examples) {
  let best = -Infinity;
  for (const { buckets, norm } of examples) {
    let sum = 0;
    for (const bucket of buckets) sum += bytes[bucket];
    best = Math.max(best, sum * scale * norm + bias);
  }
  return best;
}

function trainOn(rows, task) {
  const examples = rows.flatMap((row) => row.examples);
  return quantised(fit(examples, task));
}

/** Every row's logit by the model of the folds it is not in. */
function scoresOf(rows, task, split) {
  const placed = rows.map((row) => ({ ...row, fold: foldOf(row, split) }));
  return Array.from({ length: FOLDS }, (_, fold) => {
    const model = trainOn(
      placed.filter((row) => row.fold !== fold),
      task
    );
    return placed
      .filter((row) => row.fold === fold && row.role !== 'added')
      .map(({ examples, ...row }) => ({ ...row, logit: logitOf(model, examples) }));
  }).flat();
}

function trainTask(task, folder, splits) {
  const rows = trainingRows(folder, task).map((row) => ({ ...row, examples: examplesOf(row, task) }));
  const results = Array.from({ length: splits }, (_, split) => {
    const scored = scoresOf(rows, task, split);
    const thresholds = Array.from({ length: FOLDS }, (_unused, fold) =>
      operatingPoint(
        scored.filter((row) => row.fold !== fold),
        task.limits
      )
    );
    const flags = ({ fold, logit }) => logit >= thresholds[fold];
    const figures = measured(scored, flags);
    report(`${task.name}, split ${split}`, figures, split === 0 ? scored : [], flags);
    return { figures, point: operatingPoint(scored, task.limits) };
  });
  const figures = meanOf(results.map((result) => result.figures));
  report(`${task.name}, mean`, figures.mean);
  report(`${task.name}, standard deviation`, figures.deviation);
  const point = results.reduce((sum, result) => sum + result.point, 0) / splits;
  const model = trainOn(rows, task);
  return { ...model, bias: model.bias - point, figures };
}

const [folder, splitsWanted] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: npm run guard:train -- FOLDER [SPLITS]');
const splits = splitsWanted === undefined ? DEFAULT_SPLITS : Number(splitsWanted);
const injection = trainTask(TASKS.injection, folder, splits);
const toxicity = trainTask(TASKS.toxicity, folder, splits);

/** Base64 of two signed bytes for each run of four (injection, toxicity). */
function encodeFours() {
  const bytes = Buffer.alloc(BUCKETS * 2);
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    bytes.writeInt8(injection.bytes[bucket], bucket * 2);
    bytes.writeInt8(toxicity.bytes[bucket], bucket * 2 + 1);
  }
  return bytes.toString('base64');
}

const numbers = ({ scale, bias }) => `{ scale: ${Number(scale.toPrecision(8))}, bias: ${Number(bias.toPrecision(8))} }`;
const share = (value) => value.toFixed(4);
const figuresOf = ({ figures: { mean, deviation } }) =>
  `F1 ${share(mean.f1)} ± ${share(deviation.f1)}, precision ${share(mean.precision)}, recall ${share(mean.recall)}, ` +
  `false positives: look-alikes ${share(mean.hardRate)}, ordinary texts ${share(mean.ordinaryRate)}`;
writeFileSync(
  OUTPUT,
  `/**
 * Written by \`npm run guard:train\`, not by hand. Signed bytes: for each run of four characters one for injection and one for
 * toxicity, for each run of eight one for injection. Logit zero is the operating point.
 * What they were trained on and under which licences: NOTICE beside this file. Held out, mean of ${splits} splits:
 * injection ${figuresOf(injection)};
 * toxicity ${figuresOf(toxicity)}.
 */
export const contentWeights = {
  injection: ${numbers(injection)},
  toxicity: ${numbers(toxicity)},
  fours:
    '${encodeFours()}',
  eights:
    '${Buffer.from(injection.bytes.buffer, BUCKETS, BUCKETS).toString('base64')}',
};
`
);
