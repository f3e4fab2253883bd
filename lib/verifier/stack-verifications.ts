// The type StackDevices: the verified devices of a stack together with related gateways and servers of other stacks,
// which are reported together.

import { Verification } from './verify-policy';

/** Devices that are reported together: those of a stack, and the related ones of other stacks. */
export interface StackDevices {
  readonly verifications: readonly Verification[];
  /** Servers of other stacks that its gateways translate to. */
  readonly behindVerifications?: readonly Verification[];
  /** Gateways of other stacks that translate to its servers. */
  readonly before?: readonly Verification[];
}
