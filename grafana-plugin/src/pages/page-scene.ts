import type { SceneObject, SceneVariable } from '@grafana/scenes';
import {
  EmbeddedScene,
  SceneControlsSpacer,
  SceneRefreshPicker,
  SceneTimePicker,
  SceneTimeRange,
  VariableValueSelectors,
} from '@grafana/scenes';
import { createPageVariables } from '../variables/page-variables.ts';

const DEFAULT_PERIOD = { from: 'now-7d', to: 'now' };
const REFRESH_INTERVALS = ['30s', '1m', '5m', '15m', '1h'];

/** The frame of every page: filters, one period, refresh; all of it in the URL. */
export function createPageScene(body: SceneObject, moreVariables: SceneVariable[] = []): EmbeddedScene {
  return new EmbeddedScene({
    $timeRange: new SceneTimeRange(DEFAULT_PERIOD),
    $variables: createPageVariables(moreVariables),
    controls: [
      new VariableValueSelectors({}),
      new SceneControlsSpacer(),
      new SceneTimePicker({ isOnCanvas: true }),
      new SceneRefreshPicker({ intervals: REFRESH_INTERVALS, isOnCanvas: true, withText: true }),
    ],
    body,
  });
}
