import type { FindingCategory } from '../span.ts';

/** What an external guard says about a text. */
export interface ExternalHit {
  /** One of a fixed set, so that nobody outside chooses our names. */
  readonly rule: string;
  readonly category: FindingCategory;
  /** 0…1. */
  readonly score: number;
}

/** How to ask, and how to read the answer. `read` throws for an answer that is none. */
export interface ExternalProtocol {
  readonly body: (text: string, model: string) => unknown;
  readonly read: (answer: unknown) => readonly ExternalHit[];
}

const MODERATION_CATEGORIES = ['harassment', 'hate', 'illicit', 'self-harm', 'sexual', 'violence'];
const HAZARD = /\bS(\d{1,2})\b/g;
const MAX_HAZARD = 14;
const MAX_ANSWER_TOKENS = 64;

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

/** The moderations endpoint of OpenAI and of those that are compatible with it. */
const moderation: ExternalProtocol = {
  body: (text, model) => ({ input: text, ...(model === '' ? {} : { model }) }),
  read: (answer) => {
    const { results } = record(answer);
    if (!Array.isArray(results) || results.length === 0) throw new Error('the answer holds no results');
    const { categories, category_scores: scores, flagged } = record(results[0]);
    if (typeof flagged !== 'boolean') throw new Error('the answer does not say whether the text is flagged');
    const hits = new Map<string, number>();
    for (const [name, hit] of Object.entries(record(categories))) {
      if (hit !== true) continue;
      const known = MODERATION_CATEGORIES.find((each) => name === each || name.startsWith(`${each}/`)) ?? 'other';
      const score = record(scores)[name];
      hits.set(
        known,
        Math.max(hits.get(known) ?? 0, typeof score === 'number' && score >= 0 && score <= 1 ? score : 1)
      );
    }
    if (flagged && hits.size === 0) hits.set('other', 1);
    return [...hits].map(([name, score]) => ({ rule: `external-${name}`, category: 'toxicity', score }));
  },
};

/** A model of the Llama Guard family behind a chat endpoint: `safe`, or `unsafe` and the hazards S1 to S14. */
const chat: ExternalProtocol = {
  body: (text, model) => ({
    ...(model === '' ? {} : { model }),
    messages: [{ role: 'user', content: text }],
    temperature: 0,
    max_tokens: MAX_ANSWER_TOKENS,
  }),
  read: (answer) => {
    const { choices } = record(answer);
    const { content } = record(record(Array.isArray(choices) ? choices[0] : undefined)['message']);
    const said = typeof content === 'string' ? content.trim().toLowerCase() : '';
    if (said.startsWith('safe')) return [];
    if (!said.startsWith('unsafe')) throw new Error('the answer is neither safe nor unsafe');
    const hazards = [...said.toUpperCase().matchAll(HAZARD)].map(([, number]) => Number(number));
    const known = [...new Set(hazards.filter((number) => number >= 1 && number <= MAX_HAZARD))];
    const names = known.length === 0 ? ['unsafe'] : known.map((number) => `s${number}`);
    return names.map((name) => ({ rule: `external-${name}`, category: 'toxicity', score: 1 }));
  },
};

export const externalProtocols = { moderation, chat };
