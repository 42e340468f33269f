import type { Browser, BrowserContext, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { ADMIN, CHROMIUM, GRAFANA_URL } from './settings.ts';

/** Console errors of Grafana itself, each seen on pages without the app. */
const GRAFANAS_OWN = [
  // A development build of Grafana warns about its table panel.
  /`ref` is not a prop[\s\S]*DataGrid/,
  /Function components cannot be given refs[\s\S]*TableNG/,
  // One visit in a thousand, the library with which Grafana tells anonymous devices apart asks the internet for something.
  /openfpcdn\.io\/fingerprintjs/,
];

export interface Grafana {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Console errors and exceptions since the last call, without Grafana's own. */
  readonly faults: () => string[];
  /** A page of the app, drawn. */
  readonly open: (route: string, parameters: Readonly<Record<string, string>>) => Promise<void>;
  /** Until no panel loads any more. */
  readonly drawn: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A browser that is signed in. The clock is UTC and the language English, so that texts can be compared. */
export async function openGrafana(login: { user: string; password: string } = ADMIN): Promise<Grafana> {
  const browser: Browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  const context = await browser.newContext({
    viewport: { width: 1600, height: 2600 },
    timezoneId: 'UTC',
    locale: 'en-US',
  });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const seen: string[] = [];
  page.on('console', (message) => {
    const said = `${message.text()} ${message.location().url}`;
    if (message.type() === 'error' && !GRAFANAS_OWN.some((known) => known.test(said))) {
      seen.push(said);
    }
  });
  page.on('pageerror', (error) => seen.push(String(error)));
  await context.request.post(`${GRAFANA_URL}/login`, { data: login, failOnStatusCode: true });

  const drawn = async () => {
    await page.locator('[data-testid^="data-testid Panel header"]').first().waitFor();
    await page.waitForLoadState('networkidle');
    await page.waitForFunction(() => document.querySelector('[aria-label="Panel loading bar"]') === null);
  };
  return {
    context,
    page,
    faults: () => seen.splice(0),
    drawn,
    open: async (route, parameters) => {
      await page.goto(`${GRAFANA_URL}/a/spanledger-genai-app/${route}?${new URLSearchParams(parameters).toString()}`, {
        waitUntil: 'domcontentloaded',
      });
      await drawn();
    },
    close: () => browser.close(),
  };
}
