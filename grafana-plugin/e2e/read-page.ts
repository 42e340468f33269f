import type { Locator, Page } from 'playwright-core';

const panel = (page: Page, title: string) => page.getByTestId(`data-testid Panel header ${title}`);

/** Texts of a headline panel: the value and its change, '' when none is shown. */
export async function readStat(page: Page, title: string): Promise<{ value: string; change: string }> {
  const content = panel(page, title).getByTestId('data-testid panel content');
  const [value = '', change = ''] = (await content.innerText()).split('\n').filter((line) => line !== '');
  return { value, change };
}

/** Every row of a table panel, scrolled through; cells as shown. */
export async function readTable(page: Page, title: string): Promise<string[][]> {
  const grid = panel(page, title).getByRole('grid');
  const total = Number(await grid.getAttribute('aria-rowcount')) - 1;
  const rows = new Map<number, string[]>();
  for (let step = 0; rows.size < total && step < 50; step++) {
    const shown = await grid.evaluate((element) =>
      [...element.querySelectorAll('[role=row]')].map((row) => ({
        index: Number(row.getAttribute('aria-rowindex')),
        cells: [...row.querySelectorAll('[role=gridcell]')].map((cell) => cell.textContent ?? ''),
      }))
    );
    for (const { index, cells } of shown) {
      if (index > 1) {
        rows.set(index, cells);
      }
    }
    await grid.evaluate((element) => element.scrollBy(0, 150));
    await page.waitForFunction(() => new Promise((resolve) => requestAnimationFrame(() => resolve(true))));
  }
  return [...rows.entries()].sort(([a], [b]) => a - b).map(([, cells]) => cells);
}

/** Name and total of every series of a time-series panel, as its legend shows them. */
export function readLegend(page: Page, title: string): Promise<string[][]> {
  return texts(panel(page, title).locator('tbody tr'), 'td');
}

/** Name and text of each bar of a bar gauge. */
export async function readBars(page: Page, title: string): Promise<string[][]> {
  const lines = (await panel(page, title).getByTestId('data-testid panel content').innerText())
    .split('\n')
    .filter((line) => line !== '');
  return Array.from({ length: lines.length / 2 }, (_, index) => lines.slice(2 * index, 2 * index + 2));
}

function texts(rows: Locator, cells: string): Promise<string[][]> {
  return rows.evaluateAll(
    (elements, selector) =>
      elements.map((row) => [...row.querySelectorAll(selector)].map((cell) => (cell.textContent ?? '').trim())),
    cells
  );
}
