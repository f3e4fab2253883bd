// Constructs for owners that leave a stack. `DecommissionedOwner` removes their releases; `HandedOverOwner` leaves
// them for another state to adopt.
import { Construct } from 'constructs';
import { IntentFields, IntentLocation } from '../lib/intent/fields';
import { ownershipSchema, removedOwnersSchema } from '../lib/intent/intent-schemas';
import { describeUnknownKey } from '../lib/intent/problems/field-problems';
import { getKeys } from '../lib/intent/schema-fields';
import { Problem } from '../lib/problems/problem';
import { readProps, findFreeId } from './construct-props';
import { Ownership } from './internal/emit-delivery';
import { emitRemovedBlocks } from './internal/removed-blocks';

/** Owners that a stack no longer has. */
export interface RemovedOwnersProps {
  /**
   * Owners of Gateways and CpanelServers that are no longer in this stack, at least one.
   *
   * @example owners: [{ device: 'edge0', owner: 'hosting' }]
   * @throws constructs/owned-twice
   */
  readonly owners: readonly {
    /** `device` of the construct; its id if it had no `device`. */
    readonly device: string;
    /** `owner` of the construct, also if it came from `Defaults`. */
    readonly owner: string;
  }[];
}

/**
 * Removes owners that this stack no longer has from their devices. It takes the place of their Gateway or CpanelServer.
 * The next apply removes their releases over the connection that was applied last. Keep it until that apply is done; it
 * may stay afterwards.
 *
 * @example new DecommissionedOwner(stack, 'gone', { owners: [{ device: 'edge0', owner: 'hosting' }] });
 * @throws constructs/no-props, constructs/id-twice, constructs/no-stack, constructs/no-framework
 */
export class DecommissionedOwner extends Construct {
  constructor(scope: Construct, id: string, props: RemovedOwnersProps) {
    super(scope, findFreeId(scope, id));
    removeOwners(this, 'DecommissionedOwner', id, props, true);
  }
}

/**
 * Hands owners over to another state: their devices keep what they have, and none is touched. The Gateway or
 * CpanelServer in the other state has `adopt`.
 *
 * @example new HandedOverOwner(stack, 'moved', { owners: [{ device: 'mail0', owner: 'hosting' }] });
 * @throws constructs/no-props, constructs/id-twice, constructs/no-stack, constructs/no-framework
 */
export class HandedOverOwner extends Construct {
  constructor(scope: Construct, id: string, props: RemovedOwnersProps) {
    super(scope, findFreeId(scope, id));
    removeOwners(this, 'HandedOverOwner', id, props, false);
  }
}

function removeOwners(
  construct: Construct,
  kind: string,
  id: string,
  props: RemovedOwnersProps,
  retract: boolean,
): void {
  const { tree, where, props: ownProps, isEmpty } = readProps(construct, kind, id, props);
  const problems: Problem[] = [];
  const owners = isEmpty ? [] : parseOwners(ownProps, new IntentLocation(where, problems));
  tree.record(...problems);
  const stack = tree.getStack(construct, where);
  for (const ownership of owners) tree.addRemoved(stack, where, ownership);
  const getOwners = (): readonly Ownership[] => {
    tree.refuseProblems();
    return owners;
  };
  emitRemovedBlocks(construct, 'removed', getOwners, retract);
}

const OWNER_KEYS = getKeys(ownershipSchema);

function parseOwners(props: unknown, place: IntentLocation): readonly Ownership[] {
  const propsFields = IntentFields.parse(
    props,
    place,
    removedOwnersSchema,
    "An object: { owners: [{ device: 'edge1', owner: 'hosting' }] }",
    { isNested: false, refusedKeys: OWNER_KEYS },
  );
  const misplacedKey = OWNER_KEYS.find((key) => propsFields?.has(key));
  if (misplacedKey !== undefined)
    return (
      place.report(
        describeUnknownKey(place.where, misplacedKey, {
          nearKey: 'owners: [{ device, owner }]',
          knownKeys: getKeys(removedOwnersSchema),
        }),
      ) ?? []
    );
  const example = "[{ device: 'edge1', owner: 'hosting' }]";
  const parseEntry = (entry: unknown, location: IntentLocation): Ownership | undefined => {
    const fields = IntentFields.parse(entry, location, ownershipSchema, 'An object: { device, owner }');
    const device = fields?.parseName('device');
    const owner = fields?.parseName('owner');
    return device === undefined || owner === undefined ? undefined : { device, owner };
  };
  return propsFields?.requireField('owners', example)
    ? propsFields.parseEntries('owners', `A list: ${example}`, 'At least one, or none of this construct.', parseEntry)
    : [];
}
