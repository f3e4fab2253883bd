import { Construct } from 'constructs';
import { Fields, Place, entriesOf } from '../lib/intent/fields';
import { unknownKey } from '../lib/intent/problems/shape';
import { Problem } from '../lib/problems/problem';
import { given, idIn } from './given';
import { Ownership } from './internal/emit-delivery';
import { Removed } from './internal/removed';

/** Whom a stack gives up. */
export interface RemovedOwnersProps {
  /**
   * Gateways and CpanelServers that are no longer in this stack, at least one.
   *
   * @example owners: [{ device: 'edge0', owner: 'hosting' }]
   * @throws constructs/owned-twice
   */
  readonly owners: readonly {
    /** `device` as it had it; where it said none, the construct's id. */
    readonly device: string;
    /** `owner` as it had it, also by `Defaults`. */
    readonly owner: string;
  }[];
}

/**
 * Owners that this stack had and has no more, in place of their Gateway or CpanelServer: the next apply takes what they have off their
 * devices, over the connection that was applied last. Stays until that apply is done; may stay afterwards.
 *
 * @example new Retired(stack, 'gone', { owners: [{ device: 'edge0', owner: 'hosting' }] });
 * @throws constructs/no-props, constructs/id-twice, constructs/no-stack
 */
export class Retired extends Construct {
  constructor(scope: Construct, id: string, props: RemovedOwnersProps) {
    super(scope, idIn(scope, id));
    remove(this, 'Retired', id, props, true);
  }
}

/**
 * Owners that this stack gives up and that go on as they are: for a device that moves to another state, where its Gateway or CpanelServer
 * says `adopt`. No device is touched.
 *
 * @example new Released(stack, 'moved', { owners: [{ device: 'mail0', owner: 'hosting' }] });
 * @throws constructs/no-props, constructs/id-twice, constructs/no-stack
 */
export class Released extends Construct {
  constructor(scope: Construct, id: string, props: RemovedOwnersProps) {
    super(scope, idIn(scope, id));
    remove(this, 'Released', id, props, false);
  }
}

function remove(construct: Construct, kind: string, id: string, props: RemovedOwnersProps, retract: boolean): void {
  const { tree, where, props: own, isEmpty } = given(construct, kind, id, props);
  const problems: Problem[] = [];
  const owners = isEmpty ? [] : ownersOf(own, new Place(where, problems));
  tree.record(...problems);
  for (const of of owners) tree.addRemoved(tree.stackOf(construct, where), where, of);
  const all = (): readonly Ownership[] => {
    tree.refuseProblems();
    return owners;
  };
  new Removed(construct, 'removed', all, retract);
}

const KEYS = ['device', 'owner'] as const;

function ownersOf(props: unknown, place: Place): readonly Ownership[] {
  const all = Fields.of(
    props,
    place,
    "An object: { owners: [{ device: 'edge1', owner: 'hosting' }] }",
    ['owners'],
    false,
    KEYS,
  );
  const one = KEYS.find((key) => all?.has(key));
  if (one !== undefined)
    return place.add(unknownKey(place.where, one, { near: 'owners: [{ device, owner }]', known: ['owners'] })) ?? [];
  const wanted = "[{ device: 'edge1', owner: 'hosting' }]";
  const read = (entry: unknown, at: Place): Ownership | undefined => {
    const fields = Fields.of(entry, at, 'An object: { device, owner }', KEYS);
    const device = fields?.name('device');
    const owner = fields?.name('owner');
    return device === undefined || owner === undefined ? undefined : { device, owner };
  };
  const listed = (value: unknown, at: Place): readonly Ownership[] =>
    entriesOf(value, at, `A list: ${wanted}`, 'At least one, or none of this construct.', read);
  return all?.needed('owners', wanted, listed) ?? [];
}
