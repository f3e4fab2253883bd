import { TerraformStack } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { Problem, Refusal, printProblem, refuseIfAny } from '../lib/problems/problem';
import { Proof } from '../lib/verifier/prove';
import { Shapes } from '../lib/verifier/shapes';
import { Site } from '../lib/verifier/site';
import { Member } from './member';
import { Delivery, Ownership } from './internal/emit-delivery';
import { SourceLines } from './source-line';
import { together } from './together';

const trees = new WeakMap<IConstruct, Tree>();

interface Together {
  readonly deliveries: ReadonlyMap<Member, Delivery>;
  readonly proofs: ReadonlyMap<Member, Proof>;
  readonly problems: readonly Problem[];
}

/**
 * Everything of this package in one App, whatever its stacks: it is proven as a whole, once, and refused as a whole, so that one run shows
 * the whole list and no file is written beside a refused one.
 */
export class Tree {
  readonly lines = new SourceLines();
  private readonly devices: Member[] = [];
  private readonly removed: { readonly stack: TerraformStack; readonly where: string; readonly of: Ownership }[] = [];
  private readonly recorded: Problem[] = [];
  private settled: Together | undefined;

  static of(scope: Construct): Tree {
    const { root } = scope.node;
    const tree = trees.get(root) ?? new Tree();
    trees.set(root, tree);
    return tree;
  }

  /** Throws Refusal constructs/no-stack at once: nothing else would be asked to refuse it. */
  stackOf(scope: Construct, where: string): TerraformStack {
    try {
      return TerraformStack.of(scope);
    } catch {
      throw new Refusal([this.lines.resolved(noStack(where))]);
    }
  }

  add(device: Member): void {
    this.devices.push(device);
    this.changed();
  }

  /** An owner that this stack had on a device and has no more. */
  addRemoved(stack: TerraformStack, where: string, of: Ownership): void {
    this.removed.push({ stack, where, of });
    this.changed();
  }

  record(...problems: readonly Problem[]): void {
    this.recorded.push(...problems);
    this.changed();
  }

  changed(): void {
    this.settled = undefined;
  }

  /** Throws the one Refusal of the whole tree. */
  refuseProblems(): void {
    this.proven();
  }

  /** Throws as `refuseProblems`. */
  deliveryOf(device: Member): Delivery {
    return this.proven().deliveries.get(device)!;
  }

  /**
   * By stacks, the proofs of a construct's stack, or of all that stand below one that is in none. Sites may use the same private addresses, so what is behind
   * a gateway is a matter of its stack. Throws TypeError where there is no stack, and as `refuseProblems`.
   */
  sitesOf(scope: Construct): readonly Site[] {
    const all = [...this.proven().proofs];
    const proofs = (which: (member: Member) => boolean): readonly Proof[] =>
      all.flatMap(([member, proof]) => (which(member) ? [proof] : []));
    return stacksAt(scope).map((stack) => {
      const own = this.devices.filter((device) => device.stack === stack);
      return {
        own: proofs((member) => member.stack === stack),
        behind: proofs((member) => member.stack !== stack && own.some((gateway) => gateway.isBefore(member))),
        before: proofs((member) => member.stack !== stack && own.some((server) => member.isBefore(server))),
      };
    });
  }

  private proven(): Together {
    this.settled ??= this.settle();
    refuseIfAny(this.settled.problems);
    return this.settled;
  }

  private settle(): Together {
    const shapes = new Shapes();
    const each = this.devices.map((device) => ({ device, ...device.settle(shapes) }));
    // Hosts of one profile share its problems: as objects, and once is enough.
    const alone = [...this.recorded, ...this.twice(), ...each.flatMap((one) => one.problems)].filter(
      ({ code, where }) => code !== 'intent/duplicate' || !this.hasIdOfAnother(where),
    );
    // Together means something only once each stands for itself.
    const proven = new Map(
      each.flatMap(({ device, proof, delivery }) => (proof && delivery ? [[device, { proof, delivery }]] : [])),
    );
    const proofs = new Map(each.flatMap(({ device, proof }) => (proof ? [[device, proof]] : [])));
    const problems = new Set(alone.length > 0 ? alone : together(proven, shapes));
    return {
      deliveries: new Map(each.flatMap(({ device, delivery }) => (delivery ? [[device, delivery]] : []))),
      proofs,
      problems: [...new Map([...problems].map((problem) => this.said(problem))).values()],
    };
  }

  /** Which is said, and gives both one name. */
  private hasIdOfAnother(where: string): boolean {
    return this.recorded.some((problem) => problem.code === 'constructs/id-twice' && problem.where === where);
  }

  /** What many took from one place is wrong there, once. */
  private said(problem: Problem): [string, Problem] {
    const resolved = this.lines.resolved(problem);
    return [printProblem(resolved), resolved];
  }

  /** Device and owner name the resources, so in one stack they are there once. */
  private twice(): readonly Problem[] {
    const taken = new Map<string, string>();
    const all = [...this.devices.map((of) => ({ stack: of.stack, where: of.where, of })), ...this.removed];
    return all.flatMap(({ stack, where, of: { device, owner } }): Problem[] => {
      const key = `${stack.node.path} ${device} ${owner}`;
      const earlier = taken.get(key);
      if (earlier === undefined) taken.set(key, where);
      return earlier === undefined || this.hasIdOfAnother(where) ? [] : [ownedTwice(where, device, owner, earlier)];
    });
  }
}

function stacksAt(scope: Construct): readonly TerraformStack[] {
  try {
    return [TerraformStack.of(scope)];
  } catch {
    const stacks = scope.node.findAll().filter((one) => TerraformStack.isStack(one));
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
