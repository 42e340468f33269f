import { registerExplainRoutes, type ExplainRoutesDeps } from './explain-routes.ts';
import { registerOverrideRoutes, type OverrideRoutesDeps } from './override-routes.ts';
import { registerGuardJobRoutes, type GuardJobRoutesDeps } from './guard-job-routes.ts';
import { registerGuardRoutes, type GuardRoutesDeps } from './guard-routes.ts';
import { registerPriceRoutes, type PriceRoutesDeps } from './price-routes.ts';
import { registerRepriceRoutes, type RepriceRoutesDeps } from './reprice-routes.ts';
import type { RestApi } from './rest-api.ts';

export type RoutesDeps = PriceRoutesDeps &
  OverrideRoutesDeps &
  RepriceRoutesDeps &
  ExplainRoutesDeps &
  GuardRoutesDeps &
  GuardJobRoutesDeps;

/** Every route of the REST API; the conformance test reads them from here. */
export function registerRoutes(api: RestApi, deps: RoutesDeps): void {
  registerPriceRoutes(api, deps);
  registerOverrideRoutes(api, deps);
  registerExplainRoutes(api, deps);
  registerRepriceRoutes(api, deps);
  registerGuardRoutes(api, deps);
  registerGuardJobRoutes(api, deps);
}
