import { Proof } from './prove';

/** Devices that are told as one: those of a stack, and what of other stacks they stand together with. */
export interface Site {
  readonly own: readonly Proof[];
  /** Servers elsewhere, to which its gateways lead. */
  readonly behind?: readonly Proof[];
  /** Gateways elsewhere, which lead to its servers. */
  readonly before?: readonly Proof[];
}
