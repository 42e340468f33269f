/** Where the real Grafana is; without it the suites skip with one line. */
export const GRAFANA_URL = process.env.SPANLEDGER_GRAFANA_URL ?? '';
/** SQL endpoint of the ledger that this Grafana reads, filled by `npm start -- --demo`. */
export const SQL_URL = process.env.SPANLEDGER_SQL_URL ?? 'http://127.0.0.1:8123';
export const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
/** Grafana's own default after an installation. */
export const ADMIN = { user: 'admin', password: process.env.SPANLEDGER_GRAFANA_PASSWORD ?? 'admin' };

/** `describe`, or its skip with a line that says what to start. */
export function describeWithGrafana(name: string, suite: () => void): void {
  if (GRAFANA_URL === '') {
    process.stdout.write(
      `${name}: skipped. Start "npm start -- --demo" and a Grafana with the app, then set SPANLEDGER_GRAFANA_URL and SPANLEDGER_SQL_URL.\n`
    );
  }
  (GRAFANA_URL === '' ? describe.skip : describe)(name, suite);
}
