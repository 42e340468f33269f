import type { OtlpResource } from '../otlp.ts';
import { DEMO_AGENTS } from './demo-agents.ts';
import type { DemoAgent } from './demo-agents.ts';
import { DEMO_EVENTS } from './demo-events.ts';
import { textOfHour, tracePrefixOf } from './demo-month.ts';
import type { DemoMonth } from './demo-month.ts';
import { emailFor, questionFor, userName } from './demo-texts.ts';
import { millis } from './demo-spans.ts';
import { buildTrace } from './demo-trace.ts';
import type { DemoTrace, TracePlan } from './demo-trace.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';

const SEED = 'spanledger demo 1';
const NS_PER_HOUR = 3_600_000_000_000n;
const MS_PER_HOUR = 3_600_000;
const THURSDAY = 4;
const SCORED_SHARE = 0.16;
const RETRIED_SHARE = 0.03;
const EMAIL_SHARE = 0.04;
/** What the wrong calls of everyday are; the outage has an error type of its own. */
const FAILURES: readonly (readonly [TracePlan['failure'], number])[] = [
  [{ type: 'rate_limit_exceeded', message: 'Error code: 429 - rate limit reached for requests' }, 5],
  [{ type: 'timeout', message: 'the request timed out' }, 3],
  [{ type: 'server_error', message: 'Error code: 500 - the server had an error' }, 1],
];
const FAILING_SHARE = 0.012;
const OVERLOADED = { type: DEMO_EVENTS.outage.errorType, message: 'Error code: 529 - Overloaded' };
const BATCH_USER = 'svc-invoice-batch';

/** Traffic of one UTC hour, trace by trace: the same in every run for the same month. */
export type DemoHour = (hour: number) => readonly DemoTrace[];

/** A resource is one object for all its spans, as in a decoded request. */
function createResources(month: DemoMonth): (agent: DemoAgent, environment: string) => OtlpResource {
  const known = new Map<string, OtlpResource>();
  return (agent, environment) => {
    const key = `${agent.service} ${environment}`;
    let resource = known.get(key);
    if (resource === undefined) {
      resource = {
        attributes: new Map([
          ['service.name', agent.service],
          ['service.version', agent.serviceVersion],
          ['deployment.environment.name', environment],
          ['department', agent.department],
          ['telemetry.sdk.language', agent.language],
          ['telemetry.sdk.name', 'opentelemetry'],
          ['demo.month_end', textOfHour(month.endHour)],
        ]),
      };
      known.set(key, resource);
    }
    return resource;
  };
}

function isWithin(before: number, event: { readonly hoursBeforeEnd: number; readonly hours: number }): boolean {
  return before <= event.hoursBeforeEnd && before > event.hoursBeforeEnd - event.hours;
}

/** The version that runs in the hour that begins `before` hours before the end of the month. */
function versionOf(agent: DemoAgent, before: number): string {
  for (const release of [DEMO_EVENTS.slowRelease, DEMO_EVENTS.promptCache])
    if (release.agent === agent.name && before <= release.hoursBeforeEnd) return release.to;
  return agent.version;
}

