import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DEMO_AGENTS } from '../../dist/demo/demo-agents.js';
import { answerFor, questionFor, systemTextOf } from '../../dist/demo/demo-texts.js';
import { createRandom } from '../../dist/demo/random.js';
import { ownTexts } from './own-texts.mjs';

export const FOLDS = 5;
const SHINGLE_WORDS = 10;
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const DOCUMENTS = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'collector/README.md',
  'sql/README.md',
  'docs/demo.md',
];
const MIN_PARAGRAPH = 40;
/** Draws of each demo agent: every text of it comes up. */
const DEMO_DRAWS = 24;

function hash(text) {
  let value = 2166136261;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 16777619);
  return (value ^ (value >>> 13)) >>> 0;
}

/** Lines {text, labels, source, meta?} of the files whose name begins so. */
function readRows(folder, name) {
  return readdirSync(folder)
    .filter((file) => file.startsWith(name) && file.endsWith('.jsonl'))
    .sort()
    .flatMap((file) => readFileSync(`${folder}/${file}`, 'utf8').split('\n'))
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line));
}

/** Group of each row, as a number: rows that share a run of ten words are in one, so that near-duplicates never judge each other. */
function groupsOf(rows) {
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
  return rows.map((_, row) => hash(rows[root(row)].text));
}

/** Fold of a row in one of the ways to make folds of the groups. */
export function foldOf({ group }, split) {
  return hash(`${split}:${group}`) % FOLDS;
}

function demoTexts() {
  const random = createRandom('guard-train');
  return DEMO_AGENTS.flatMap(({ name }) => [
    systemTextOf(name),
    ...Array.from({ length: DEMO_DRAWS }, () => [questionFor(name, random), answerFor(name, random)]).flat(),
  ]);
}

function documentTexts() {
  return DOCUMENTS.flatMap((file) => readFileSync(ROOT + file, 'utf8').split(/\n\s*\n/)).filter(
    (paragraph) => paragraph.length >= MIN_PARAGRAPH
  );
}

function stringsOf(value) {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsOf) : [];
}

function captureTexts() {
  const folder = `${ROOT}collector/test/captures/`;
  return readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith('expected.json'))
    .sort()
    .flatMap((file) => JSON.parse(readFileSync(folder + file, 'utf8')).truth.calls)
    .flatMap((call) => [call.input_messages, call.output_messages, call.system_instructions].flatMap(stringsOf))
    .filter((text) => text.length >= 16);
}

/** Ordinary texts of this repository: its documents, the demo's and the captures' conversations. */
function repositoryRows() {
  return [...demoTexts(), ...documentTexts(), ...captureTexts()].map((text) => ({
    text,
    labels: [],
    source: 'repository',
  }));
}

/**
 * Rows of a task, each text once: `judged` ones measure it, `ordinary` ones must stay quiet, `added` ones only teach: texts of
 * the other files and of our own. {text, role, positive, hard, source, weight, group}
 */
export function trainingRows(folder, { name, labels, other, weights }) {
  const seen = new Set();
  const once = (rows, role, weight) =>
    rows
      .filter(({ text }) => !seen.has(text) && seen.add(text))
      .map((row) => {
        const positive = row.labels.some((label) => labels.includes(label));
        const hard = row.meta?.hard === true;
        const importance = role === 'judged' ? (positive ? weights.positive : hard ? weights.hard : 1) : weight;
        return { text: row.text, role, positive, hard, source: row.source, weight: importance };
      });
  const rows = [
    ...once(readRows(folder, name), 'judged'),
    ...once(readRows(folder, 'benign'), 'ordinary', weights.ordinary),
    ...once(repositoryRows(), 'ordinary', weights.ordinary),
    ...once(ownTexts(name), 'added', weights.own),
    ...once(
      readRows(folder, 'pii').map((row) => ({ ...row, labels: [] })),
      'added',
      weights.added
    ),
    ...once(
      other === undefined
        ? []
        : readRows(folder, other.name)
            .filter(({ labels: own }) => own.length === 0 || other.all)
            .map((row) => ({ ...row, labels: [] })),
      'added',
      weights.added
    ),
  ];
  const groups = groupsOf(rows);
  return rows.map((row, index) => ({ ...row, group: groups[index] }));
}
