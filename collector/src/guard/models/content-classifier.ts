import type { FindingLocation } from '../../span.ts';
import type { StepMeter } from '../detector.ts';
import { attackPatterns } from './attack-patterns.ts';
import { forEachSegment, SHORT_SEGMENT_LENGTH } from './content-segments.ts';
import { contentWeights } from './content-weights.ts';
import { forEachWindow, loadWindow, normOfRuns, sumRuns, type RunSums, type RunWeights } from './run-window.ts';

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
  /** At most one match for injection or jailbreak and one for toxicity: the highest window. Never throws. Linear. */
  readonly classify: (text: string, location: FindingLocation, meter: StepMeter) => readonly ContentMatch[];
}

/** A short attack that no pattern names needs this score: `Do not reply to this e-mail.` looks a little like one. */
const UNNAMED_ATTACK_SCORE = 0.65;
const SHORT_ATTACK_LENGTH = 60;
/** What a toxic message of a word or two holds; of others of this length the models know too little: `muslim women`. */
const SWEAR_WORD =
  /\b(?:fuck\w*|cunts?|bitch(?:es)?|whores?|sluts?|ass ?holes?|bastards?|fag(?:got)?s?|nigg(?:er|a)s?|retards?|morons?|idiots?|shit|scum)\b/i;
/** Steps of one character: two runs. */
const STEPS_PER_CHARACTER = 2;
const NOTHING: readonly ContentMatch[] = [];

/** Signed bytes: two for each bucket of a run of four, one for each of a run of eight. */
function decodeWeights({ fours, eights }: { readonly fours: string; readonly eights: string }): RunWeights {
  const bytes = Buffer.from(fours, 'base64');
  return {
    fours: Int16Array.from(
      { length: bytes.length / 2 },
      (_, bucket) => bytes.readInt8(bucket * 2 + 1) * 256 + bytes.readInt8(bucket * 2)
    ),
    eights: Int8Array.from(Buffer.from(eights, 'base64')),
  };
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

function logitOf(score: number): number {
  return Math.log(score / (1 - score));
}

/**
 * Finds prompt injection, jailbreaks and toxicity: two linear models over runs of characters, in windows of about a thousand,
 * with reviewed patterns that name the kind of an attack. Attacks are looked for in what users and tools say, toxicity
 * in what users, tools and models say, nothing in system prompts.
 */
export function createContentClassifier({ injection, toxicity }: ContentThresholds): ContentClassifier {
  const weights = decodeWeights(contentWeights);
  const { injection: injectionModel, toxicity: toxicityModel } = contentWeights;
  const sums: RunSums = { injection: 0, toxicity: 0, runs: 0 };
  const injectionFloor = logitOf(injection);
  const unnamedFloor = Math.max(injectionFloor, logitOf(UNNAMED_ATTACK_SCORE));
  const toxicityFloor = logitOf(toxicity);

  /** Patterns cost more than the models: they are tried only on what was found. */
  const kindOf = (window: string): ContentClass | undefined => {
    const kinds = { prompt_injection: 0, jailbreak: 0 };
    for (const { kind, expression } of attackPatterns) if (expression.test(window)) kinds[kind] += 1;
    if (kinds.jailbreak === 0 && kinds.prompt_injection === 0) return undefined;
    return kinds.jailbreak > kinds.prompt_injection ? 'jailbreak' : 'prompt_injection';
  };

  return {
    classify: (text, location, meter) => {
      if (location !== 'input' && location !== 'output' && location !== 'tool') return NOTHING;
      let attack: ContentMatch | undefined;
      let toxic: ContentMatch | undefined;
      forEachSegment(text, (start, end, author) => {
        if (author === 'operator') return;
        const isShort = end - start < SHORT_SEGMENT_LENGTH;
        const mayAttack = author === 'others' && location !== 'output' && !isShort;
        meter.steps += STEPS_PER_CHARACTER * (end - start);
        forEachWindow(start, end, (from, to) => {
          sumRuns(loadWindow(text, from, to), weights, mayAttack, sums);
          const norm = normOfRuns(sums.runs);
          const toxicityLogit = sums.toxicity * norm * toxicityModel.scale + toxicityModel.bias;
          if (toxicityLogit >= toxicityFloor && sigmoid(toxicityLogit) > (toxic?.score ?? 0)) {
            if (!isShort || SWEAR_WORD.test(text.slice(start, end)))
              toxic = { contentClass: 'toxicity', start, end, score: sigmoid(toxicityLogit) };
          }
          if (!mayAttack) return;
          const logit = sums.injection * norm * injectionModel.scale + injectionModel.bias;
          if (logit < injectionFloor) return;
          const score = sigmoid(logit);
          if (score <= (attack?.score ?? 0)) return;
          const kind = kindOf(text.slice(from, to));
          if (kind === undefined && end - start < SHORT_ATTACK_LENGTH && logit < unnamedFloor) return;
          attack = { contentClass: kind ?? 'prompt_injection', start, end, score };
        });
      });
      if (attack === undefined && toxic === undefined) return NOTHING;
      return [attack, toxic].filter((match) => match !== undefined);
    },
  };
}
