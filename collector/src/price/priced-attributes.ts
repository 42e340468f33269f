import { SPEED_ATTRIBUTES } from './list-card.ts';
import { USAGE_ATTRIBUTES } from './other-usage.ts';

/** Names of all attributes that a price can depend on; the region of a stored call stands there too. */
export const PRICED_ATTRIBUTES: readonly string[] = ['cloud.region', ...SPEED_ATTRIBUTES, ...USAGE_ATTRIBUTES];
