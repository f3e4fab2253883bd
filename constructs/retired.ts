import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { Fields, Place, listOf } from '../lib/intent/fields';
import { Problem } from '../lib/problems/problem';
import { given, idIn } from './given';
import { Ownership } from './private/emit-delivery';
import { Removed } from './private/removed';

/** Whom a stack gives up. */
export interface RemovedOwnersProps {
  /** Gateways and CpanelServers that are no longer in this stack, at least one. @throws constructs/owned-twice */
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
 * @throws constructs/no-props, constructs/id-twice
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
 * @throws constructs/no-props, constructs/id-twice
 */
export class Released extends Construct {
  constructor(scope: Construct, id: string, props: RemovedOwnersProps) {
    super(scope, idIn(scope, id));
    remove(this, 'Released', id, props, false);
  }
}

function remove(construct: Construct, kind: string, id: string, props: RemovedOwnersProps, retract: boolean): void {
  const { tree, where, props: own } = given(construct, kind, id, props);
  const problems: Problem[] = [];
  const owners = ownersOf(own.owners, new Place(`${where} owners`, problems));
  tree.record(...problems);
  for (const of of owners) tree.addRemoved(TerraformStack.of(construct), where, of);
  const all = (): readonly Ownership[] => {
    tree.refuseProblems();
    return owners;
  };
  new Removed(construct, 'removed', all, retract);
}

function ownersOf(value: unknown, place: Place): readonly Ownership[] {
  const entries = listOf(value, place, "A list: [{ device: 'edge1', owner: 'hosting' }]", 'At least one, or none of this construct.') ?? [];
  return entries.flatMap((entry, index): Ownership[] => {
    const fields = Fields.of(entry, place.at(index), 'An object: { device, owner }', ['device', 'owner']);
    const device = fields?.name('device');
    const owner = fields?.name('owner');
    return device === undefined || owner === undefined ? [] : [{ device, owner }];
  });
}
