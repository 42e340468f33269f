/**
 * Trains the two content models of the guard and writes collector/src/guard/models/content-weights.ts.
 *
 *   npm run guard:train -- FOLDER
 *
 * FOLDER holds injection*.jsonl, toxicity*.jsonl and benign*.jsonl: lines {text, labels: [], source, license, meta?: {hard}}.
 * Deterministic. Rows that share a run of ten words are kept in one fold, so that near-duplicates of a row never judge it.
 * Reports four-fold cross-validation, chooses the operating point on it, then trains on everything.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { attackPatterns } from '../../dist/guard/models/attack-patterns.js';
import { BUCKET_BITS, createNgramFeatures, forEachWindow } from '../../dist/guard/models/ngram-features.js';
import { createCandidateScan } from '../../dist/guard/candidate-scan.js';
import { GATE_BITS, gateBucket, gateLogits } from '../../dist/guard/models/word-gate.js';
import { createTextCodes } from '../../dist/guard/text-codes.js';

const FOLDS = 4;
const SHINGLE_WORDS = 10;
const EPOCHS = 15;
const LEARNING_RATE = 0.5;
const BUCKETS = 1 << BUCKET_BITS;
const MAX_BYTE = 127;
/** Share of what a model rightly finds that the gate must let pass. */
const GATE_RECALL = 0.98;
/** Words of the JSON around messages: the gate reads them too and must not care. */
const FRAME = 'role user assistant system tool parts part type text content name id message messages';
const GATE_BUCKETS = 1 << GATE_BITS;
const GATE_BLOCK = 128;
/** maxHard: the largest share of hard benign rows (look-alikes) that may be flagged at the operating point; maxBenign: the same for ordinary texts. */
const TASKS = {
  injection: {
    labels: ['prompt_injection', 'jailbreak'],
    positiveWeight: 1.5,
    hardWeight: 6,
    l2: 1e-3,
    maxHard: 0.03,
    maxBenign: 0.02,
    benignWeight: 3,
    patterns: true,
  },
  toxicity: {
    labels: ['toxicity'],
    positiveWeight: 1.5,
    hardWeight: 1,
    l2: 3e-4,
    maxHard: 1,
    maxBenign: 0.008,
    benignWeight: 1,
    patterns: false,
  },
};
const OUTPUT = fileURLToPath(new URL('../../src/guard/models/content-weights.ts', import.meta.url));

const features = createNgramFeatures();
const textCodes = createTextCodes();

function readRows(folder, name) {
  return readdirSync(folder)
    .filter((file) => file.startsWith(name) && file.endsWith('.jsonl'))
    .sort()
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'))
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line));
}

function hash(text) {
  let value = 2166136261;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 16777619);
  return (value ^ (value >>> 13)) >>> 0;
}

/** Fold of each row: union-find over shared shingles. */
function foldsOf(rows) {
  const parent = rows.map((_, index) => index);
  const root = (index) => {
    let at = index;
    while (parent[at] !== at) at = parent[at] = parent[parent[at]];
    return at;
  };
  const firstWith = new Map();
  rows.forEach(({ text }, row) => {
    const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
    const last = Math.max(0, words.length - SHINGLE_WORDS);
    for (let start = 0; start <= last; start += 1) {
      const shingle = words.slice(start, start + SHINGLE_WORDS).join(' ');
      if (firstWith.has(shingle)) parent[root(row)] = root(firstWith.get(shingle));
      else firstWith.set(shingle, row);
    }
  });
  return rows.map((_, row) => hash(rows[root(row)].text) % FOLDS);
}

function windowsOf({ text }) {
  const codes = textCodes.load(text);
  const windows = [];
  forEachWindow(0, text.length, (from, to) => {
    const count = features.collect(codes, from, to);
    let bonus = 0;
    for (const { expression, weight } of attackPatterns) if (expression.test(text.slice(from, to))) bonus += weight;
    windows.push({ buckets: features.buckets.slice(0, count), bonus });
  });
  return windows;
}

const scan = createCandidateScan([]);

function wordsOf({ text }) {
  scan.mayHold(text);
  return scan.lastWords().slice();
}

const frameWords = new Set(wordsOf({ text: FRAME }));

/** Repeated words count as often as they stand there, as in the gate. */
function gateExamples(words, positive) {
  const examples = [];
  for (let start = 0; start < words.length; start += GATE_BLOCK) {
    examples.push({
      buckets: [...words.slice(start, start + GATE_BLOCK)].filter((word) => !frameWords.has(word)).map(gateBucket),
      positive,
    });
  }
  return examples;
}

function quantised({ weights, bias }, scale) {
  const bytes = Int16Array.from(weights, (weight) =>
    Math.max(-MAX_BYTE, Math.min(MAX_BYTE, Math.round(weight / scale)))
  );
  return { weights: bytes, injection: { scale, bias }, toxicity: { scale: 0, bias: 0 } };
}

