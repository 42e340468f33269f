/**
 * What happens in the month at fixed times, in hours before its end: docs/demo.md tells it to people, the tests compare both.
 * Numbers given here are exact whatever weekday the month ends on; everything else follows from hour and weekday.
 */
export const DEMO_EVENTS = {
  /** From then on the answers of the new version take twice as long, to the first token and to the last. */
  slowRelease: { agent: 'support-assistant', from: '2.3.1', to: '2.4.0', hoursBeforeEnd: 216, slowdown: 2 },
  /** From then on the system prompt and the repository are read from the provider's cache. */
  promptCache: { agent: 'code-reviewer', from: '1.8.2', to: '1.9.0', hoursBeforeEnd: 384 },
  /** A job in a loop: the same long contract over and over, each call with exactly these tokens. */
  runawayLoop: {
    agent: 'contract-analyst',
    userId: 'svc-contract-import',
    hoursBeforeEnd: 126,
    hours: 4,
    callsPerHour: 150,
    inputTokens: 60_000,
    outputTokens: 1_500,
  },
  /** The provider answers 529; each call is given up after its retries. */
  outage: {
    agent: 'code-reviewer',
    hoursBeforeEnd: 336,
    hours: 2,
    callsPerHour: 90,
    errorType: 'overloaded_error',
    retries: 3,
  },
  /** Somebody pastes keys into prompts, one prompt each. */
  leakedKeys: { agent: 'code-reviewer', userId: 'noah.fischer', hoursBeforeEnd: 74, openAiKeys: 8, anthropicKeys: 6 },
  /** From then on a share of the campaign texts comes from a model of the house, for which no price is known. */
  houseModel: { agent: 'campaign-writer', model: 'house-style-7b', hoursBeforeEnd: 288, share: 0.25 },
  /** Throughout: this share of the streamed calls of the agent ends without usage. */
  withoutUsage: { agent: 'lead-qualifier', share: 0.06 },
} as const;
