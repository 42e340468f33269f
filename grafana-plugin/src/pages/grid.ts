import type { SceneObject } from '@grafana/scenes';
import { SceneCSSGridLayout } from '@grafana/scenes';

const STAT_HEIGHT = 128;

/** Headline numbers in one row where there is room. */
export function statRow(children: SceneObject[]): SceneCSSGridLayout {
  return new SceneCSSGridLayout({
    templateColumns: 'repeat(auto-fit, minmax(190px, 1fr))',
    autoRows: `${STAT_HEIGHT}px`,
    rowGap: 1,
    columnGap: 1,
    children,
  });
}

/** Panels side by side where each gets its least width, else below each other. */
export function panelRow(height: number, leastWidth: number, children: SceneObject[]): SceneCSSGridLayout {
  return new SceneCSSGridLayout({
    templateColumns: `repeat(auto-fit, minmax(min(${leastWidth}px, 100%), 1fr))`,
    autoRows: `${height}px`,
    rowGap: 1,
    columnGap: 1,
    children,
  });
}
