import type { Fraction } from './decimal.ts';

/** What a region adds to every price per token; fees are not changed. */
export interface RegionPremium {
  /** Stands at the end of the price id: `us`, `eu`, `regional`. */
  readonly name: string;
  readonly factor: Fraction;
}

interface PremiumRule {
  /** Who bills the call, as the price data names providers. */
  readonly seller: string;
  /** Entry ids the premium holds for. */
  readonly models: RegExp;
  /** Regions with the premium, lower case. */
  readonly regions: RegExp;
  /** Names the premium when it is the same for many regions; else the region itself is the name. */
  readonly name?: string;
  readonly factor: Fraction;
  /**
   * The page that publishes it, and the day that the figures stand for: that of a copy or an excerpt of the page, or of the price
   * data's release. Not every page has been opened by a person: whoever relies on an entry looks there first.
   */
  readonly source: string;
  readonly asOf: string;
}

const TENTH_MORE: Fraction = { numerator: 11n, denominator: 10n };
const QUARTER_MORE: Fraction = { numerator: 5n, denominator: 4n };

/** Claude from this generation on is sold by endpoint: global, or in a region for more. */
const CLAUDE_4_5_ON = /^claude-(?:(?:sonnet|opus|haiku)-4-[5-9]|(?:sonnet|opus|haiku|fable|mythos)-[5-9])/;
const CLAUDE_4_6_ON = /^claude-(?:(?:sonnet|opus|haiku)-4-[6-9]|(?:sonnet|opus|haiku|fable|mythos)-[5-9])/;

/**
 * Published premiums. Bedrock is not here: the price data lists global and regional inference profiles as entries of their own. Azure's data
 * zones cost more too, but by amounts that differ per model, and a span does not say which type a deployment is.
 */
export const PREMIUM_RULES: readonly PremiumRule[] = [
  {
    seller: 'anthropic',
    models: CLAUDE_4_6_ON,
    regions: /^us$/,
    factor: TENTH_MORE,
    source: 'https://platform.claude.com/docs/en/about-claude/pricing#data-residency-pricing',
    asOf: '2026-10-24',
  },
  {
    seller: 'google',
    models: CLAUDE_4_5_ON,
    regions: /^(?!global$)[a-z]/,
    name: 'regional',
    factor: TENTH_MORE,
    source: 'https://docs.claude.com/en/docs/build-with-claude/claude-on-vertex-ai#global-vs-regional-endpoints',
    asOf: '2026-10-24',
  },
  {
    // For models released on or after 2026-03-05, the day of GPT-5.4.
    seller: 'openai',
    models: /^gpt-(?:5\.[4-9]|[6-9])/,
    regions: /^(?:us|eu|au|ca|jp|in|sg|kr|gb|uk|ae)$/,
    factor: TENTH_MORE,
    source: 'https://developers.openai.com/api/docs/guides/data-residency',
    asOf: '2026-10-24',
  },
  {
    seller: 'x-ai',
    models: /^grok-/,
    regions: /^us$/,
    factor: TENTH_MORE,
    source: 'https://docs.x.ai/developers/pricing',
    asOf: '2026-10-24',
  },
  {
    seller: 'together',
    models: /^/,
    regions: /^(?:us|ca)$/,
    factor: QUARTER_MORE,
    source: 'https://docs.together.ai/docs/serverless/geo-specific-inference',
    asOf: '2026-10-24',
  },
];

const RULES_OF_SELLER: ReadonlyMap<string, readonly PremiumRule[]> = new Map(
  PREMIUM_RULES.map(({ seller }) => [seller, PREMIUM_RULES.filter((rule) => rule.seller === seller)])
);

/** The premium of a region, by who bills the call and the entry id; `undefined` when it changes no price. `region` in any case. */
export function regionPremium(seller: string, model: string, region: string): RegionPremium | undefined {
  const rules = RULES_OF_SELLER.get(seller);
  if (rules === undefined || region === '') return undefined;
  const place = region.trim().toLowerCase();
  const rule = rules.find(({ models, regions }) => regions.test(place) && models.test(model));
  return rule && { name: rule.name ?? place, factor: rule.factor };
}
