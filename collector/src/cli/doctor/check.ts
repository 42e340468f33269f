/** What a check found. A fault says what is wrong and what to do, in words for a person who does not know the code. */
export type CheckResult =
  | { readonly state: 'ok'; readonly message: string }
  | { readonly state: 'fault'; readonly message: string; readonly advice: string }
  /** Not looked at, because of a fault that was told before. */
  | { readonly state: 'skipped'; readonly message: string };

export const ok = (message: string): CheckResult => ({ state: 'ok', message });
export const fault = (message: string, advice: string): CheckResult => ({ state: 'fault', message, advice });
export const skipped = (message: string): CheckResult => ({ state: 'skipped', message });

/** The error's code (`ECONNREFUSED`), through the wrappers that fetch puts around it; else its name. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.cause === undefined ? error.name : errorCode(error.cause);
}
