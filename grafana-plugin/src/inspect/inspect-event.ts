import { BusEventWithPayload } from '@grafana/data';
import type { VizPanel } from '@grafana/scenes';

/** Bubbles from a panel's menu to its page, which opens the drawer. */
export class InspectEvent extends BusEventWithPayload<VizPanel> {
  public static readonly type = 'spanledger-inspect';
}
