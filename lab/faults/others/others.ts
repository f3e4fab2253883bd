import { DeviceName } from '../moment';

/** What others do to rules on a device: what they type and load there, and which services they have, in a platform's own commands, as root. */
export interface Others {
  /** Of which combinations, fault and step, every test run has this one, where it is a further platform. Else those of the platform's own doing. */
  readonly few?: readonly string[];
  /** Of the program in the lab's Debian, as the intent has to name it. */
  readonly version: string;
  /** What makes an installed server one that has it, with rules of its own that open more than any release. */
  readonly begins?: string;
  /** Of a program that a delivery starts where another firewall gives way to it: what ends it for good, and what has it run again. */
  readonly starts?: { readonly off: string; readonly on: string };
  /** What refuses a text. */
  readonly program: string;
  /** What is done to services that load their own rules over everybody's. */
  readonly services: readonly Service[];
  /** The one of these that every device has. */
  readonly restart: string;
  /** What brings ours back after each of them: the word that a status has for it, and its file. */
  readonly bringBack: Readonly<Record<string, string>>;
  /** Of a program with two back ends: what chooses the other one and the first one again, and what prints rules of ours that are left in the first. */
  readonly backEnds?: { readonly other: string; readonly first: string; readonly left: string };
  /** Decisions of a person about a program that starts with the device, by a name for each. */
  readonly nextStart?: Readonly<Record<string, NextStart>>;
  /** What an installation doesn't have, beside the store and our own units. */
  readonly written: readonly string[];
  /** A program of sed: from then on the text is refused when it is loaded. */
  readonly misspells: string;
  /** A rule among ours that decides nothing. */
  readonly edits: string;
  /** Everybody's rules are gone, and no service brings any back. */
  readonly flushes: { readonly name: string; readonly does: string };
  /** A port of a mapped address that nobody asked for. */
  opens(device: DeviceName): Theirs;
  drops(source: string, port?: number): Theirs;
  /** Everybody whom ours lets in, but the operator, as firewalld, ufw or csf do that nobody knew of. */
  closes(device: DeviceName): Theirs;
  /** A list of addresses that goes on changing. */
  readonly bans: Theirs & { ban(address: string): string };
}

export interface Service {
  readonly name: string;
  readonly begins: string;
  readonly does: string;
  /** For a moment nobody's rules are there, and once more when this ends it; otherwise the next shutdown would. */
  readonly gap?: { readonly ends: string };
}

/** Something typed on a device after which a restart does not bring the release. */
export interface NextStart {
  readonly does: string;
  /** The word in `boot=`. */
  readonly boot: string;
  /** The word by which a delivery is refused. */
  readonly refused: string;
  /** The command that takes it back. */
  readonly mends: string;
}

/** Rules beside ours. */
export interface Theirs {
  readonly load: string;
  readonly remove: string;
  /** Succeeds while they are there. */
  readonly there: string;
  /** Nobody asks them any more once a release is loaded, which goes in front. */
  readonly passedOver?: boolean;
}
