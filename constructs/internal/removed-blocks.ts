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
 * Versions of Terraform; an older one says at init that it is too old. OpenTofu knows both from its 1.10, and a stack doesn't know who will
 * read it: asking for 1.10 would turn Terraform 1.9 away, so what is left to OpenTofu 1.9 is its own error, of a block that it doesn't know.
 */
const [REMOVED_VERSION, PROVISIONER_VERSION] = ['>= 1.7', '>= 1.9'];

/** Blocks for devices that this stack had and has no more. `retract`: they are closed; otherwise they go on as they are. */
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

  /** The same for all of a stack, whichever is written last. What the stack overrides stands in its place. */
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

  /** The release too: destroyed, it would do nothing on the device, but a plan that says "forgotten" twice is read without a doubt. */
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
