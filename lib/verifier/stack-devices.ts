import { Verification } from './verify-policy';

/** Devices that are told as one: those of a stack, and what of other stacks they stand together with. */
export interface StackDevices {
  readonly own: readonly Verification[];
  /** Servers elsewhere, to which its gateways lead. */
  readonly behind?: readonly Verification[];
  /** Gateways elsewhere, which lead to its servers. */
  readonly before?: readonly Verification[];
}
