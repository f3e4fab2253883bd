// Types by which an App's devices are verified together: a device of the tree, a device with its policy, and the
// result of its verification.

import { Construct } from 'constructs';
import { Connection } from '../lib/agent-protocol/release';
import { Policy } from '../lib/policy/policy';
import { Problem } from '../lib/problems/problem';
import { Verification } from '../lib/verifier/verify-policy';
import { VerifiedShapes } from '../lib/verifier/release-shapes';
import { Delivery, Ownership } from './internal/emit-delivery';

/** One owner on one device. */
export interface AppDevice extends Ownership {
  readonly stack: Construct;
  readonly where: string;
  /** Compiles and verifies the device. `shapes` are those of the devices that were verified before it. */
  verify(shapes: VerifiedShapes): VerifiedDevice;
  /** Returns whether a server is behind this gateway. */
  isBefore(server: AppDevice): boolean;
  /** Returns whether one of the gateway's mappings names the server. */
  maps(server: AppDevice): boolean;
  /** Returns the place in the user's code of a part of the device: `mapping web`. */
  getPlace(part: string): string;
}

/** A device with its policy and its connection. */
export interface ReachedDevice<Its extends Policy> {
  readonly device: AppDevice;
  readonly policy: Its;
  readonly connection: Connection;
}

/** The result of verifying a device: a proven release, or problems. */
export interface VerifiedDevice {
  readonly proof?: Verification;
  readonly delivery?: Delivery;
  readonly problems: readonly Problem[];
}
