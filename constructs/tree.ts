import { TerraformStack } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { Problem, Refusal, printProblem, refuseIfAny } from '../lib/problems/problem';
import { Verification } from '../lib/verifier/verify-policy';
import { VerifiedShapes } from '../lib/verifier/release-shapes';
import { StackDevices } from '../lib/verifier/stack-devices';
import { AppDevice } from './app-device';
import { Delivery, Ownership } from './internal/emit-delivery';
import { SourceLines } from './source-lines';
import { checkTogether } from './check-together';

const trees = new WeakMap<IConstruct, Tree>();

interface TreeResult {
  readonly deliveries: ReadonlyMap<AppDevice, Delivery>;
  readonly proofs: ReadonlyMap<AppDevice, Verification>;
  readonly problems: readonly Problem[];
}

/**
 * Everything of this package in one App, whatever its stacks: it is proven as a whole, once, and refused as a whole, so that one run shows
 * the whole list and no file is written beside a refused one.
 */
export class Tree {
  readonly lines = new SourceLines();
  private readonly devices: AppDevice[] = [];
  private readonly removed: { readonly stack: TerraformStack; readonly where: string; readonly of: Ownership }[] = [];
  private readonly problems: Problem[] = [];
  private result: TreeResult | undefined;

  static of(scope: Construct): Tree {
    const { root } = scope.node;
    const tree = trees.get(root) ?? new Tree();
    trees.set(root, tree);
    return tree;
  }

  /** Throws Refusal constructs/no-stack at once: nothing else would be asked to refuse it. */
  getStack(scope: Construct, where: string): TerraformStack {
    try {
      return TerraformStack.of(scope);
    } catch {
      throw new Refusal([this.lines.resolveProblem(noStack(where))]);
    }
  }

  add(device: AppDevice): void {
    this.devices.push(device);
    this.invalidate();
  }

  /** An owner that this stack had on a device and has no more. */
  addRemoved(stack: TerraformStack, where: string, ownership: Ownership): void {
    this.removed.push({ stack, where, of: ownership });
    this.invalidate();
  }

  record(...problems: readonly Problem[]): void {
    this.problems.push(...problems);
    this.invalidate();
  }

  invalidate(): void {
    this.result = undefined;
  }

  /** Throws the one Refusal of the whole tree. */
  refuseProblems(): void {
    this.verifyAll();
  }

  /** Throws as `refuseProblems`. */
  getDelivery(device: AppDevice): Delivery {
    return this.verifyAll().deliveries.get(device)!;
  }

  /**
   * By stacks, the proofs of a construct's stack, or of all that stand below one that is in none. Sites may use the same private addresses, so what is behind
   * a gateway is a matter of its stack. Throws TypeError where there is no stack, and as `refuseProblems`.
   */
  listSites(scope: Construct): readonly StackDevices[] {
    const verifications = [...this.verifyAll().proofs];
    const selectVerifications = (isSelected: (member: AppDevice) => boolean): readonly Verification[] =>
      verifications.flatMap(([member, proof]) => (isSelected(member) ? [proof] : []));
    return listStacks(scope).map((stack) => {
      const stackDevices = this.devices.filter((device) => device.stack === stack);
      return {
        own: selectVerifications((member) => member.stack === stack),
        behind: selectVerifications(
          (member) => member.stack !== stack && stackDevices.some((gateway) => gateway.isBefore(member)),
        ),
        before: selectVerifications(
          (member) => member.stack !== stack && stackDevices.some((server) => member.isBefore(server)),
        ),
      };
    });
  }

  private verifyAll(): TreeResult {
    this.result ??= this.computeResult();
    refuseIfAny(this.result.problems);
    return this.result;
  }

  private computeResult(): TreeResult {
    const shapes = new VerifiedShapes();
    const verifiedDevices = this.devices.map((device) => ({ device, ...device.verify(shapes) }));
    // Hosts of one profile share its problems: as objects, and once is enough.
    const ownProblems = [
      ...this.problems,
      ...this.findOwnedTwice(),
      ...verifiedDevices.flatMap((verified) => verified.problems),
    ].filter(({ code, where }) => code !== 'intent/duplicate' || !this.hasIdOfAnother(where));
    // Together means something only once each stands for itself.
    const proven = new Map(
      verifiedDevices.flatMap(({ device, proof, delivery }) =>
        proof && delivery ? [[device, { proof, delivery }]] : [],
      ),
    );
    const proofs = new Map(verifiedDevices.flatMap(({ device, proof }) => (proof ? [[device, proof]] : [])));
    const problems = new Set(ownProblems.length > 0 ? ownProblems : checkTogether(proven, shapes));
    return {
      deliveries: new Map(verifiedDevices.flatMap(({ device, delivery }) => (delivery ? [[device, delivery]] : []))),
      proofs,
      problems: [...new Map([...problems].map((problem) => this.resolve(problem))).values()],
    };
  }

  /** Which is said, and gives both one name. */
  private hasIdOfAnother(where: string): boolean {
    return this.problems.some((problem) => problem.code === 'constructs/id-twice' && problem.where === where);
  }

  /** What many took from one place is wrong there, once. */
  private resolve(problem: Problem): [string, Problem] {
    const resolved = this.lines.resolveProblem(problem);
    return [printProblem(resolved), resolved];
  }

  /** Device and owner name the resources, so in one stack they are there once. */
  private findOwnedTwice(): readonly Problem[] {
    const placesByKey = new Map<string, string>();
    const ownerships = [
      ...this.devices.map((ownership) => ({ stack: ownership.stack, where: ownership.where, of: ownership })),
      ...this.removed,
    ];
    return ownerships.flatMap(({ stack, where, of: { device, owner } }): Problem[] => {
      const key = `${stack.node.path} ${device} ${owner}`;
      const earlier = placesByKey.get(key);
      if (earlier === undefined) placesByKey.set(key, where);
      return earlier === undefined || this.hasIdOfAnother(where) ? [] : [ownedTwice(where, device, owner, earlier)];
    });
  }
}

function listStacks(scope: Construct): readonly TerraformStack[] {
  try {
    return [TerraformStack.of(scope)];
  } catch {
    const stacks = scope.node.findAll().filter((child) => TerraformStack.isStack(child));
    if (stacks.length === 0)
      throw new TypeError('What is exposed is asked of a stack, of a construct in one, or of an App that has some.');
    return stacks;
  }
}

const ownedTwice = (where: string, device: string, owner: string, earlier: string): Problem => ({
  code: 'constructs/owned-twice',
  where,
  what: `Owner "${owner}" on device "${device}" is in this stack already, by ${earlier}, and the two would be one resource in Terraform.`,
  instead: 'one of the two, or another owner: two owners share a device well.',
});

const noStack = (where: string): Problem => ({
  code: 'constructs/no-stack',
  where,
  what: 'It stands in no stack: its scope is the App, or something that is in none.',
  instead: 'new …(this, id, { … }) in the constructor of a TerraformStack, or the stack as the scope.',
});
