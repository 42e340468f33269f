import type { DeliveredPlan, Plan } from './delivery-frames.ts';

/** What the frames of earlier runs say about delivery. */
export interface DeliveryState {
  /** Plans whose delivery is not on record, by first sequence. Their inserts may have happened. */
  readonly openPlans: readonly Plan[];
  readonly isDelivered: (sequence: number) => boolean;
  /** The open plan that holds a record, if any. */
  readonly planOf: (sequence: number) => Plan | undefined;
}

function byFirst(left: Plan, right: Plan): number {
  return left.first - right.first;
}

/** Ranges may enclose others when a damaged plan frame had its records planned anew around what was delivered. */
function unite(plans: readonly Plan[]): readonly Plan[] {
  const united: { first: number; last: number }[] = [];
  for (const { first, last } of [...plans].sort(byFirst)) {
    const previous = united.at(-1);
    if (previous !== undefined && first <= previous.last + 1) previous.last = Math.max(previous.last, last);
    else united.push({ first, last });
  }
  return united;
}

/** Binary search over plans sorted by first sequence that do not overlap. */
function find(plans: readonly Plan[], sequence: number): Plan | undefined {
  let low = 0;
  let high = plans.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const plan = plans[middle]!;
    if (sequence < plan.first) high = middle - 1;
    else if (sequence > plan.last) low = middle + 1;
    else return plan;
  }
  return undefined;
}

/**
 * Records up to `deliveredUpTo` and those of `delivered` plans are done; a delivered frame counts even when its plan frame was
 * lost to damage.
 */
export function createDeliveryState(
  plans: readonly Plan[],
  delivered: readonly DeliveredPlan[],
  deliveredUpTo: number
): DeliveryState {
  const done = unite(delivered);
  const doneKeys = new Set(delivered.map(({ first, last }) => `${first}-${last}`));
  const openPlans = plans
    .filter(({ first, last }) => last > deliveredUpTo && !doneKeys.has(`${first}-${last}`))
    .sort(byFirst);
  return {
    openPlans,
    isDelivered: (sequence) => sequence <= deliveredUpTo || find(done, sequence) !== undefined,
    planOf: (sequence) => find(openPlans, sequence),
  };
}
