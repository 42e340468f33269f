import { AppEvents, urlUtil } from '@grafana/data';
import { config, getAppEvents, getBackendSrv, locationService } from '@grafana/runtime';
import type { VizPanel } from '@grafana/scenes';
import type { AlertQuery } from '../queries/sql.ts';
import { alertRuleQueries } from './alert-rule.ts';
import { filledQuery } from './filled-query.ts';
import { keepsPrefilledSql } from './keeps-prefilled-sql.ts';

const FOLDER = { uid: 'spanledger-alerts', title: 'Spanledger alerts' };
const RULE_GROUP = 'from-panels';

async function ensureFolder(): Promise<void> {
  const folders = (await getBackendSrv().get('/api/folders', { limit: 1000 })) as Array<{ uid: string }>;
  if (!folders.some(({ uid }) => uid === FOLDER.uid)) {
    await getBackendSrv().post('/api/folders', FOLDER, { showSuccessAlert: false });
  }
}

/** Stores a paused rule and opens it: Grafana before 12.3.2 loses the SQL of a rule that comes in a link. */
async function editPausedRule(rule: Record<string, unknown>): Promise<void> {
  await ensureFolder();
  const { uid } = (await getBackendSrv().post('/api/v1/provisioning/alert-rules', rule, {
    headers: { 'X-Disable-Provenance': 'true' },
    showSuccessAlert: false,
  })) as { uid: string };
  getAppEvents().publish({
    type: AppEvents.alertSuccess.name,
    payload: ['A paused alert rule was stored', 'Set the threshold and resume it, or delete it.'],
  });
  locationService.push(`/alerting/${uid}/edit`);
}

/** Opens a new alert rule with the panel's alert query and the page's filters. */
export async function createAlertRule(panel: VizPanel, alert: AlertQuery): Promise<void> {
  const { source, query } = await filledQuery(panel, { refId: 'A', editorType: 'sql', rawSql: alert.sql });
  const data = alertRuleQueries(alert, query, source.uid);
  if (keepsPrefilledSql(config.buildInfo.version)) {
    const defaults = {
      type: 'grafana',
      name: alert.name,
      condition: 'C',
      labels: [{ key: 'suite', value: 'spanledger' }],
      annotations: [{ key: 'summary', value: alert.summary }],
      queries: data,
    };
    const returnTo = locationService.getLocation().pathname + locationService.getLocation().search;
    locationService.push(urlUtil.renderUrl('/alerting/new', { defaults: JSON.stringify(defaults), returnTo }));
    return;
  }
  await editPausedRule({
    orgID: config.bootData.user.orgId,
    folderUID: FOLDER.uid,
    ruleGroup: RULE_GROUP,
    title: `${alert.name} ${new Date().toISOString().slice(0, 19)}`,
    condition: 'C',
    data,
    noDataState: 'OK',
    execErrState: 'Error',
    for: '5m',
    isPaused: true,
    labels: { suite: 'spanledger' },
    annotations: { summary: alert.summary },
  });
}
