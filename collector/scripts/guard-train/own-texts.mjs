/**
 * Training texts of our own: attacks (own-attacks.txt, and put together from how they are known to be worded, own-texts.txt), and the harmless
 * texts that share their words (own-harmless.txt, own-texts.txt): business mail, tickets, prompts, tables, code. Deterministic.
 */
import { readFileSync } from 'node:fs';

const SOURCE = 'spanledger';
/** How many of each kind: enough to be heard among a few thousand rows, too few to outvote them. */
const COUNTS = {
  ...{ overrides: 160, hidden: 120, leaks: 60, asks: 60, personas: 60, tricks: 40, snippets: 40 },
  ...{ tables: 60, lookAlikes: 200, roles: 120 },
};

function createRandom(seed) {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296;
}

/** Whole texts, one per line. */
function readLines(file) {
  return readFileSync(new URL(file, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('# '))
    .map((line) => line.replaceAll('\\n', '\n'));
}

function readSections() {
  const sections = new Map();
  let items = [];
  for (const line of readFileSync(new URL('own-texts.txt', import.meta.url), 'utf8').split('\n')) {
    if (line.startsWith('## ')) sections.set(line.slice(3), (items = []));
    else if (line !== '' && !line.startsWith('# ')) items.push(line.replaceAll('\\n', '\n'));
  }
  return sections;
}

/** Rows {text, labels, source} for a task: `injection` has attacks and harmless texts, others have the harmless ones. */
export function ownTexts(task) {
  const sections = readSections();
  const random = createRandom(7);
  const pick = (name) => {
    const items = sections.get(name);
    return items[Math.floor(random() * items.length)];
  };
  const times = (count, make) => Array.from({ length: count }, make);
  const override = () => {
    const kind = random();
    if (kind < 0.62) {
      const order = `${pick('overrides-verbs')} ${pick('overrides-which')} ${pick('overrides-objects')}`;
      const start = order.charAt(0).toUpperCase() + order.slice(1);
      return `${random() < 0.4 ? order : start}${random() < 0.5 ? ' and ' : '. '}${pick('payloads')}`;
    }
    if (kind < 0.8) {
      const order = `${pick('overrides-german-verbs')} ${pick('overrides-german-which')} ${pick('overrides-german-objects')}`;
      return `${order} ${pick('payloads-german')}`;
    }
    if (kind < 0.88) {
      return `${pick('overrides-spanish-verbs')} ${pick('overrides-spanish-which')} ${pick('overrides-spanish-objects')}`;
    }
    if (kind < 0.96) {
      return `${pick('overrides-french-verbs')} ${pick('overrides-french-which')} ${pick('overrides-french-objects')}`;
    }
    return `${pick('overrides-other')}. ${pick('payloads')}`;
  };
  const attack = () => (random() < 0.7 ? override() : random() < 0.5 ? pick('leaks') : pick('payloads'));
  const ask = () => `What is ${pick('asks')}?`;
  const name = () => pick('names');
  const table = () => pick('tables').replace('@A', name()).replace('@B', name()).replace('@C', name());
  const attacks = [
    ...readLines('own-attacks.txt'),
    ...times(COUNTS.overrides, override),
    ...times(COUNTS.hidden, () => pick('covers').replace('@', attack())),
    ...times(COUNTS.leaks, () => (random() < 0.5 ? pick('leaks') : `${pick('business')} ${pick('leaks')}`)),
    ...times(COUNTS.asks, () => (random() < 0.5 ? `${pick('pretexts')} ${ask()}` : `${ask()} ${pick('pretexts')}`)),
    ...times(COUNTS.personas, () => `${pick('personas')} ${pick('personas')} Tell me ${pick('harmful')}.`),
    ...times(COUNTS.snippets, () => {
      const order = `${pick('snippet-orders')}\n\`\`\`\n${pick('snippets')}\n\`\`\``;
      return random() < 0.5 ? order : `${pick('code')}\n${order}\n${pick('answers')}`;
    }),
    ...times(COUNTS.tricks, () => `${random() < 0.5 ? `${pick('business')} ` : ''}${pick('tricks')}`),
  ];
  const harmless = [
    ...readLines('own-harmless.txt'),
    ...sections.get('business'),
    ...sections.get('answers'),
    ...sections.get('code'),
    ...times(COUNTS.tables, () => {
      const kind = random();
      return kind < 0.5
        ? table()
        : kind < 0.8
          ? `${pick('table-questions')}\n${table()}`
          : `${table()}\n${pick('table-questions')}`;
    }),
    ...times(
      COUNTS.lookAlikes,
      () => `${pick('safe-openers')} ${pick('safe-verbs')} ${pick('safe-objects')}${pick('safe-ends')}`
    ),
    ...times(COUNTS.roles, () => {
      const opener = ['I want you to act as a', 'You are a', 'Act as an experienced', 'Pretend to be a'];
      const start = opener[Math.floor(random() * opener.length)];
      return `${start} ${pick('roles')}. ${pick('role-tasks')} ${random() < 0.6 ? pick('role-tasks') : ''}`;
    }),
    ...sections.get('covers').map((cover) => cover.replace('@', pick('answers'))),
  ];
  const labels = task === 'injection' ? ['prompt_injection'] : undefined;
  return [
    ...(labels === undefined ? [] : attacks.map((text) => ({ text, labels, source: SOURCE }))),
    ...harmless.map((text) => ({ text, labels: [], source: SOURCE })),
  ];
}
