// Emits Terraform's `removed` blocks for DecommissionedOwner, which removes the releases from the devices, and for
// HandedOverOwner, which leaves them there.
import { TerraformElement, TerraformStack } from 'cdktf';
import {
  Ownership,
  getHolderAddress,
  createJsonOnlyError,
  getReleaseId,
  createRemoveProvisioner,
} from './emit-delivery';

type RemovedScope = ConstructorParameters<typeof TerraformElement>[0];

/**
 * Terraform versions that know these blocks; an older one says so at init. OpenTofu has both from its 1.10 on, but a
 * stack doesn't know which of the two will read it: `>= 1.10` would refuse Terraform 1.9. OpenTofu 1.9 itself reports
 * the block as unknown.
 */
const [REMOVED_VERSION, PROVISIONER_VERSION] = ['>= 1.7', '>= 1.9'];

/**
 * `removed` blocks for owners that this stack no longer has. `isDestroyed`: their releases are removed from the
 * devices; otherwise the devices keep them.
 */
export class RemovedBlocks extends TerraformElement {
  constructor(
    scope: RemovedScope,
    id: string,
    private readonly getOwnerships: () => readonly Ownership[],
    private readonly isDestroyed: boolean,
  ) {
    super(scope, id);
  }

  override toTerraform(): object {
    const removed = this.getOwnerships().flatMap((ownership) =>
      this.isDestroyed ? [this.createDestroyed(ownership)] : this.createForgotten(ownership),
    );
    return { removed, terraform: { required_version: this.getRequiredVersion() } };
  }

  override toHclTerraform(): object {
    this.getOwnerships();
    throw createJsonOnlyError();
  }

  /**
   * Returns one version for all blocks of the stack, because the last one written wins. A version that the stack
   * overrides replaces it.
   */
  private getRequiredVersion(): string {
    const stack = TerraformStack.of(this);
    const retracts = stack.node
      .findAll()
      .some((child) => child instanceof RemovedBlocks && child.isDestroyed && TerraformStack.of(child) === stack);
    return retracts ? PROVISIONER_VERSION : REMOVED_VERSION;
  }

  private createDestroyed(ownership: Ownership): object {
    const { type, ...provisioner } = createRemoveProvisioner(this);
    return { from: getHolderAddress(ownership), lifecycle: { destroy: true }, provisioner: [{ [type]: provisioner }] };
  }

  /**
   * Forgets the release resources, too. Destroying them would do nothing on the device, but a plan that only forgets is
   * easier to read.
   */
  private createForgotten(ownership: Ownership): readonly object[] {
    return [
      getHolderAddress(ownership),
      `terraform_data.${getReleaseId(ownership)}`,
      `null_resource.${getReleaseId(ownership)}`,
    ].map((from) => ({
      from,
      lifecycle: { destroy: false },
    }));
  }
}
