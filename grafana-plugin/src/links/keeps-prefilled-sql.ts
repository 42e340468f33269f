const FIRST_GOOD = [12, 3, 2];

/** Whether this version of Grafana keeps the SQL of a rule in a link to `/alerting/new` (from 12.3.2 on). */
export function keepsPrefilledSql(version: string): boolean {
  const parts = version.split(/[.+-]/).map(Number);
  for (const [position, least] of FIRST_GOOD.entries()) {
    const part = parts[position] ?? 0;
    if (part !== least) {
      return part > least;
    }
  }
  return true;
}