/** Every hour of the month, and any hour after it, which is as the last ones but without events. */
export function createDemoHour(month: DemoMonth): DemoHour {
  const resourceOf = createResources(month);

  function plan(agent: DemoAgent, hour: number, random: Random): TracePlan {
    const before = month.endHour - hour;
    const version = versionOf(agent, before);
    const { slowRelease, promptCache, houseModel, withoutUsage } = DEMO_EVENTS;
    const isSlow = agent.name === slowRelease.agent && version === slowRelease.to;
    const isOfHouse =
      agent.name === houseModel.agent && before <= houseModel.hoursBeforeEnd && random.chance(houseModel.share);
    const user = random.integer(0, agent.users - 1) % (random.integer(0, agent.users - 1) + 1);
    const userId = agent.users === 1 ? BATCH_USER : userName(user + agent.name.length);
    const question = questionFor(agent.name, random);
    const rounds = random.weighted(agent.rounds);
    return {
      agent,
      version,
      resource: resourceOf(agent, random.weighted(agent.environments)),
      traceId: tracePrefixOf(hour) + random.hex(24),
      startNs: BigInt(hour) * NS_PER_HOUR + millis(random.next() * MS_PER_HOUR),
      userId,
      // Who comes back within the hour goes on with the conversation.
      conversationId: `conv_${tracePrefixOf(hour)}_${agent.name.slice(0, 4)}_${user}`,
      question:
        agent.name === 'support-assistant' && random.chance(EMAIL_SHARE)
          ? `${question} Please answer to ${emailFor(random)}.`
          : question,
      rounds,
      call: {
        model: isOfHouse ? houseModel.model : agent.model,
        answeringModel: isOfHouse ? houseModel.model : agent.answeringModel,
        provider: isOfHouse ? 'vllm' : agent.provider,
        host: isOfHouse ? 'models.house.internal' : agent.host,
        inputTokens: agent.inputTokens,
        outputTokens: agent.outputTokens,
        isExact: false,
        cachedShare: agent.name === promptCache.agent && version === promptCache.to ? 0.75 : agent.cachedShare,
        slowdown: isSlow ? slowRelease.slowdown : 1,
        retries: random.chance(RETRIED_SHARE) ? random.integer(1, 2) : 0,
        hasUsage: !(agent.name === withoutUsage.agent && random.chance(withoutUsage.share)),
      },
      failingRound: random.chance(FAILING_SHARE) ? random.integer(0, rounds - 1) : -1,
      failure: random.weighted(FAILURES),
      scoreShift: random.chance(SCORED_SHARE) ? (isOfHouse ? -0.2 : isSlow ? -0.09 : 0) : undefined,
    };
  }

  function everyday(agent: DemoAgent, hour: number): DemoTrace[] {
    const random = createRandom(`${SEED}/${agent.name}/${hour}`);
    const weekday = (THURSDAY + Math.floor(hour / 24)) % 7;
    const expected =
      agent.tracesPerPeakHour * agent.hours[hour % 24]! * agent.weekdays[weekday]! * random.around(1, 0.12);
    const traces = expected * month.volume;
    const count = Math.floor(traces) + (random.chance(traces % 1) ? 1 : 0);
    return Array.from({ length: count }, () => buildTrace(plan(agent, hour, random), random));
  }

  /** The traces that an event adds to everyday traffic, all in production and none of them evaluated. */
  function added(
    name: string,
    agentName: string,
    hour: number,
    count: number,
    change: (usual: TracePlan, index: number, random: Random) => Partial<TracePlan>
  ): DemoTrace[] {
    const agent = DEMO_AGENTS.find((each) => each.name === agentName)!;
    const random = createRandom(`${SEED}/${name}/${hour}`);
    return Array.from({ length: count }, (_, index) => {
      const usual = {
        ...plan(agent, hour, random),
        resource: resourceOf(agent, 'production'),
        rounds: 1,
        failingRound: -1,
        scoreShift: undefined,
      };
      return buildTrace({ ...usual, ...change(usual, index, random) }, random);
    });
  }

  function events(hour: number): DemoTrace[] {
    const before = month.endHour - hour;
    const { runawayLoop, outage, leakedKeys } = DEMO_EVENTS;
    const traces: DemoTrace[] = [];
    if (isWithin(before, runawayLoop))
      traces.push(
        ...added('runaway loop', runawayLoop.agent, hour, runawayLoop.callsPerHour, (usual) => ({
          agent: { ...usual.agent, retrieves: false },
          userId: runawayLoop.userId,
          conversationId: 'conv_runaway_loop',
          question: 'Summarise contract 48213 and import the result.',
          call: {
            ...usual.call,
            inputTokens: runawayLoop.inputTokens,
            outputTokens: runawayLoop.outputTokens,
            isExact: true,
            retries: 0,
          },
        }))
      );
    if (isWithin(before, outage))
      traces.push(
        ...added('outage', outage.agent, hour, outage.callsPerHour, (usual) => ({
          failingRound: 0,
          failure: OVERLOADED,
          call: { ...usual.call, retries: outage.retries },
        }))
      );
    if (before === leakedKeys.hoursBeforeEnd)
      traces.push(
        ...added(
          'leaked keys',
          leakedKeys.agent,
          hour,
          leakedKeys.openAiKeys + leakedKeys.anthropicKeys,
          (_, index, random) => {
            const key =
              index < leakedKeys.openAiKeys ? `sk-proj-${random.base62(48)}` : `sk-ant-api03-${random.base62(80)}`;
            return {
              userId: leakedKeys.userId,
              question: `The deploy of the preview fails with 401. I use ${key} in the environment, what is wrong?`,
            };
          }
        )
      );
    return traces;
  }

  return (hour) => [...DEMO_AGENTS.flatMap((agent) => everyday(agent, hour)), ...events(hour)];
}
