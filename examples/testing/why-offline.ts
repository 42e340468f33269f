/** Registries differ in speed; beyond this an install is given up as out of reach. */
export const INSTALL_MS = 480_000;
/** How the package managers say that a registry cannot be reached. */
const OFFLINE =
  /ENOTFOUND|ETIMEDOUT|ECONNREFUSED|ECONNRESET|EAI_AGAIN|ConnectionError|ConnectTimeout|ReadTimeout|Name or service not known|Temporary failure in name resolution|no such host|i\/o timeout|connection refused|UnknownHost|Unknown host|Connection timed out|Network is unreachable/i;

/** Why an install that failed could not reach its registry; throws what it printed when the fault is another. */
export function whyOffline(error: Error & { killed?: boolean; stdout?: string; stderr?: string }): string {
  if (error.killed === true) return `the install took longer than ${INSTALL_MS / 1000} s`;
  const printed = `${error.stdout ?? ''}${error.stderr ?? ''}`;
  const line = printed.split('\n').find((text) => OFFLINE.test(text));
  if (line === undefined) throw new Error(`${error.message}\n${printed}`);
  return line.trim();
}