function scaleOf(weights) {
  return [...weights].map(Math.abs).sort((a, b) => a - b)[Math.floor(weights.length * 0.9995)] / MAX_BYTE;
}

/** Only the low byte is used here: one task at a time. */
function gateLogit(model, scale, words) {
  const { weights } = quantised(model, scale);
  const low = weights.map((weight) => weight & 255);
  return gateLogits(words, {
    weights: low,
    injection: { scale, bias: model.bias },
    toxicity: { scale: 0, bias: 0 },
  })[0];
}

function createRandom(seed) {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296;
}

/** Logistic regression by AdaGrad over binary features of unit length. */
function fit(examples, { positiveWeight, hardWeight, benignWeight, l2 }, size = BUCKETS) {
  const weights = new Float64Array(size);
  const squares = new Float64Array(size).fill(1e-8);
  let bias = 0;
  let biasSquares = 1e-8;
  const random = createRandom(1);
  const order = [...examples.keys()];
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
    for (let index = order.length - 1; index > 0; index -= 1) {
      const other = Math.floor(random() * (index + 1));
      [order[index], order[other]] = [order[other], order[index]];
    }
    for (const index of order) {
      const { buckets, positive, hard, benign } = examples[index];
      const importance = positive ? positiveWeight : hard ? hardWeight : benign ? benignWeight : 1;
      const norm = 1 / Math.sqrt(Math.max(1, buckets.length));
      let logit = bias;
      for (const bucket of buckets) logit += weights[bucket] * norm;
      const error = (1 / (1 + Math.exp(-logit)) - (positive ? 1 : 0)) * importance;
      biasSquares += error * error;
      bias -= (LEARNING_RATE * error) / Math.sqrt(biasSquares);
      for (const bucket of buckets) {
        const gradient = error * norm + l2 * weights[bucket];
        squares[bucket] += gradient * gradient;
        weights[bucket] -= (LEARNING_RATE * gradient) / Math.sqrt(squares[bucket]);
      }
    }
  }
  return { weights, bias };
}

function logitOf(model, windows, withPatterns) {
  let best = -Infinity;
  for (const { buckets, bonus } of windows) {
    const norm = 1 / Math.sqrt(Math.max(1, buckets.length));
    let logit = model.bias;
    for (const bucket of buckets) logit += model.weights[bucket] * norm;
    best = Math.max(best, logit + (withPatterns ? bonus : 0));
  }
  return best;
}

/** The logit with the best F1 among those that keep the hard benign rows quiet. */
function operatingPoint(scored, quiet, { maxHard, maxBenign }) {
  const loudest = [...quiet].sort((a, b) => b - a);
  const floor = loudest[Math.floor(loudest.length * maxBenign)];
  const byScore = [...scored].sort((a, b) => b.logit - a.logit);
  const positives = scored.filter((each) => each.positive).length;
  const hardRows = scored.filter((each) => each.hard && !each.positive).length;
  const point = { logit: 0, f1: 0 };
  let [truePositives, falsePositives, hard] = [0, 0, 0];
  for (const each of byScore) {
    if (each.logit <= floor) break;
    if (each.positive) truePositives += 1;
    else falsePositives += 1;
    if (each.hard && !each.positive) hard += 1;
    if (hardRows > 0 && hard / hardRows > maxHard) break;
    const f1 = (2 * truePositives) / (truePositives + falsePositives + positives);
    if (f1 > point.f1) {
      Object.assign(point, {
        logit: each.logit,
        f1,
        precision: truePositives / (truePositives + falsePositives),
        recall: truePositives / positives,
        falsePositiveRate: falsePositives / (scored.length - positives),
        hardRate: hardRows === 0 ? 0 : hard / hardRows,
        benignRate: loudest.filter((logit) => logit >= each.logit).length / loudest.length,
      });
    }
  }
  return point;
}

function report(name, scored, point) {
  const figures = Object.entries(point).map(([key, value]) => `${key} ${value.toFixed(3)}`);
  process.stdout.write(`${name}, ${FOLDS} folds by group: ${figures.join('  ')}\n`);
  const bySource = Map.groupBy?.(scored, ({ source }) => source) ?? new Map();
  for (const [source, rows] of [...bySource].sort()) {
    const flagged = (positive) => rows.filter((each) => each.positive === positive && each.logit >= point.logit).length;
    const all = (positive) => rows.filter((each) => each.positive === positive).length;
    process.stdout.write(`  ${source}: found ${flagged(true)}/${all(true)}, falsely ${flagged(false)}/${all(false)}\n`);
  }
}

