import { Device } from '../net/device';
import { Range } from '../net/range';

/** How a platform knows its own texts, and what one of them says of the device that nobody described. */
export interface Foreign {
  /** What people call such a text, and how they get it: `nftables`, `nft list ruleset`. */
  readonly called: string;
  readonly printedBy: string;
  /** What no such text can say: each a sentence of every report. */
  readonly limits: readonly string[];
  /** Whether a text is one of this platform's, by how it looks. The reader may refuse it still. */
  recognises(text: string): boolean;
  /** Throws Refusal as the reader does. */
  mentions(text: string): Mentions;
  /**
   * The device, where the text itself says it (a whole configuration with its interfaces): then nothing is asked and nothing assumed.
   * Undefined for texts that hold rules alone. Throws Refusal as the reader does.
   */
  describes?(text: string): Device | undefined;
  /**
   * Where what a device has comes in several texts, a file for each family: what this one holds of it. Texts with nothing in common are of one
   * device. Throws Refusal as the reader does.
   */
  holds?(text: string): readonly string[];
  /** Where the platform's texts are of several kinds: which this one is. Throws Refusal as the reader does. */
  kindOf?(text: string): TextKind;
}

/** What is said of a text of one kind, in place of what is said of the platform's. */
export interface TextKind extends Pick<Foreign, 'called' | 'limits'> {
  /** Whose behaviour it was read with, where it doesn't say: each a sentence. */
  readonly assumed: readonly string[];
}

/** Every platform's texts are of some kind. */
export const kindOfText = (foreign: Foreign, text: string): TextKind => foreign.kindOf?.(text) ?? { ...foreign, assumed: [] };

/** What the rules of a text ask of a device: where they are silent, no guess about it can matter. */
export interface Mentions {
  /** Interfaces by name; `docker*` stands for all whose names begin so. Without loopback. */
  readonly interfaces: readonly string[];
  /** Names that stand for several interfaces or for one: the text doesn't say which. Absent where the platform has no such names. */
  readonly groups?: readonly string[];
  /** Destinations that some rule compares with. */
  readonly destinations: readonly Range[];
  /** Addresses that rules translate destinations to. */
  readonly targets: readonly Range[];
  /** Something is led to the address of the interface that it comes by. */
  readonly redirects: boolean;
  /** Some rule asks what a packet's source is to the device. */
  readonly sourceTypes: boolean;
  /** Some rule asks whether answers go back the way a packet came. */
  readonly returns: boolean;
  /** Rules that only a device which forwards has a use for: translations to others, filters between interfaces. */
  readonly forwards: boolean;
}
