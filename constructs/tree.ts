// Collects all devices of one App and the problems of the constructs. Verifies the devices together, once, and
// throws one Refusal with every problem before any file is written.
import { Construct, IConstruct, IValidation } from 'constructs';
import { Problem, Refusal, printProblem, refuseIfAny } from '../lib/problems/problem';
import { Verification } from '../lib/verifier/verify-policy';
import { VerifiedShapes } from '../lib/verifier/release-shapes';
import { StackDevices } from '../lib/verifier/stack-verifications';
import { AppDevice } from './app-device';
import { Delivery, Ownership } from './internal/emit-delivery';
import { StackFramework, findFramework, findStack, isStack } from './internal/framework';
import { SourceLines } from './source-lines';
import { checkTogether } from './check-devices-together';

const trees = new WeakMap<IConstruct, Tree>();

interface TreeResult {
  readonly deliveries: ReadonlyMap<AppDevice, Delivery>;
  readonly proofs: ReadonlyMap<AppDevice, Verification>;
  readonly problems: readonly Problem[];
}

/** All devices of this package in one App, in any stack. */
export class Tree {
  readonly lines = new SourceLines();
  private readonly devices: AppDevice[] = [];
  private readonly removed: { readonly stack: Construct; readonly where: string; readonly ownership: Ownership }[] = [];
  private readonly problems: Problem[] = [];
  private result: TreeResult | undefined;

  static of(scope: Construct): Tree {
    const { root } = scope.node;
    const tree = trees.get(root) ?? new Tree();
    trees.set(root, tree);
    return tree;
  }

  /**
   * Returns the stack of a construct. Throws Refusal constructs/no-stack or constructs/no-framework at once: without
   * elements in a stack nothing would raise it later.
   */
  getStack(scope: Construct, location: string): Construct {
    const stack = findStack(scope);
    if (!stack) throw new Refusal([this.lines.resolveProblem(createNoStackProblem(location))]);
    const framework = findFramework(stack);
    if (!framework.isFound)
      throw new Refusal([this.lines.resolveProblem(createNoFrameworkProblem(location, framework))]);
    return stack;
  }

  add(device: AppDevice): void {
    this.devices.push(device);
    this.invalidate();
  }

  /** Adds an owner that this stack no longer has on a device. */
  addRemoved(stack: Construct, location: string, ownership: Ownership): void {
    this.removed.push({ stack, where: location, ownership });
    this.invalidate();
  }

  record(...problems: readonly Problem[]): void {
    this.problems.push(...problems);
    this.invalidate();
  }

  invalidate(): void {
    this.result = undefined;
  }

  /** Throws one Refusal with the problems of the whole tree. */
  refuseProblems(): void {
    this.verifyAll();
  }

  /** For constructs without a device: in an app without devices nothing else would refuse their problems. */
  readonly validation: IValidation = {
    validate: () => {
      this.refuseProblems();
      return [];
    },
  };

  /** Returns the delivery of a device. Throws like `refuseProblems`. */
  getDelivery(device: AppDevice): Delivery {
    return this.verifyAll().deliveries.get(device)!;
  }

