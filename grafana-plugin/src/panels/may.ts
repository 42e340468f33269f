import { config } from '@grafana/runtime';

/** What a menu item needs, in Grafana's names: roles give these by default, custom roles may give them otherwise. */
const ACTIONS = {
  explore: 'datasources:explore',
  createAlertRule: 'alert.rules:create',
} as const;

/** Whether the user may: Grafana sends who may not back to its home without a word, so such items are not offered. */
export function may(deed: keyof typeof ACTIONS): boolean {
  return config.bootData.user.permissions?.[ACTIONS[deed]] === true;
}
