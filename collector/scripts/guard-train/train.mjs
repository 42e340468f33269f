/**
 * Trains the two content models of the guard and writes collector/src/guard/models/content-weights.ts.
 *
 *   npm run guard:train -- FOLDER
 *
 * FOLDER holds injection*.jsonl, toxicity*.jsonl and benign*.jsonl, and may hold pii*.jsonl: lines {text, labels: [], source,
 * meta?: {hard}}. Texts of this repository (own-texts.txt, documents, demo, captures) are added. Deterministic. Reports
 * cross-validation by group, thresholds chosen on the other folds, then trains on everything.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { attackPatterns } from '../../dist/guard/models/attack-patterns.js';
import { BUCKET_BITS, createNgramFeatures, forEachWindow } from '../../dist/guard/models/ngram-features.js';
import { GATE_BITS, gateBucket, gateLogits, gatePairBucket } from '../../dist/guard/models/word-gate.js';
import { createWordHashes } from '../../dist/guard/models/word-hashes.js';
import { createTextCodes } from '../../dist/guard/text-codes.js';
import { fit } from './logistic-regression.mjs';
import { measured, operatingPoint, report } from './operating-point.mjs';
import { FOLDS, trainingRows } from './training-rows.mjs';

const BUCKETS = 1 << BUCKET_BITS;
const MAX_BYTE = 127;
/** Share of what a model rightly finds that the gate must let pass. */
const GATE_RECALL = 0.995;
/** Words of the JSON around messages: the gate reads them too and must not care. */
const FRAME = 'role user assistant system tool parts part type text content name id message messages';
const GATE_BUCKETS = 1 << GATE_BITS;
const GATE_BLOCK = 128;
const GATE_POSITIVE_WEIGHT = 3;
/** maxHard, maxOrdinary: shares of look-alikes and of ordinary texts that may be flagged at the operating point. */
const TASKS = {
  injection: {
    ...{ name: 'injection', labels: ['prompt_injection', 'jailbreak'], other: { name: 'toxicity', all: true } },
    weights: { positive: 1.5, hard: 10, ordinary: 3, own: 0.3, added: 0.5 },
    ...{ l2: 1e-3, ratioPower: 0, patterns: attackPatterns, gatePairs: true },
    limits: { maxHard: 0.03, maxOrdinary: 0.008 },
  },
  toxicity: {
    ...{ name: 'toxicity', labels: ['toxicity'], other: { name: 'injection', all: false } },
    weights: { positive: 1.5, hard: 1, ordinary: 1, own: 1, added: 1 },
    ...{ l2: 1e-3, ratioPower: 0.5, patterns: [], gatePairs: false },
    limits: { maxHard: 1, maxOrdinary: 0.0025 },
  },
};
const OUTPUT = fileURLToPath(new URL('../../src/guard/models/content-weights.ts', import.meta.url));

const features = createNgramFeatures();
const textCodes = createTextCodes();
const wordHashes = createWordHashes();

/** Windows of a text as the classifier looks at them, together as heavy as one row and a little more for a long one. */
function examplesOf({ text, positive, weight }, patterns) {
  const codes = textCodes.load(text);
  const windows = [];
  forEachWindow(0, text.length, (from, to) => {
    const count = features.collect(codes, from, to);
    const window = text.slice(from, to);
    let offset = 0;
    for (const { expression, weight: bonus } of patterns) if (expression.test(window)) offset += bonus;
    windows.push({ buckets: features.buckets.slice(0, count), offset, positive });
  });
  return windows.map((window) => ({ ...window, weight: weight / Math.sqrt(windows.length) }));
}

function wordsOf(text) {
  return wordHashes(text).slice();
}

const frameWords = new Set(wordsOf(FRAME));

/** Repeated words count as often as they stand there, as in the gate. Pairs have buckets of their own behind those of words. */
function gateExamplesOf({ words, positive, weight }, withPairs) {
  const examples = [];
  for (let start = 0; start < words.length; start += GATE_BLOCK) {
    const buckets = [];
    for (let index = start; index < Math.min(words.length, start + GATE_BLOCK); index += 1) {
      if (frameWords.has(words[index])) continue;
      buckets.push(gateBucket(words[index]));
      if (withPairs) buckets.push(GATE_BUCKETS + gatePairBucket(words[index - 1] ?? 0, words[index]));
    }
    examples.push({ buckets, positive, weight: weight * (positive ? GATE_POSITIVE_WEIGHT : 1) });
  }
  return examples;
}

const clip = (value) => Math.max(-MAX_BYTE, Math.min(MAX_BYTE, Math.round(value)));
/** As they are shipped: signed bytes, the few largest cut off. */
function quantised({ weights, bias }) {
  const scale = [...weights].map(Math.abs).sort((a, b) => a - b)[Math.floor(weights.length * 0.9995)] / MAX_BYTE;
  return { bytes: Int16Array.from(weights, (weight) => clip(weight / scale)), scale, bias };
}

function logitOf({ bytes, scale, bias }, examples) {
  let best = -Infinity;
  for (const { buckets, offset } of examples) {
    let sum = 0;
    for (const bucket of buckets) sum += bytes[bucket];
    best = Math.max(best, (sum * scale) / Math.sqrt(Math.max(1, buckets.length)) + bias + offset);
  }
  return best;
}

