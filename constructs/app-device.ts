import { TerraformStack } from 'cdktf';
import { Connection } from '../lib/agent-protocol/release';
import { Policy } from '../lib/policy/policy';
import { Problem } from '../lib/problems/problem';
import { Verification } from '../lib/verifier/verify-policy';
import { VerifiedShapes } from '../lib/verifier/release-shapes';
import { Delivery, Ownership } from './internal/emit-delivery';

/** One owner on one device. */
export interface AppDevice extends Ownership {
  readonly stack: TerraformStack;
  readonly where: string;
  /** `shapes`: of the devices that were proven before it. */
  verify(shapes: VerifiedShapes): VerifiedDevice;
  /** Whether a server is behind this gateway. */
  isBefore(server: AppDevice): boolean;
  /** Whether one of its mappings names the server. */
  maps(server: AppDevice): boolean;
  /** Where a part of it was written: `mapping web`. */
  getPlace(part: string): string;
}

/** A device, what it is to do, and how it is reached. */
export interface ReachedDevice<Its extends Policy> {
  readonly device: AppDevice;
  readonly policy: Its;
  readonly connection: Connection;
}

/** What came of a member: a proven release, or what is wrong. */
export interface VerifiedDevice {
  readonly proof?: Verification;
  readonly delivery?: Delivery;
  readonly problems: readonly Problem[];
}
