// Describes the programs (Docker, cPanel's scripts and others) whose rules let packets in, and how to change that,
// for findings on open ports.

import { pickClientPacket } from '../reachability/client-packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { selectViews } from './owners';
import { RuleProgram } from './lint-subject';
import { LintTarget } from './lint-targets';
import { selectAllowed, splitByDestination } from './select-view-packets';

/**
 * Returns a sentence on each program that lets some of these packets in from outside, and on how to change that. Empty
 * if no program is known.
 */
export function describeAllowingPrograms(targets: readonly LintTarget[], packets: PacketSet): string {
  const programs = targets.flatMap(({ owner, addresses, openPackets }): readonly RuleProgram[] => {
    if (!owner.letInBy) return [];
    const matchingPackets = packets.intersect(openPackets).intersect(PacketMap.createSet({ destination: addresses }));
    return selectViews(owner, true).flatMap((view) => {
      const packet = pickClientPacket(
        selectAllowed(view.dispositions).intersect(splitByDestination(view).untranslated).intersect(matchingPackets),
      );
      return (packet && owner.letInBy?.(view.startLocation, packet)) ?? [];
    });
  });
  const programsByName = new Map(programs.map((program) => [program.name, program]));
  return [...programsByName.values()]
    .map(({ name, changeHint }) => ` ${capitalize(name)} opens it, which is changed for good ${changeHint}.`)
    .join('');
}

const capitalize = (text: string): string => (text.startsWith('the ') ? `T${text.slice(1)}` : text);
