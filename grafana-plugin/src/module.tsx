import React, { lazy, Suspense } from 'react';
import { AppPlugin } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { loadResources } from '@grafana/scenes';
import { LoadingPlaceholder } from '@grafana/ui';
import { PLUGIN_ID } from './constants.ts';

await initPluginTranslations(PLUGIN_ID, [loadResources]);

const LazyApp = lazy(async () => ({ default: (await import('./app/App.tsx')).App }));

function Root() {
  return (
    <Suspense fallback={<LoadingPlaceholder text="" />}>
      <LazyApp />
    </Suspense>
  );
}

export const plugin = new AppPlugin<{}>().setRootPage(Root);
