import type { PanelMenuItem } from '@grafana/data';
import { AppEvents } from '@grafana/data';
import { getAppEvents, locationService } from '@grafana/runtime';
import { VizPanel, VizPanelMenu } from '@grafana/scenes';
import type { AlertQuery } from '../queries/sql.ts';
import { InspectEvent } from '../inspect/inspect-event.ts';
import { createAlertRule } from '../links/create-alert-rule.ts';
import { exploreUrl } from '../links/explore-url.ts';
import { may } from './may.ts';

/** Grafana shows errors of its API itself; what else goes wrong is said here. */
function sayWhy(what: string, error: unknown): void {
  const reason = error instanceof Error ? error.message : 'Grafana refused it';
  getAppEvents().publish({ type: AppEvents.alertError.name, payload: [what, reason] });
}

/** Inspect for everyone; Explore and a new alert rule for those who may. */
export function createPanelMenu(alert: AlertQuery | undefined): VizPanelMenu {
  const menu = new VizPanelMenu({ items: [] });
  menu.addActivationHandler(() => {
    const panel = menu.parent;
    if (!(panel instanceof VizPanel)) {
      return;
    }
    const items: PanelMenuItem[] = [];
    if (may('explore')) {
      items.push({
        text: 'Explore',
        iconClassName: 'compass',
        onClick: () =>
          void exploreUrl(panel)
            .then((url) => locationService.push(url))
            .catch((error: unknown) => sayWhy('Explore could not be opened', error)),
      });
    }
    items.push({
      text: 'Inspect',
      iconClassName: 'info-circle',
      onClick: () => panel.publishEvent(new InspectEvent(panel), true),
    });
    if (alert !== undefined && may('createAlertRule')) {
      items.push({
        text: 'New alert rule',
        iconClassName: 'bell',
        onClick: () =>
          void createAlertRule(panel, alert).catch((error: unknown) =>
            sayWhy('The alert rule could not be made', error)
          ),
      });
    }
    menu.setItems(items);
  });
  return menu;
}
