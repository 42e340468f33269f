import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { overviewDashboard } from './overview-dashboard.ts';

const FILE = join(process.cwd(), 'provisioning/dashboards/overview.json');

describe('provisioning/dashboards/overview.json', () => {
  it('is what the queries say; UPDATE_DASHBOARD=1 writes it anew', async () => {
    const text = `${JSON.stringify(overviewDashboard(), null, 2)}\n`;
    if (process.env.UPDATE_DASHBOARD === '1') await writeFile(FILE, text);
    expect(await readFile(FILE, 'utf8')).toBe(text);
  });
});