/** One task at a time, so only low bytes. */
function gateLogitOf({ low, pairs, scale, bias }, words) {
  return gateLogits(words, { weights: low, pairs, injection: { scale, bias }, toxicity: { scale: 0, bias: 0 } })[0];
}

function trainGate(rows, { l2, gatePairs }) {
  const size = gatePairs ? 2 * GATE_BUCKETS : GATE_BUCKETS;
  const gate = fit(
    rows.flatMap(({ gateExamples }) => gateExamples),
    { size, l2 }
  );
  for (const word of frameWords) {
    gate.weights[gateBucket(word)] = 0;
    if (gatePairs) for (const next of frameWords) gate.weights[GATE_BUCKETS + gatePairBucket(word, next)] = 0;
  }
  // The gate divides by the root of the number of words, the fit by that of its features.
  const factor = gatePairs ? Math.SQRT1_2 : 1;
  const { bytes, scale, bias } = quantised({ weights: gate.weights.map((weight) => weight * factor), bias: gate.bias });
  const own = bytes.subarray(0, GATE_BUCKETS);
  const pairs = new Int8Array(GATE_BUCKETS);
  if (gatePairs) pairs.set(bytes.subarray(GATE_BUCKETS));
  return { bytes: own, low: own.map((byte) => byte & 255), pairs, scale, bias };
}

function trainOn(rows, task) {
  const examples = rows.flatMap((row) => row.examples);
  return { model: quantised(fit(examples, { size: BUCKETS, ...task })), gate: trainGate(rows, task) };
}

function trainTask(task, folder) {
  const rows = trainingRows(folder, task).map((row) => {
    const words = wordsOf(row.text);
    return {
      ...row,
      words,
      examples: examplesOf(row, task.patterns),
      gateExamples: gateExamplesOf({ ...row, words }, task.gatePairs),
    };
  });
  const scored = [];
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const { model, gate } = trainOn(
      rows.filter((row) => row.fold !== fold),
      task
    );
    for (const { fold: own, role, positive, hard, source, examples, words } of rows) {
      if (own !== fold || role === 'added') continue;
      scored.push({
        ...{ fold, role, positive, hard, source },
        logit: logitOf(model, examples),
        gateLogit: words.length === 0 ? -Infinity : gateLogitOf(gate, words),
      });
    }
  }
  const point = operatingPoint(scored, task.limits);
  const found = scored.filter(({ positive, logit }) => positive && logit >= point).map(({ gateLogit }) => gateLogit);
  const floor = found.sort((a, b) => b - a)[Math.floor(found.length * GATE_RECALL)];
  const flags = ({ logit, gateLogit }) => logit >= point && gateLogit >= floor;
  report(`${task.name}, ${FOLDS} folds by group`, measured(scored, flags), scored, flags);
  const thresholds = Array.from({ length: FOLDS }, (_, fold) =>
    operatingPoint(
      scored.filter((row) => row.fold !== fold),
      task.limits
    )
  );
  const flagsNested = ({ fold, logit, gateLogit }) => logit >= thresholds[fold] && gateLogit >= floor;
  report('  threshold of the other folds', measured(scored, flagsNested));
  const ordinary = scored.filter(({ role }) => role === 'ordinary');
  const opened = ordinary.filter(({ gateLogit }) => gateLogit >= floor).length / ordinary.length;
  process.stdout.write(`  the gate is opened by ${(opened * 100).toFixed(1)} % of ordinary texts\n`);
  const { model, gate } = trainOn(rows, task);
  return { model: { ...model, bias: model.bias - point }, gate: { ...gate, bias: gate.bias - floor } };
}

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: npm run guard:train -- FOLDER');
const injection = trainTask(TASKS.injection, folder);
const toxicity = trainTask(TASKS.toxicity, folder);

/** Base64 of two signed bytes for each bucket: injection, toxicity. */
function encode(first, second) {
  const bytes = Buffer.alloc(first.bytes.length * 2);
  for (let bucket = 0; bucket < first.bytes.length; bucket += 1) {
    bytes.writeInt8(first.bytes[bucket], bucket * 2);
    bytes.writeInt8(second.bytes[bucket], bucket * 2 + 1);
  }
  return bytes.toString('base64');
}

const numbers = ({ scale, bias }) => `{ scale: ${scale.toPrecision(8)}, bias: ${bias.toPrecision(8)} }`;
writeFileSync(
  OUTPUT,
  `/**
 * Written by \`npm run guard:train\`, not by hand. Per bucket one signed byte for each model, injection first. Logit zero is
 * the operating point. What they were trained on and under which licences: NOTICE beside this file.
 */
export const contentWeights = {
  injection: ${numbers(injection.model)},
  toxicity: ${numbers(toxicity.model)},
  gate: {
    injection: ${numbers(injection.gate)},
    toxicity: ${numbers(toxicity.gate)},
    base64:
      '${encode(injection.gate, toxicity.gate)}',
    pairs:
      '${Buffer.from(injection.gate.pairs).toString('base64')}',
  },
  base64:
    '${encode(injection.model, toxicity.model)}',
};
`
);
