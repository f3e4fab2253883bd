import { Answers } from './answers';
import { Hooks } from './hooks';
import { PacketMap } from '../../net/packet-map';
import { Leaving } from './ends';
import { Box } from './model';
import { Surroundings } from './surroundings';

/** What evaluation looks at on every way of a packet. */
export interface Around {
  readonly hooks: Hooks;
  readonly surroundings: Surroundings;
  readonly answers: Answers;
  readonly box: Box;
  /** What last hooks made of packets, by what they can tell apart. */
  readonly left: Map<string, PacketMap<Leaving>>;
}
