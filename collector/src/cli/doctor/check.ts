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
  if (typeof error !== 'object' || error === null) return 'unknown';
  const { code, cause, name } = error as { code?: unknown; cause?: unknown; name?: unknown };
  if (typeof code === 'string') return code;
  if (cause !== undefined) return errorCode(cause);
  return typeof name === 'string' ? name : 'unknown';
}
