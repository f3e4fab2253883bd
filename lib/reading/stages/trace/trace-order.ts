import { BaseChain } from '../model';

/** Chains in the order in which packets meet them, those of one priority together. They come sorted. */
type Groups = readonly (readonly BaseChain[])[];

/** The filters of a hook between two priorities, both included. */
export const filtersAt = (bases: readonly BaseChain[], hook: string, from: number, to: number, iif: string | undefined): Groups =>
  grouped(
    bases.filter(
      ({ hook: own, type, priority, family, devices }) =>
        own === hook &&
        type !== 'nat' &&
        priority >= from &&
        priority <= to &&
        family !== 'bridge' &&
        family !== 'arp' &&
        (hook !== 'ingress' || devices.includes(iif ?? '')),
    ),
  );

export const natsAt = (bases: readonly BaseChain[], hook: string): Groups =>
  grouped(bases.filter((base) => base.hook === hook && base.type === 'nat' && base.family !== 'bridge'));

function grouped(bases: readonly BaseChain[]): Groups {
  const groups: BaseChain[][] = [];
  for (const base of bases) {
    const last = groups.at(-1);
    if (last?.[0]?.priority === base.priority) last.push(base);
    else groups.push([base]);
  }
  return groups;
}
