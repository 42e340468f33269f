import type { GenAiSpan } from '../span.ts';

/** The parts of a span that tell who called and how: wrappers know them, native SDK spans rarely do. */
type Context = Pick<
  GenAiSpan,
  | 'agentName'
  | 'agentId'
  | 'agentVersion'
  | 'workflowName'
  | 'promptName'
  | 'promptVersion'
  | 'conversationId'
  | 'userId'
  | 'responseId'
  | 'requestModel'
  | 'responseModel'
  | 'serviceTier'
  | 'department'
  | 'timeToFirstTokenNs'
  | 'streaming'
  | 'retries'
  | 'finishReasons'
>;

/** The first value that says something. */
function firstOf<T>(values: readonly T[], empty: (value: T) => boolean): T {
  return values.find((value) => !empty(value)) ?? values[0]!;
}

/**
 * Fills what the billed record of a call does not know from the other records of the same call, nearest first.
 * Numbers of tokens are never mixed: they stay those of the billed record.
 */
export function adoptContext<T extends Context>(billed: T, others: readonly Context[]): T {
  const all = [billed, ...others] as const;
  const text = (pick: (span: Context) => string) => firstOf(all.map(pick), (value) => value === '');
  return {
    ...billed,
    agentName: text((span) => span.agentName),
    agentId: text((span) => span.agentId),
    agentVersion: text((span) => span.agentVersion),
    workflowName: text((span) => span.workflowName),
    promptName: text((span) => span.promptName),
    promptVersion: text((span) => span.promptVersion),
    conversationId: text((span) => span.conversationId),
    userId: text((span) => span.userId),
    responseId: text((span) => span.responseId),
    requestModel: text((span) => span.requestModel),
    responseModel: text((span) => span.responseModel),
    serviceTier: text((span) => span.serviceTier),
    department: text((span) => span.department),
    timeToFirstTokenNs: firstOf(
      all.map((span) => span.timeToFirstTokenNs),
      (value) => value === 0
    ),
    streaming: all.some((span) => span.streaming),
    retries: Math.max(...all.map((span) => span.retries)),
    finishReasons: firstOf(
      all.map((span) => span.finishReasons),
      (value) => value.length === 0
    ),
  };
}
