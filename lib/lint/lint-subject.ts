import { EndToEndView } from '../reachability/end-to-end';
import { Reachability } from '../reachability/reachability';
import { Device, StartLocation } from '../net/device';
import { Packet } from '../net/packet';
import { Range } from '../net/range';
import { Policy, ServerFacts } from '../policy/policy';

/** One owner on one device, or a device whose rules somebody else wrote. */
export interface SubjectOwner {
  /** For people: `gateway edge1, owner hosting`, or the name of a file. */
  readonly name: string;
  /** The plan that it is in: what one stack has is at one site. */
  readonly plan?: string;
  /** None where the text isn't ours: then only what it exposes can be judged. */
  readonly policy?: Policy;
  readonly device: Device;
  /** Of a text that isn't ours: what is known of the server besides. */
  readonly facts?: ServerFacts;
  /** What the text says, whatever the policy. */
  readonly exposure: Reachability;
  /** Of a gateway's text that isn't ours: public addresses of others that lie behind it. */
  readonly behind?: readonly Range[];
  /** Programs that keep somebody out by rules of their own, of which some are in a text that isn't ours. */
  readonly keepers?: readonly BlockingProgram[];
  /** Of a text that isn't ours: lists that decide beside each other about what comes to the device itself. */
  readonly filters?: readonly InputFilter[];
  /** Of a text that isn't ours: the program whose rule lets a packet in, where one does that is known. */
  letInBy?(vantage: StartLocation, packet: Packet): RuleProgram | undefined;
}

/** A program that writes rules. */
export interface RuleProgram {
  /** What people call it. */
  readonly name: string;
  /** How what it opens is closed, after "changed for good". */
  readonly change: string;
}

export interface InputFilter {
  /** Where it stands in the text, for people. */
  readonly at: string;
  /** Programs that keep rules in it. */
  readonly programs: readonly string[];
  /** What it lets come to the device by itself. */
  readonly exposure: Reachability;
}

export interface BlockingProgram {
  /** What people call it. */
  readonly name: string;
  /** Whom it keeps out: whom a port is not for, or whom it has banned. */
  readonly keepsOut: 'by port' | 'by ban';
  /** Where its rules stand in the text, for people. */
  readonly at: readonly string[];
  /** Some rule of the text leads to them. */
  readonly isAsked: boolean;
  /** What they let come to the device where no other rule filters; everything else they keep out. */
  readonly exposure: Reachability;
}

/** A gateway with the servers that are known behind it, composed. */
interface ComposedGateway {
  readonly gateway: SubjectOwner;
  /** One per vantage of the gateway that has an interface. */
  readonly ends: readonly EndToEndView[];
}

/** What is judged: everything that is known of the devices of one change, as it will be. */
export interface LintSubject {
  readonly owners: readonly SubjectOwner[];
  readonly reached: readonly ComposedGateway[];
  /**
   * By gateway: the servers that it leads to, as the plans say. A gateway that isn't in it leads to none of `owners`. Absent where nothing but
   * addresses tells them apart.
   */
  readonly servers?: ReadonlyMap<SubjectOwner, readonly SubjectOwner[]>;
}
