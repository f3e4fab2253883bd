import { TerraformElement, TerraformStack } from 'cdktf';
import { Ownership, holderAddress, jsonOnly, releaseId, retractProvisioner } from './emit-delivery';

type Scope = ConstructorParameters<typeof TerraformElement>[0];

/**
 * Versions of Terraform; an older one says at init that it is too old. OpenTofu knows both from its 1.10, and a stack doesn't know who will
 * read it: asking for 1.10 would turn Terraform 1.9 away, so what is left to OpenTofu 1.9 is its own error, of a block that it doesn't know.
 */
const [WITH_REMOVED, WITH_PROVISIONER] = ['>= 1.7', '>= 1.9'];

/** Blocks for devices that this stack had and has no more. `retract`: they are closed; otherwise they go on as they are. */
export class Removed extends TerraformElement {
  constructor(
    scope: Scope,
    id: string,
    private readonly all: () => readonly Ownership[],
    private readonly retract: boolean,
  ) {
    super(scope, id);
  }

  override toTerraform(): object {
    const removed = this.all().flatMap((of) => (this.retract ? [this.retracted(of)] : this.forgotten(of)));
    return { removed, terraform: { required_version: this.requiredVersion() } };
  }

  override toHclTerraform(): object {
    this.all();
    throw jsonOnly();
  }

  /** The same for all of a stack, whichever is written last. What the stack overrides stands in its place. */
  private requiredVersion(): string {
    const stack = TerraformStack.of(this);
    const retracts = stack.node
      .findAll()
      .some((one) => one instanceof Removed && one.retract && TerraformStack.of(one) === stack);
    return retracts ? WITH_PROVISIONER : WITH_REMOVED;
  }

  private retracted(of: Ownership): object {
    const { type, ...provisioner } = retractProvisioner(this);
    return { from: holderAddress(of), lifecycle: { destroy: true }, provisioner: [{ [type]: provisioner }] };
  }

  /** The release too: destroyed, it would do nothing on the device, but a plan that says "forgotten" twice is read without a doubt. */
  private forgotten(of: Ownership): readonly object[] {
    return [holderAddress(of), `terraform_data.${releaseId(of)}`, `null_resource.${releaseId(of)}`].map((from) => ({
      from,
      lifecycle: { destroy: false },
    }));
  }
}
