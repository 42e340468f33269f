import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** Grafana's own, which the app cannot change; each was seen on pages without the app. */
const NOT_OURS = ['[data-testid="data-testid RefreshPicker run button"]'];

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: ReadonlyArray<{ readonly html: string }>;
}

/** Serious and critical faults that axe finds in the page's content, or in the named part. */
export async function faultsOfAccess(page: Page, part = 'main'): Promise<string[]> {
  await page.evaluate(AXE);
  const violations = await page.evaluate(
    async ([include, exclude]) => {
      const { axe } = globalThis as unknown as {
        axe: { run: (context: object) => Promise<{ violations: Violation[] }> };
      };
      return (await axe.run({ include: [include], exclude })).violations;
    },
    [part, NOT_OURS] as const
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}