  /**
   * Returns the verified devices by stack: those of the construct's own stack, or of all stacks below it. Sites may use
   * the same private addresses, so each stack has its own list of devices behind its gateways. Throws TypeError if
   * there is no stack, and like `refuseProblems`.
   */
  listSites(scope: Construct): readonly StackDevices[] {
    const verifications = [...this.verifyAll().proofs];
    const selectVerifications = (isSelected: (member: AppDevice) => boolean): readonly Verification[] =>
      verifications.flatMap(([member, proof]) => (isSelected(member) ? [proof] : []));
    return listStacks(scope).map((stack) => {
      const stackDevices = this.devices.filter((device) => device.stack === stack);
      return {
        verifications: selectVerifications((member) => member.stack === stack),
        behindVerifications: selectVerifications(
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
    // Hosts with one profile share its problem objects, so each is reported once.
    const ownProblems = [
      ...this.problems,
      ...this.findOwnedTwice(),
      ...verifiedDevices.flatMap((verifiedDevice) => verifiedDevice.problems),
    ].filter(({ code, where }) => code !== 'intent/duplicate' || !this.hasIdOfAnother(where));
    // Devices are verified together only if each is right by itself.
    const verifiedByDevice = new Map(
      verifiedDevices.flatMap(({ device, proof, delivery }) =>
        proof && delivery ? [[device, { proof, delivery }]] : [],
      ),
    );
    const proofs = new Map(verifiedDevices.flatMap(({ device, proof }) => (proof ? [[device, proof]] : [])));
    const problems = new Set(ownProblems.length > 0 ? ownProblems : checkTogether(verifiedByDevice, shapes));
    return {
      deliveries: new Map(verifiedDevices.flatMap(({ device, delivery }) => (delivery ? [[device, delivery]] : []))),
      proofs,
      problems: [...new Map([...problems].map((problem) => this.resolve(problem))).values()],
    };
  }

  /**
   * Returns whether the place has an id of another construct. That is reported already, and both have one name because
   * of it.
   */
  private hasIdOfAnother(location: string): boolean {
    return this.problems.some((problem) => problem.code === 'constructs/id-twice' && problem.where === location);
  }

  /** Puts lines into a problem, with its text as key: a problem that many constructs share is reported once. */
  private resolve(problem: Problem): [string, Problem] {
    const resolvedProblem = this.lines.resolveProblem(problem);
    return [printProblem(resolvedProblem), resolvedProblem];
  }

  /** Finds owners that a stack has twice on one device. Device and owner name the Terraform resources. */
  private findOwnedTwice(): readonly Problem[] {
    const placesByKey = new Map<string, string>();
    const ownerships = [
      ...this.devices.map((device) => ({ stack: device.stack, where: device.where, ownership: device })),
      ...this.removed,
    ];
    return ownerships.flatMap(({ stack, where, ownership: { device, owner } }): Problem[] => {
      const key = `${stack.node.path} ${device} ${owner}`;
      const formerPlace = placesByKey.get(key);
      if (formerPlace === undefined) placesByKey.set(key, where);
      return formerPlace === undefined || this.hasIdOfAnother(where)
        ? []
        : [createDuplicateOwnerProblem(where, device, owner, formerPlace)];
    });
  }
}

function listStacks(scope: Construct): readonly Construct[] {
  const stack = findStack(scope);
  const stacks = stack ? [stack] : scope.node.findAll().filter(isStack);
  if (stacks.length === 0)
    throw new TypeError('What is exposed is asked of a stack, of a construct in one, or of an App that has some.');
  return stacks;
}

const createDuplicateOwnerProblem = (where: string, device: string, owner: string, formerPlace: string): Problem => ({
  code: 'constructs/owned-twice',
  where,
  what: `Owner "${owner}" on device "${device}" is in this stack already, by ${formerPlace}, and the two would be one resource in Terraform.`,
  instead: 'one of the two, or another owner: two owners share a device well.',
});

const createNoStackProblem = (where: string): Problem => ({
  code: 'constructs/no-stack',
  where,
  what: 'It stands in no stack: its scope is the App, or something that is in none.',
  instead: 'new …(this, id, { … }) in the constructor of a TerraformStack, or the stack as the scope.',
});

const createNoFrameworkProblem = (where: string, { name }: StackFramework): Problem => ({
  code: 'constructs/no-framework',
  where,
  what:
    name === undefined
      ? 'Its stack is of neither cdktf nor cdktn.'
      : `Its stack is of ${name}, and not of the ${name} that is found under this name: the package is installed under another name, or twice.`,
  instead: `${name === undefined ? 'cdktf or cdktn' : `"${name}"`} among the dependencies of package.json, under its own name and once; the stack’s file imports from ${name === undefined ? 'it' : `'${name}'`}.`,
});
