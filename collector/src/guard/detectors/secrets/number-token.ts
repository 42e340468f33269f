import type { Detector, Match, StepMeter } from '../../detector.ts';
import { isNoSecret } from './secret-values.ts';

const MAX_LENGTH = 80;
/** A bot's id and its secret; an application's id and its secret. */
const TELEGRAM = /^\d{8,12}:A[A-Za-z0-9_-]{33,35}(?![A-Za-z0-9_-])/;
const FACEBOOK = /^\d{15,16}(?:\||%7C)[A-Za-z0-9_-]{27}(?![A-Za-z0-9_-])/;

function find(text: string, hits: readonly number[], meter: StepMeter): readonly Match[] {
  const matches: Match[] = [];
  for (const hit of hits) {
    const near = text.slice(hit, hit + MAX_LENGTH);
    meter.steps += MAX_LENGTH;
    const found = (TELEGRAM.exec(near) ?? FACEBOOK.exec(near))?.[0];
    if (found === undefined || isNoSecret(found.slice(-20)) || hit < (matches.at(-1)?.end ?? 0)) continue;
    matches.push({ start: hit, end: hit + found.length, score: 0.95 });
  }
  return matches;
}

/** Tokens that begin with a number: Telegram bots (Bot API, "Authorizing your bot") and Facebook application tokens (Graph API, "Access Tokens"). */
export const numberToken: Detector = {
  rule: 'bot-token',
  category: 'secret',
  severity: 'critical',
  action: 'redact',
  keywords: [],
  triggers: ['digits'],
  publicPrefix: 0,
  find,
};
