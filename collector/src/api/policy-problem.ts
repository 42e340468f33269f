import { Problem } from './problem.ts';

/** The faults of a policy, as the frame writes them. */
export function policyProblem(faults: readonly string[]): Problem {
  const errors = faults.map((fault) => {
    const colon = fault.indexOf(': ');
    return { field: fault.slice(0, colon), message: fault.slice(colon + 2) };
  });
  return new Problem(400, 'The policy cannot be used as it is written', { errors });
}
