import { PacketMap } from '../net/packet-map';
import { Answers } from './replies';
import { Context, TRACKED } from './context';
import { Leaving } from './ends';
import { Hooks, Said, seenIn } from './hooks';
import { Box, TextFacts } from './model';
import { ACCEPT, Outcome } from './outcomes';
import { Surroundings } from './surroundings';

/** What evaluation looks at on every way of a packet. */
export interface Environment {
  readonly hooks: Hooks;
  readonly surroundings: Surroundings;
  readonly answers: Answers;
  readonly box: Box;
  /** By the name of an interface: the one as which it is evaluated where a packet comes in. Absent: itself. */
  readonly alike: ReadonlyMap<string, string>;
  readonly facts: TextFacts;
  /** What last hooks made of packets, by what they can tell apart. */
  readonly left: Map<string, PacketMap<Leaving>>;
  /** What translations of sources made of packets: contexts that differ in nothing the chains look at share it. */
  readonly translated: Translated[];
}

interface Translated {
  readonly oif: string | undefined;
  readonly nat: PacketMap<Outcome>;
  readonly leaving: PacketMap<Leaving>;
}

const NONE = PacketMap.everywhere<Outcome>(ACCEPT);

/** What the translations of a hook say to the packets that the box asks them of. */
export function translationsAt({ hooks, box }: Environment, hook: string, context: Context): Said {
  const nat = hooks.nat(hook, context);
  if (box.translates !== 'tracked') return nat;
  return {
    said: nat.said.within(TRACKED).or(NONE),
    seen: nat.seen.within(TRACKED).or(seenIn(context)),
  };
}
