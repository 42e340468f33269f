import type { Detector, Match, StepMeter } from '../../detector.ts';
import { isNoSecret } from './secret-values.ts';

/** A manifest is short; its parts stand in any order. */
const REACH = 2048;
const NEXT_DOCUMENT = '\n---';
const KIND = /^kind['"]?\s?:\s{1,4}['"]?secret['"]?\s/i;
const DATA = /\n[ \t]*(?:data|stringData)['"]?:[ \t]*(?:\||>)?((?:\n[ \t]+[^\n]{0,1024}|\n[ \t]*(?=\n))+)/g;
const ENTRY = /\n[ \t]+['"]?[\w.-]{1,64}['"]?[ \t]?:[ \t]{1,4}['"]?([A-Za-z0-9+/=_-]{10,1024})(?=['"\s]|$)/g;

function find(text: string, hits: readonly number[], meter: StepMeter): readonly Match[] {
  const matches: Match[] = [];
  let searchedTo = 0;
  for (const hit of hits) {
    const from = Math.max(searchedTo, hit - REACH);
    const ahead = Math.max(from, hit);
    meter.steps += hit + REACH - from;
    const before = text.slice(from, hit).lastIndexOf(NEXT_DOCUMENT);
    const after = text.slice(ahead, hit + REACH).indexOf(NEXT_DOCUMENT);
    const first = before === -1 ? from : from + before;
    const manifest = `\n${text.slice(first, after === -1 ? hit + REACH : ahead + after)}\n`;
    searchedTo = hit + REACH;
    for (const block of manifest.matchAll(DATA)) {
      for (const entry of (block[1] ?? '').matchAll(ENTRY)) {
        const value = entry[1] ?? '';
        if (isNoSecret(value)) continue;
        // The line break put in front moves everything by one.
        const blockStart = block.index + block[0].length - (block[1] ?? '').length;
        const start = first + blockStart + entry.index + entry[0].length - value.length - 1;
        if (start < (matches.at(-1)?.end ?? 0)) continue;
        matches.push({ start, end: start + value.length, score: 0.85 });
      }
    }
  }
  return matches;
}

/** Entries of `data` and `stringData` in a manifest of kind Secret. Source: Kubernetes documentation, "Secrets". */
export const kubernetesSecret: Detector = {
  rule: 'kubernetes-secret',
  category: 'secret',
  severity: 'high',
  action: 'redact',
  keywords: [],
  words: ['kind'],
  confirmWord: (text, start) => KIND.test(`${text.slice(start, start + 24)} `),
  publicPrefix: 0,
  find,
};
