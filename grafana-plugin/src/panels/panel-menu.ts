import type { PanelMenuItem } from '@grafana/data';
import { config, locationService } from '@grafana/runtime';
import { VizPanel, VizPanelMenu } from '@grafana/scenes';
import type { AlertQuery } from '../queries/sql.ts';
import { createAlertRule } from '../links/create-alert-rule.ts';
import { exploreUrl } from '../links/explore-url.ts';

/** Grafana sends who may not edit back to its home without a word: such items are not offered. */
function mayEdit(): boolean {
  return ['Editor', 'Admin'].includes(config.bootData.user.orgRole) || config.bootData.user.isGrafanaAdmin;
}

/** Links to Explore, and to a new alert rule when the panel has an alert query. Empty for Viewers. */
export function createPanelMenu(alert: AlertQuery | undefined): VizPanelMenu {
  const menu = new VizPanelMenu({ items: [] });
  menu.addActivationHandler(() => {
    const panel = menu.parent;
    if (!(panel instanceof VizPanel) || !mayEdit()) {
      return;
    }
    const items: PanelMenuItem[] = [
      {
        text: 'Explore',
        iconClassName: 'compass',
        onClick: () => void exploreUrl(panel).then((url) => locationService.push(url)),
      },
    ];
    if (alert !== undefined) {
      items.push({
        text: 'New alert rule',
        iconClassName: 'bell',
        onClick: () => void createAlertRule(panel, alert),
      });
    }
    menu.setItems(items);
  });
  return menu;
}
