import type { Random } from './random.ts';

interface AgentTexts {
  readonly system: string;
  readonly questions: readonly string[];
  readonly answers: readonly string[];
}

const TEXTS: Readonly<Record<string, AgentTexts>> = {
  'support-assistant': {
    system: 'You answer customers of an outdoor shop. Be brief and kind. Look up orders before you promise anything.',
    questions: [
      'Where is my order {number}? It should have come on Tuesday.',
      'The zip of the tent from order {number} broke on the first night. Can I get a new one?',
      'I was charged twice for order {number}.',
      'Can I change the size of the boots in order {number} to 43?',
      'Which sleeping bag do you recommend for minus five degrees?',
      'How do I send something back?',
    ],
    answers: [
      'Your parcel left our warehouse yesterday and will be with you tomorrow before noon.',
      'I am sorry about that. I have started a replacement for order {number}; you need not send the old one back.',
      'The second charge was a reservation and is released by your bank within three days.',
      'Done: order {number} now has the boots in 43. The delivery day stays the same.',
      'For minus five the Fjell 400 is the right one: 980 g, comfort limit minus seven.',
    ],
  },
  'code-reviewer': {
    system: 'You review changes. Name defects first, with file and line; leave style to the formatter.',
    questions: [
      'Review change {number}: retries in the payment client.',
      'Review change {number}: moves session storage to Redis.',
      'Review change {number}: new index on orders(customer_id, created_at).',
      'Why does the pipeline of change {number} fail in the integration stage?',
    ],
    answers: [
      'Two findings. payment-client.ts:88 retries a POST that is not idempotent; line 104 swallows the last error.',
      'No defects found. The migration locks the table for about 40 s at the current size; consider CONCURRENTLY.',
      'One finding: the session key is built from user input without its length being limited (session-store.ts:31).',
      'The stage fails because the fixture of change {number} still uses the old column name.',
    ],
  },
  'lead-qualifier': {
    system: 'You rate sales leads from A to D and give one reason.',
    questions: [
      'Rate lead {number}: logistics company, 300 employees, asked for a price list.',
      'Rate lead {number}: student project, wants a free licence.',
      'Rate lead {number}: returning customer, contract ends in March.',
    ],
    answers: [
      'B: right size and industry, but no named decision maker yet.',
      'D: no budget; send the link to the community edition.',
      'A: renewal due in four months and usage grew by a third.',
    ],
  },
  'invoice-extractor': {
    system: 'Extract supplier, date, net, tax and gross from the invoice. Answer in JSON.',
    questions: ['Invoice {number}, 2 pages, scanned.', 'Invoice {number}, 1 page, text layer present.'],
    answers: [
      '{"supplier": "Nordlicht Logistik", "net": 1280.00, "tax": 243.20, "gross": 1523.20}',
      '{"supplier": "Papierhaus Weber", "net": 86.40, "tax": 16.42, "gross": 102.82}',
    ],
  },
  'contract-analyst': {
    system: 'You compare contracts with the house standard and quote the clauses that differ.',
    questions: [
      'Which clauses of contract {number} differ from our standard terms on liability?',
      'Summarise the notice periods in contract {number}.',
    ],
    answers: [
      'Clause 11.2 removes the cap on liability for loss of data; our standard limits it to the yearly fee.',
      'Three months to the end of a quarter for both sides; 14 days for cause (clause 15.3).',
    ],
  },
  'campaign-writer': {
    system: 'You write short campaign texts in the tone of the brand guide.',
    questions: [
      'Three subject lines for the autumn sale, campaign {number}.',
      'A landing page text for the new trail shoes, 80 words, campaign {number}.',
    ],
    answers: [
      'Leaves fall. So do prices. / Warm layers, cool offers. / Your autumn kit is waiting.',
      'Light as the first frost and sure on wet stone: the new Ridge trail shoes carry you further than the path.',
    ],
  },
};

const FIRST_NAMES = ['noah', 'mia', 'liam', 'ada', 'jonas', 'lea', 'omar', 'sofia', 'ivan', 'clara', 'yuki', 'nina'];
const LAST_NAMES = ['fischer', 'okafor', 'larsen', 'rossi', 'novak', 'garcia', 'weber', 'tanaka', 'silva', 'moreau'];
const SEPARATORS = ['.', '-', '_'];

const numbered = (text: string, random: Random): string =>
  text.replace('{number}', String(random.integer(10_000, 99_999)));

/** What the agent is told to be. Empty for an agent that is not known. */
export function systemTextOf(agent: string): string {
  return TEXTS[agent]?.system ?? '';
}

export function questionFor(agent: string, random: Random): string {
  return numbered(random.pick(TEXTS[agent]!.questions), random);
}

export function answerFor(agent: string, random: Random): string {
  return numbered(random.pick(TEXTS[agent]!.answers), random);
}

/** The n-th user: 360 names that differ. */
export function userName(index: number): string {
  const first = FIRST_NAMES[index % FIRST_NAMES.length]!;
  const last = LAST_NAMES[Math.floor(index / FIRST_NAMES.length) % LAST_NAMES.length]!;
  const block = Math.floor(index / (FIRST_NAMES.length * LAST_NAMES.length));
  return `${first}${SEPARATORS[block % SEPARATORS.length]!}${last}`;
}

/** An address under a domain that is reserved for examples (RFC 2606). */
export function emailFor(random: Random): string {
  return `${random.pick(FIRST_NAMES)}.${random.pick(LAST_NAMES)}@example.org`;
}
