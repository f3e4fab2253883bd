import { Reachability } from '../reachability/reachability';
import { LaterSessionPhase, SessionPhase } from '../reachability/session-phase';
import { AnnouncedAddress, Device, StartLocation } from '../net/device';
import { Packet } from '../net/packet';

/**
 * The half that reads. It gets a device's native text, whole, and the facts of the device, and says what the text
 * exposes. It knows no policy and no writer. Throws Refusal for text it cannot account for (truncated, includes,
 * foreign syntax); a statement it does not know makes exactly the packets it could decide `unknown`.
 */
export interface ConfigParser {
  read(text: string, device: Device): EvaluatedConfig;
  /** What explains single packets, of a text that can be read, without looking at all of them. Default: that of what is read. */
  explaining?(text: string, device: Device): EvaluatedConfig['explain'];
  /** The same reader, which parses a text once for whatever is asked of it, on however many devices, as long as somebody has it. */
  keeping?(): ConfigParser;
}

export interface EvaluatedConfig {
  readonly exposure: Reachability;
  /** Everything that loading the text changes on a device, sorted: `table inet x`, `every table`. */
  readonly touches: readonly string[];
  /**
   * Of `touches`, what keeps what a device already has in it: loading the text adds to that, so that the device exposes what the text says
   * only where it was empty, and loading it twice is not loading it once. Everything else of `touches` is replaced as a whole. Of what a
   * device printed this says nothing: nobody loads it.
   */
  readonly addsTo: readonly string[];
  /**
   * Lines of translations that come no earlier than where others on a device usually have theirs, so that one of those may take their
   * packets. Where a text can't be in another place: none.
   */
  readonly yields: readonly number[];
  /** What the text makes the device answer for. Undefined: no text of the platform says it. */
  readonly announces: readonly AnnouncedAddress[] | undefined;
  /**
   * What becomes of packets that start no connection, as they arrive. Computed when it is asked for, once. Sessions are taken to be
   * translated as a new connection of the same header would be now. Undefined: the platform lets the packets of a session pass by the
   * state that let its first one in, and asks no rule.
   */
  later(phase: LaterSessionPhase): Reachability | undefined;
  /** Which lines decided one packet, in the order in which they did. Walks the rules one by one, without sets. Default: a first packet. */
  explain(vantage: StartLocation, packet: Packet, phase?: SessionPhase): PacketExplanation;
}

export interface PacketExplanation {
  readonly verdict: 'allowed' | 'denied' | 'unknown';
  /** Numbers (from 1) and texts of the lines that translated or decided; empty where only a default did. */
  readonly lines: readonly { readonly number: number; readonly text: string }[];
  /** In words, e.g. `chain forward of table inet x has policy drop`. */
  readonly because: string;
  /**
   * What settled it, in order: rules, and what is no rule (a policy, a switch, what the device doesn't do). Of several chains that all had to
   * accept: the rules of the hook that decides, and its last policy where that had the last word. Empty where it is unknown.
   */
  readonly settledBy: readonly DecisionSource[];
  /** The packet as it leaves the device. */
  readonly leaves: Packet;
}

/** `{ line: 24 }`: a rule; `{ words: 'policy drop', line: 3 }`; `{ words: 'the device does not forward' }`: no line says it. */
export interface DecisionSource {
  /** Whose text it is, where several are told together. */
  readonly of?: string;
  readonly words?: string;
  readonly line?: number;
}
