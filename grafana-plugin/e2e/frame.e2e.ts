import { faultsOfAccess } from './faults-of-access.ts';
import { deleteRule, makeUser, readRule } from './make-user.ts';
import type { Grafana } from './open-grafana.ts';
import { openGrafana } from './open-grafana.ts';
import { describeWithGrafana } from './settings.ts';

const PERIOD = { from: 'now-7d', to: 'now' };

async function openMenu({ page }: Grafana, title: string): Promise<string[]> {
  await page.getByTestId(`data-testid Panel header ${title}`).hover();
  await page.getByTestId(`data-testid Panel menu ${title}`).click();
  await page.getByRole('menuitem').first().waitFor();
  return page.getByRole('menuitem').allInnerTexts();
}

describeWithGrafana('the frame of the pages', () => {
  let grafana: Grafana;
  afterEach(() => grafana?.close());

  it('filters, period and refresh go along from page to page and survive a reload', async () => {
    grafana = await openGrafana();
    const { page } = grafana;
    await grafana.open('home', { from: 'now-2d', to: 'now', refresh: '1m', 'var-department': 'legal' });
    await page.getByRole('tab', { name: 'Cost' }).click();
    await page.getByTestId('data-testid Panel header By model').waitFor();
    await page.reload();
    await grafana.drawn();
    const url = new URL(page.url());
    expect({
      path: url.pathname,
      from: url.searchParams.get('from'),
      to: url.searchParams.get('to'),
      refresh: url.searchParams.get('refresh'),
      department: url.searchParams.getAll('var-department'),
      model: url.searchParams.getAll('var-model'),
    }).toEqual({
      path: '/a/spanledger-genai-app/cost',
      from: 'now-2d',
      to: 'now',
      refresh: '1m',
      department: ['legal'],
      model: ['$__all'],
    });
    expect(grafana.faults()).toEqual([]);
  });

  it('a hostile filter in the URL stays a value: empty panels, no error', async () => {
    grafana = await openGrafana();
    await grafana.open('home', { ...PERIOD, 'var-agent': "\\' OR 1=1 -- $__fromTime ${__from}" });
    expect(await grafana.page.getByTestId('data-testid Panel header Calls').innerText()).toMatch(/\n0$/);
    expect(grafana.faults()).toEqual([]);
  });

  it.each([
    ['Viewer', ['Inspect']],
    ['Editor', ['Explore', 'Inspect', 'New alert rule']],
  ] as const)('a %s is offered %j', async (role, items) => {
    grafana = await openGrafana(await makeUser(role));
    await grafana.open('cost', PERIOD);
    expect(await openMenu(grafana, 'What the money went for')).toEqual(items);
    expect(grafana.faults()).toEqual([]);
  });

  it('Explore opens with the SQL and its filters', async () => {
    grafana = await openGrafana(await makeUser('Editor'));
    await grafana.open('home', { ...PERIOD, 'var-department': 'legal' });
    await openMenu(grafana, 'Spend');
    await grafana.page.getByRole('menuitem', { name: 'Explore' }).click();
    await grafana.page.waitForURL(/\/explore/);
    const panes = new URL(grafana.page.url()).searchParams.get('panes') ?? '';
    expect(panes).toContain("IN ('legal')");
    expect(panes).toContain('$__fromTime');
    expect(panes).not.toContain(':sqlstring');
  });

  it('an alert rule from a panel has its SQL and is paused until somebody resumes it', async () => {
    grafana = await openGrafana(await makeUser('Editor'));
    await grafana.open('cost', { ...PERIOD, 'var-department': 'legal' });
    await openMenu(grafana, 'By model');
    await grafana.page.getByRole('menuitem', { name: 'New alert rule' }).click();
    await grafana.page.waitForURL(/\/alerting\//);
    const uid = /\/alerting\/([^/]+)\/edit/.exec(grafana.page.url())?.[1];
    if (uid === undefined) {
      // From 12.3.2 on Grafana keeps the SQL in the link, and nothing is stored.
      expect(new URL(grafana.page.url()).searchParams.get('defaults')).toContain("IN ('legal')");
      return;
    }
    const rule = await readRule(uid);
    await deleteRule(uid);
    expect(rule.isPaused).toBe(true);
    expect(rule.data[0]!.model.rawSql).toContain("IN ('legal')");
    expect(rule.data[0]!.model.rawSql).not.toContain('${');
  });

  it('Inspect works by keyboard and shows rows, statement and time', async () => {
    grafana = await openGrafana(await makeUser('Viewer'));
    const { page } = grafana;
    await grafana.open('cost', PERIOD);
    await page.getByTestId('data-testid Panel header By department').focus();
    const menu = page.getByTestId('data-testid Panel menu By department');
    for (let tabs = 0; tabs < 4 && !(await menu.evaluate((button) => button === document.activeElement)); tabs++) {
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Inspect' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const drawer = page.getByTestId('spanledger inspect');
    await drawer.waitFor();
    expect(await drawer.getByRole('columnheader').allInnerTexts()).toEqual([
      'department',
      'spend',
      'change',
      'calls_made',
      'input',
      'output',
      'saved',
      'unpriced',
    ]);
    expect(await faultsOfAccess(page, '[data-testid="spanledger inspect"]')).toEqual([]);
    await page.getByRole('tab', { name: 'Query' }).click();
    expect(await drawer.innerText()).toContain('FROM genai.cost');
    expect(await drawer.innerText()).not.toContain('$__');
    await page.getByRole('tab', { name: 'Stats' }).click();
    expect(await drawer.innerText()).toMatch(/Time of the request\s+\d+ ms/);
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    expect(grafana.faults()).toEqual([]);
  });

  it.each([
    ['home', 'dark'],
    ['home', 'light'],
    ['cost', 'dark'],
    ['cost', 'light'],
  ])('axe finds nothing serious on %s, %s', async (route, theme) => {
    grafana = await openGrafana();
    await grafana.open(route, { ...PERIOD, theme });
    expect(await faultsOfAccess(grafana.page)).toEqual([]);
  });
});
