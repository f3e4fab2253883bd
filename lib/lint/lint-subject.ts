// Types of the input of all lint rules: everything known about the devices of one change, or about an unmanaged
// device.

import { EndToEndView } from '../reachability/end-to-end';
import { Reachability } from '../reachability/reachability';
import { Device, StartLocation } from '../net/device';
import { Packet } from '../net/packet';
import { Range } from '../net/range';
import { Policy, ServerFacts } from '../policy/policy';

/** One owner on one device, or a device with unmanaged config. */
export interface SubjectOwner {
  /** The name for people: `gateway edge1, owner hosting`, or the name of a file. */
  readonly name: string;
  /** The plan that the owner is in. Everything in one stack is at one site. */
  readonly plan?: string;
  /** Undefined for unmanaged config: then only the exposure can be judged. */
  readonly policy?: Policy;
  readonly device: Device;
  /** For unmanaged config: other facts about the server. */
  readonly facts?: ServerFacts;
  /** The exposure of the text, whatever the policy says. */
  readonly reachability: Reachability;
  /** For an unmanaged gateway: public addresses of other hosts behind it. */
  readonly publicRangesBehind?: readonly Range[];
  /** Programs that keep sources out by rules of their own, some of which are in an unmanaged config. */
  readonly blockingPrograms?: readonly BlockingProgram[];
  /** For unmanaged config: lists that decide side by side about packets to the device itself. */
  readonly filters?: readonly InputFilter[];
  /** For unmanaged config: returns the program whose rule lets a packet in; undefined if none is known. */
  letInBy?(startLocation: StartLocation, packet: Packet): RuleProgram | undefined;
}

/** A program that writes rules. */
export interface RuleProgram {
  /** The name that people use. */
  readonly name: string;
  /** How to close what it opens; these words stand after "changed for good". */
  readonly changeHint: string;
}

export interface InputFilter {
  /** Its place in the text, for people. */
  readonly place: string;
  /** Programs that keep rules in it. */
  readonly programs: readonly string[];
  /** The packets that it alone lets in to the device. */
  readonly reachability: Reachability;
}

export interface BlockingProgram {
  /** The name that people use. */
  readonly name: string;
  /** The sources that it keeps out: those that a port is not for, or those that it has banned. */
  readonly blocks: 'by port' | 'by ban';
  /** Places of its rules in the text, for people. */
  readonly places: readonly string[];
  /** Whether some rule of the text leads to its rules. */
  readonly isReferenced: boolean;
  /** The packets that its rules let in to the device if no other rule filters. They keep out all others. */
  readonly reachability: Reachability;
}

/** A gateway, composed with the known servers behind it. */
interface ComposedGateway {
  readonly gateway: SubjectOwner;
  /** One view per start location of the gateway that has an interface. */
  readonly endToEndViews: readonly EndToEndView[];
}

/** The subject of the rules: everything known about the devices of one change, as they are after it. */
export interface LintSubject {
  readonly owners: readonly SubjectOwner[];
  readonly composedGateways: readonly ComposedGateway[];
  /**
   * By gateway: the servers that it translates to, according to the plans. A gateway that isn't in it translates to
   * none of `owners`. Undefined if only addresses tell the servers apart.
   */
  readonly servers?: ReadonlyMap<SubjectOwner, readonly SubjectOwner[]>;
}
