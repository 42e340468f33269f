// The pictures of the README, from the real pages: SPANLEDGER_GRAFANA_URL=http://127.0.0.1:3000 node scripts/screenshots.mjs
// with a Grafana whose ledger `npm start -- --demo` filled. SPANLEDGER_GRAFANA_PASSWORD: of admin, when it is not "admin".
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const GRAFANA = process.env.SPANLEDGER_GRAFANA_URL ?? 'http://127.0.0.1:3000';
const FOLDER = new URL('../../docs/pictures/', import.meta.url);
const MOST_BYTES = 300_000;
const HEIGHTS = { home: 1230, cost: 1800 };

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
});
try {
  const context = await browser.newContext({ timezoneId: 'UTC', locale: 'en-US' });
  const password = process.env.SPANLEDGER_GRAFANA_PASSWORD ?? 'admin';
  await context.request.post(`${GRAFANA}/login`, { data: { user: 'admin', password }, failOnStatusCode: true });
  for (const theme of ['dark', 'light']) {
    for (const [route, height] of Object.entries(HEIGHTS)) {
      const page = await context.newPage();
      await page.setViewportSize({ width: 1440, height });
      await page.goto(`${GRAFANA}/a/spanledger-genai-app/${route}?from=now-7d&to=now&timezone=utc&theme=${theme}`, {
        waitUntil: 'domcontentloaded',
        timeout: 120_000,
      });
      await page.locator('[data-testid^="data-testid Panel header"]').first().waitFor({ timeout: 120_000 });
      await page.waitForLoadState('networkidle');
      await page.waitForFunction(() => document.querySelector('[aria-label="Panel loading bar"]') === null);
      // Bars grow for a moment after the data is there.
      await page.waitForTimeout(1500);
      const path = fileURLToPath(new URL(`${route}-${theme}.png`, FOLDER));
      await page.screenshot({ path });
      const { size } = await stat(path);
      if (size > MOST_BYTES) {
        throw new Error(`${path} has ${size} bytes, more than ${MOST_BYTES}`);
      }
      process.stdout.write(`${path} ${size} bytes\n`);
      await page.close();
    }
  }
} finally {
  await browser.close();
}
