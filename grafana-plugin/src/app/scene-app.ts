import { SceneApp, SceneAppPage } from '@grafana/scenes';
import { APP_URL, pageUrl, ROUTES } from '../constants.ts';
import { createCostScene } from '../pages/cost/cost-scene.ts';
import { createHomeScene } from '../pages/home/home-scene.ts';
import { PAGE_URL_KEYS } from '../variables/page-variables.ts';

/** Pages are tabs of one parent: the links between them carry period, refresh and filters. Each page has its own scene. */
export function createSceneApp(): SceneApp {
  const tab = (route: keyof typeof ROUTES, title: string, getScene: typeof createHomeScene) =>
    new SceneAppPage({
      title,
      url: pageUrl(route),
      routePath: `${ROUTES[route]}/*`,
      preserveUrlKeys: PAGE_URL_KEYS,
      getScene,
    });
  return new SceneApp({
    pages: [
      new SceneAppPage({
        title: 'Spanledger',
        subTitle: 'What AI applications do, and what it costs',
        hideFromBreadcrumbs: true,
        url: APP_URL,
        routePath: '*',
        preserveUrlKeys: PAGE_URL_KEYS,
        tabs: [tab('home', 'Home', createHomeScene), tab('cost', 'Cost', createCostScene)],
      }),
    ],
    urlSyncOptions: { updateUrlOnInit: true, createBrowserHistorySteps: true },
  });
}
