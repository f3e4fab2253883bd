import { Context } from '../context';
import { BaseChain } from '../model';
import { isMet } from '../on-device';

/** Chains in the order in which packets meet them, those of one priority together. They come sorted. */
type Groups = readonly (readonly BaseChain[])[];

/** The filters of a hook between two priorities, both included. */
export const filtersAt = (
  bases: readonly BaseChain[],
  hook: string,
  from: number,
  to: number,
  at: Pick<Context, 'iif' | 'oif'>,
): Groups =>
  grouped(
    bases.filter(
      (base) =>
        base.hook === hook &&
        base.type !== 'nat' &&
        base.priority >= from &&
        base.priority <= to &&
        base.family !== 'bridge' &&
        base.family !== 'arp' &&
        isMet(base, at) !== 'no',
    ),
  );

export const natsAt = (bases: readonly BaseChain[], hook: string, at: Pick<Context, 'iif' | 'oif'>): Groups =>
  grouped(
    bases.filter(
      (base) => base.hook === hook && base.type === 'nat' && base.family !== 'bridge' && isMet(base, at) !== 'no',
    ),
  );

function grouped(bases: readonly BaseChain[]): Groups {
  const groups: BaseChain[][] = [];
  for (const base of bases) {
    const last = groups.at(-1);
    if (last?.[0]?.priority === base.priority) last.push(base);
    else groups.push([base]);
  }
  return groups;
}
