import type { FindingLocation } from '../../span.ts';
import type { StepMeter } from '../detector.ts';
import { createTextCodes } from '../text-codes.ts';
import { attackPatterns } from './attack-patterns.ts';
import { forEachSegment } from './content-segments.ts';
import { contentWeights } from './content-weights.ts';
import { BUCKET_BITS, createNgramFeatures, forEachWindow } from './ngram-features.ts';
import { askGate, GATE_BITS } from './word-gate.ts';
import { createWordHashes, MAX_WORDS } from './word-hashes.ts';

export type ContentClass = 'prompt_injection' | 'jailbreak' | 'toxicity';

/** What a string of a text is, with a score of at least 0.5: 0.5 is the point the thresholds were chosen at. */
export interface ContentMatch {
  readonly contentClass: ContentClass;
  readonly start: number;
  readonly end: number;
  readonly score: number;
}

/** Scores from which on a text counts; the default of each is 0.5. */
export interface ContentThresholds {
  readonly injection: number;
  readonly toxicity: number;
}

export interface ContentClassifier {
  /** False: by its words the text holds nothing. */
  readonly mayHold: (text: string, location: FindingLocation) => boolean;
  /** At most one match for injection or jailbreak and one for toxicity: the highest window. Never throws. Linear. */
  readonly classify: (text: string, location: FindingLocation, meter: StepMeter) => readonly ContentMatch[];
}

/** Patterns are tried where the model is in doubt: they cost more than the model. */
const DOUBT = 4;
const BYTE = 8;
/** Fewer say nothing: a word, or one character over and over. */
const MIN_FEATURES = 12;
/** Steps of one character: word, pair and run. */
const STEPS_PER_CHARACTER = 3;
const NOTHING: readonly ContentMatch[] = [];

/** One signed byte for each of the two models in each number. */
function decodeWeights(base64: string, bits: number): Int16Array {
  const bytes = Buffer.from(base64, 'base64');
  const weights = new Int16Array(1 << bits);
  for (let bucket = 0; bucket < weights.length; bucket += 1) weights[bucket] = bytes.readInt16LE(bucket * 2);
  return weights;
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

function logitOf(score: number): number {
  return Math.log(score / (1 - score));
}

/**
 * Finds prompt injection, jailbreaks and toxicity: two linear models over hashed words and character runs, in windows of
 * about a thousand characters, with reviewed patterns that add to the first and name its kind. Attacks are looked for in what users and tools say, toxicity in
 * what users, tools and models say, nothing in system prompts.
 */
export function createContentClassifier({ injection, toxicity }: ContentThresholds): ContentClassifier {
  const weights = decodeWeights(contentWeights.base64, BUCKET_BITS);
  const gate = {
    ...contentWeights.gate,
    weights: decodeWeights(contentWeights.gate.base64, GATE_BITS),
    pairs: new Int8Array(Buffer.from(contentWeights.gate.pairs, 'base64')),
  };
  const features = createNgramFeatures();
  const textCodes = createTextCodes();
  const wordHashes = createWordHashes();
  const { buckets } = features;
  const injectionFloor = logitOf(injection);
  const toxicityFloor = logitOf(toxicity);

  const attackOf = (text: string, from: number, to: number, logit: number): ContentMatch | undefined => {
    if (logit < injectionFloor - DOUBT) return undefined;
    const window = text.slice(from, to);
    let total = logit;
    const kinds = { prompt_injection: 0, jailbreak: 0 };
    for (const { kind, expression, weight } of attackPatterns) {
      if (!expression.test(window)) continue;
      total += weight;
      kinds[kind] += weight;
    }
    if (total < injectionFloor) return undefined;
    const contentClass = kinds.jailbreak > kinds.prompt_injection ? 'jailbreak' : 'prompt_injection';
    return { contentClass, start: from, end: to, score: sigmoid(total) };
  };

  const isContent = (location: FindingLocation): boolean =>
    location === 'input' || location === 'output' || location === 'tool';

  return {
    mayHold: (text, location) => {
      if (!isContent(location)) return false;
      const answer = askGate(wordHashes(text), text.length, MAX_WORDS, gate);
      return answer.toxicity || (answer.injection && location !== 'output');
    },
    classify: (text, location, meter) => {
      if (!isContent(location)) return NOTHING;
      const codes = textCodes.load(text);
      let attack: ContentMatch | undefined;
      let toxic: ContentMatch | undefined;
      forEachSegment(text, (segmentStart, segmentEnd, trusted) => {
        forEachWindow(segmentStart, segmentEnd, (from, to) => {
          meter.steps += STEPS_PER_CHARACTER * (to - from);
          const count = features.collect(codes, from, to);
          if (count < MIN_FEATURES) return;
          let injectionSum = 0;
          let toxicitySum = 0;
          for (let index = 0; index < count; index += 1) {
            const both = weights[buckets[index]!]!;
            toxicitySum += both >> BYTE;
            injectionSum += (both << 24) >> 24;
          }
          const norm = 1 / Math.sqrt(count);
          const { injection: injectionModel, toxicity: toxicityModel } = contentWeights;
          const toxicityLogit = toxicitySum * norm * toxicityModel.scale + toxicityModel.bias;
          if (toxicityLogit >= toxicityFloor && sigmoid(toxicityLogit) > (toxic?.score ?? 0)) {
            toxic = { contentClass: 'toxicity', start: segmentStart, end: segmentEnd, score: sigmoid(toxicityLogit) };
          }
          if (trusted || location === 'output') return;
          const found = attackOf(text, from, to, injectionSum * norm * injectionModel.scale + injectionModel.bias);
          if (found !== undefined && found.score > (attack?.score ?? 0)) {
            attack = { ...found, start: segmentStart, end: segmentEnd };
          }
        });
      });
      if (attack === undefined && toxic === undefined) return NOTHING;
      return [attack, toxic].filter((match) => match !== undefined);
    },
  };
}
