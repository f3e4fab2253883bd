import { TerraformStack } from 'cdktf';
import { Connection } from '../lib/agent-protocol/release';
import { Policy } from '../lib/policy/policy';
import { Problem } from '../lib/problems/problem';
import { Proof } from '../lib/verifier/prove';
import { Shapes } from '../lib/verifier/shapes';
import { Delivery, Ownership } from './internal/emit-delivery';

/** One owner on one device. */
export interface Member extends Ownership {
  readonly stack: TerraformStack;
  readonly where: string;
  /** `shapes`: of the devices that were proven before it. */
  settle(shapes: Shapes): Settled;
  /** Whether a server is behind this gateway. */
  isBefore(server: Member): boolean;
  /** Whether one of its mappings names the server. */
  maps(server: Member): boolean;
  /** Where a part of it was written: `mapping web`. */
  placeOf(part: string): string;
}

/** A device, what it is to do, and how it is reached. */
export interface Reached<Its extends Policy> {
  readonly device: Member;
  readonly policy: Its;
  readonly connection: Connection;
}

/** What came of a member: a proven release, or what is wrong. */
export interface Settled {
  readonly proof?: Proof;
  readonly delivery?: Delivery;
  readonly problems: readonly Problem[];
}
