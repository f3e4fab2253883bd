// Groups the base chains of a hook by priority, in the order in which a traced packet meets them. Chains of one
// priority form one group: any of them may be the first.
import { PacketContext } from '../packet-context';
import { BaseChain } from '../ruleset-model';
import { matchDevices } from '../match-chain-devices';

/** Chains in the order in which packets meet them, those of one priority together. The input is sorted. */
type ChainGroups = readonly (readonly BaseChain[])[];

/** Returns the filters of a hook between two priorities, both included. */
export const groupFilters = (
  bases: readonly BaseChain[],
  hook: string,
  minPriority: number,
  maxPriority: number,
  interfaces: Pick<PacketContext, 'iif' | 'oif'>,
): ChainGroups =>
  groupByPriority(
    bases.filter(
      (base) =>
        base.hook === hook &&
        base.type !== 'nat' &&
        base.priority >= minPriority &&
        base.priority <= maxPriority &&
        base.family !== 'bridge' &&
        base.family !== 'arp' &&
        matchDevices(base, interfaces) !== 'no',
    ),
  );

export const groupNatChains = (
  bases: readonly BaseChain[],
  hook: string,
  interfaces: Pick<PacketContext, 'iif' | 'oif'>,
): ChainGroups =>
  groupByPriority(
    bases.filter(
      (base) =>
        base.hook === hook &&
        base.type === 'nat' &&
        base.family !== 'bridge' &&
        matchDevices(base, interfaces) !== 'no',
    ),
  );

function groupByPriority(bases: readonly BaseChain[]): ChainGroups {
  const groups: BaseChain[][] = [];
  for (const base of bases) {
    const last = groups.at(-1);
    if (last?.[0]?.priority === base.priority) last.push(base);
    else groups.push([base]);
  }
  return groups;
}
