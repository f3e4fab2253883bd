// Emits Terraform's `removed` blocks for DecommissionedOwner, which removes the releases from the devices, and for
// HandedOverOwner, which leaves them there.
import { Construct, IConstruct } from 'constructs';
import { Ownership, createRemoveProvisioner, getHolderAddress, getReleaseId } from './emit-delivery';
import { addElement, findStack } from './framework';

/**
 * Terraform versions that know these blocks; an older one says so at init. OpenTofu has both from its 1.10 on, but a
 * stack doesn't know which of the two will read it: `>= 1.10` would refuse Terraform 1.9. OpenTofu 1.9 itself reports
 * the block as unknown.
 */
const [REMOVED_VERSION, PROVISIONER_VERSION] = ['>= 1.7', '>= 1.9'];

/** The elements whose blocks destroy: they need the newer Terraform. */
const destroyingElements = new WeakSet<IConstruct>();

/**
 * Adds `removed` blocks for owners that this stack no longer has. `isDestroyed`: their releases are removed from the
 * devices; otherwise the devices keep them.
 */
export function emitRemovedBlocks(
  scope: Construct,
  id: string,
  getOwnerships: () => readonly Ownership[],
  isDestroyed: boolean,
): void {
  const element = addElement(scope, id, () => {
    const removed = getOwnerships().flatMap((ownership) =>
      isDestroyed ? [createDestroyed(scope, ownership)] : createForgotten(ownership),
    );
    return { removed, terraform: { required_version: getRequiredVersion(scope) } };
  });
  if (isDestroyed) destroyingElements.add(element);
}

/**
 * Returns one version for all blocks of the stack, because the last one written wins. A version that the stack
 * overrides replaces it.
 */
function getRequiredVersion(scope: Construct): string {
  const stack = findStack(scope);
  const isDestroying = stack?.node
    .findAll()
    .some((child) => destroyingElements.has(child) && findStack(child) === stack);
  return isDestroying ? PROVISIONER_VERSION : REMOVED_VERSION;
}

function createDestroyed(scope: Construct, ownership: Ownership): object {
  const { type, ...provisioner } = createRemoveProvisioner(scope);
  return { from: getHolderAddress(ownership), lifecycle: { destroy: true }, provisioner: [{ [type]: provisioner }] };
}

/**
 * Forgets the release resources, too. Destroying them would do nothing on the device, but a plan that only forgets is
 * easier to read.
 */
const createForgotten = (ownership: Ownership): readonly object[] =>
  [
    getHolderAddress(ownership),
    `terraform_data.${getReleaseId(ownership)}`,
    `null_resource.${getReleaseId(ownership)}`,
  ].map((address) => ({ from: address, lifecycle: { destroy: false } }));
