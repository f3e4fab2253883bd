// The type ConfigParser: parses and evaluates native text, the counterpart of a generator. In: a device's whole
// native text, and the facts of the device. Out: its reachability, and a function that explains single packets.
// lib/parse knows no policy and no generator.

import { Reachability } from '../reachability/reachability';
import { LaterSessionPhase, SessionPhase } from '../reachability/session-phase';
import { AnnouncedAddress, Device, StartLocation } from '../net/device';
import { Packet } from '../net/packet';

/**
 * Parses and evaluates native text: the counterpart of the generators. In: a device's native text, whole, and the facts
 * of the device. Out: the reachability that the text gives. This folder knows no policy and no generator.
 * @throws Refusal for text that it can't account for (truncated, includes, another syntax). An unknown statement makes
 * exactly the packets `unknown` that it could decide.
 */
export interface ConfigParser {
  read(text: string, device: Device): EvaluatedConfig;
  /**
   * Returns the function that explains single packets, without evaluating all packets. Default: `explain` of the
   * evaluated config.
   */
  explaining?(text: string, device: Device): EvaluatedConfig['explain'];
  /**
   * Returns the same parser with a cache: it parses a text once for all questions and all devices, as long as the
   * result is referenced.
   */
  keeping?(): ConfigParser;
}

export interface EvaluatedConfig {
  readonly reachability: Reachability;
  /** Everything that loading the text changes on a device, sorted: `table inet x`, `every table`. */
  readonly changedObjects: readonly string[];
  /**
   * The subset of `changedObjects` that keeps the objects a device already has in it. Loading the text adds to these, so the
   * device exposes what the text says only if they were empty, and loading it twice differs from loading it once.
   * Everything else of `changedObjects` is replaced as a whole. For output that a device printed this says nothing, because it
   * isn't loaded.
   */
  readonly extendedObjects: readonly string[];
  /**
   * Lines of translations that come no earlier than unmanaged config on a device usually has its own, so that one of
   * those may take their packets. Empty if a text can't stand in another place.
   */
  readonly yieldingLines: readonly number[];
  /** The addresses that the text makes the device answer for. Undefined: no text of the platform states them. */
  readonly announcedAddresses: readonly AnnouncedAddress[] | undefined;
  /**
   * Returns the reachability of packets that start no connection, as they arrive. It is computed on the first call.
   * Sessions are taken to be translated as a new connection of the same header would be now. Undefined: the platform
   * lets the packets of a session pass by the state that let its first one in, and evaluates no rule.
   */
  later(phase: LaterSessionPhase): Reachability | undefined;
  /**
   * Returns the lines that decided one packet, in the order in which they did. Evaluates the rules one by one, without
   * sets. Default phase: a first packet.
   */
  explain(vantage: StartLocation, packet: Packet, phase?: SessionPhase): PacketExplanation;
}

export interface PacketExplanation {
  readonly disposition: 'allowed' | 'denied' | 'unknown';
  /** Why some clients may be kept out although the packet is allowed: a limit, or a list whose members aren't known. */
  readonly except?: string;
  /** Numbers (from 1) and texts of the lines that translated or decided; empty if only a default did. */
  readonly lines: readonly { readonly number: number; readonly text: string; readonly file?: string }[];
  /** The reason in words, e.g. `chain forward of table inet x has policy drop`. */
  readonly reason: string;
  /**
   * The sources of the decision, in order: rules, and causes that are no rule (a policy, a switch, something that the
   * device doesn't do). If several chains all had to accept: the rules of the hook that decides, and its last policy if
   * that was final. Empty if the disposition is unknown.
   */
  readonly decisionSources: readonly DecisionSource[];
  /** The packet as it leaves the device. */
  readonly packetOut: Packet;
}

/**
 * `{ line: 24 }`: a rule; `{ words: 'policy drop', line: 3 }`; `{ words: 'the device does not forward' }`: no line says
 * it.
 */
export interface DecisionSource {
  /** The text that it belongs to, if several texts are explained together. */
  readonly textName?: string;
  /** The file of the line, if the text was joined from files. */
  readonly file?: string;
  readonly description?: string;
  readonly line?: number;
  /** The rule that sent the packet to the deciding one, if that one tests nothing but protocols. */
  readonly jump?: { readonly number: number; readonly text: string; readonly file?: string };
}