/** The gate's bias is such that zero lets GATE_RECALL of the model's true findings pass, judged by cross-validation. */
function trainGate(name, rows, benign, folds, isPositive, task, point, scored) {
  const words = rows.map(wordsOf);
  const benignWords = benign.map(wordsOf);
  const settings = { positiveWeight: 3, hardWeight: 1, benignWeight: 1, l2: task.l2 };
  const fitOn = (keep, keepBenign) =>
    fit(
      [
        ...rows.flatMap((row, index) => (keep(index) ? gateExamples(words[index], isPositive(row)) : [])),
        ...benignWords.flatMap((each, index) => (keepBenign(index) ? gateExamples(each, false) : [])),
      ],
      settings,
      GATE_BUCKETS
    );
  const found = new Set(scored.filter((each) => each.positive && each.logit >= point.logit).map(({ row }) => row));
  const passing = [];
  const quiet = [];
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const model = fitOn(
      (index) => folds[index] !== fold,
      (index) => index % FOLDS !== fold
    );
    for (const word of frameWords) model.weights[gateBucket(word)] = 0;
    const scale = scaleOf(model.weights);
    rows.forEach((_, index) => {
      if (folds[index] === fold && found.has(index) && words[index].length > 0)
        passing.push(gateLogit(model, scale, words[index]));
    });
    benignWords.forEach((each, index) => {
      if (index % FOLDS === fold && each.length > 0) quiet.push(gateLogit(model, scale, each));
    });
  }
  passing.sort((a, b) => b - a);
  const floor = passing[Math.floor(passing.length * GATE_RECALL)];
  const opened = quiet.filter((logit) => logit >= floor).length / quiet.length;
  process.stdout.write(
    `${name} gate: floor ${floor.toFixed(3)}, opened by ${(opened * 100).toFixed(1)} % of benign rows\n`
  );
  const model = fitOn(
    () => true,
    () => true
  );
  for (const word of frameWords) model.weights[gateBucket(word)] = 0;
  return { weights: model.weights, scale: scaleOf(model.weights), bias: model.bias - floor };
}

function trainTask(name, rows, benign) {
  const task = TASKS[name];
  const isPositive = ({ labels }) => labels.some((label) => task.labels.includes(label));
  const folds = foldsOf(rows);
  const windows = rows.map(windowsOf);
  const benignWindows = benign.map(windowsOf);
  const benignFolds = foldsOf(benign);
  const othersOf = (keep) =>
    benignWindows.flatMap((each, index) =>
      keep(index) ? each.map(({ buckets }) => ({ buckets, positive: false, benign: true })) : []
    );
  const quiet = [];
  const examplesOf = (keep) =>
    rows.flatMap((row, index) =>
      keep(index)
        ? windows[index].map(({ buckets }) => ({ buckets, positive: isPositive(row), hard: row.meta?.hard === true }))
        : []
    );
  const scored = [];
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const others = othersOf((index) => benignFolds[index] !== fold);
    const model = fit([...examplesOf((index) => folds[index] !== fold), ...others], task);
    benignWindows.forEach((each, index) => {
      if (benignFolds[index] === fold) quiet.push(logitOf(model, each, task.patterns));
    });
    rows.forEach((row, index) => {
      if (folds[index] !== fold) return;
      const logit = logitOf(model, windows[index], task.patterns);
      scored.push({ row: index, logit, positive: isPositive(row), hard: row.meta?.hard === true, source: row.source });
    });
  }
  const point = operatingPoint(scored, quiet, task);
  report(name, scored, point);
  const gate = trainGate(name, rows, benign, folds, isPositive, task, point, scored);
  const model = fit([...examplesOf(() => true), ...othersOf(() => true)], task);
  const largest = [...model.weights].map(Math.abs).sort((a, b) => a - b)[Math.floor(BUCKETS * 0.9995)];
  return { weights: model.weights, scale: largest / MAX_BYTE, bias: model.bias - point.logit, point, gate };
}

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: npm run guard:train -- FOLDER');
const benign = readRows(folder, 'benign');
const injection = trainTask('injection', readRows(folder, 'injection'), benign);
const toxicity = trainTask('toxicity', readRows(folder, 'toxicity'), benign);

/** Base64 of two signed bytes for each bucket: injection, toxicity. */
function encode(first, second) {
  const bytes = Buffer.alloc(first.weights.length * 2);
  const quantise = ({ weights, scale }, bucket) =>
    Math.max(-MAX_BYTE, Math.min(MAX_BYTE, Math.round(weights[bucket] / scale)));
  for (let bucket = 0; bucket < first.weights.length; bucket += 1) {
    bytes.writeInt8(quantise(first, bucket), bucket * 2);
    bytes.writeInt8(quantise(second, bucket), bucket * 2 + 1);
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
  injection: ${numbers(injection)},
  toxicity: ${numbers(toxicity)},
  gate: {
    injection: ${numbers(injection.gate)},
    toxicity: ${numbers(toxicity.gate)},
    base64:
      '${encode(injection.gate, toxicity.gate)}',
  },
  base64:
    '${encode(injection, toxicity)}',
};
`
);
