import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { compileConnection } from '../lib/intent/connection';
import { ConnectionIntent } from '../lib/intent/intent';
import { Finished } from '../lib/intent/server-parts';
import { Policy } from '../lib/policy/policy';
import { Problem, Refusal } from '../lib/problems/problem';
import { proofProblems, prove } from '../lib/proving/prove';
import { emitDelivery } from './private/emit-delivery';
import { releaseOf } from './release';
import { Member, Settled, Tree } from './tree';

/** What gateways and servers collect in: parts are added until the policy is asked for. */
interface Parts {
  finish(): Finished<Policy>;
}

/** What a person wrote about a device beside its intent. */
export interface DeviceProps {
  readonly device?: string;
  readonly owner: string;
  readonly connection: ConnectionIntent;
  readonly releaseResource?: 'null_resource' | 'terraform_data';
}

/** One owner on one device, from its construct to its resources. */
export class Device implements Member {
  readonly stack: TerraformStack;
  /** Names as they were written; what is no name is refused by the intent. */
  readonly device: string;
  readonly owner: string;
  /** Where a writer's problem was written, by the writer's own name for the place: `mapping web`. */
  private readonly written = new Map<string, string>();
  /** Servers that its mappings lead to, wherever they stand. */
  private readonly mapped = new Set<Member>();

  constructor(
    scope: Construct,
    private readonly tree: Tree,
    readonly where: string,
    private readonly props: Partial<DeviceProps>,
    private readonly parts: Parts,
  ) {
    this.stack = TerraformStack.of(scope);
    this.device = textOf(props.device);
    this.owner = textOf(props.owner);
    this.names(`device ${this.device}`, where);
    tree.add(this);
    emitDelivery(scope, this, this.releaseResource(scope), () => tree.deliveryOf(this));
  }

  /** Says where a part was written, and that what was proven before is out of date. */
  names(part: string, where: string): void {
    this.written.set(part, where);
    this.tree.changed();
  }

  leadsTo(server: Device): void {
    this.mapped.add(server);
  }

  /**
   * Whether a server is behind this gateway: in its stack, or mapped by it. Other stacks may be other sites that use the same private
   * addresses.
   */
  isBefore(server: Member): boolean {
    return server.stack === this.stack || this.mapped.has(server);
  }

  settle(): Settled {
    const { policy, captured, witnesses, adopt, problems } = this.parts.finish();
    const reached = compileConnection(`${this.where} connection`, this.props.connection as ConnectionIntent);
    const found = [...problems, ...reached.problems];
    if (!policy) return { problems: found };
    try {
      const proof = prove(policy, captured);
      found.push(...proofProblems(proof).map((problem) => ({ ...problem, where: `${this.where}, ${problem.where}` })));
      if (!reached.connection || found.length > 0) return { proof, problems: found };
      const release = releaseOf(proof, witnesses, reached.rollbackSeconds);
      return { proof, problems: found, delivery: { release, connection: reached.connection, ...(adopt === undefined ? {} : { adopt }) } };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { problems: [...found, ...error.problems.map((problem) => this.atItsLine(problem))] };
    }
  }

  private atItsLine(problem: Problem): Problem {
    return { ...problem, where: this.written.get(problem.where) ?? `${this.where}, ${problem.where}` };
  }

  private releaseResource(scope: Construct): 'null_resource' | 'terraform_data' {
    const asked: unknown = this.props.releaseResource ?? scope.node.tryGetContext('releaseResource') ?? 'null_resource';
    if (asked === 'null_resource' || asked === 'terraform_data') return asked;
    this.tree.record({
      code: 'constructs/release-resource',
      where: this.where,
      what: 'releaseResource names no resource that can carry a release.',
      instead: "'null_resource', or 'terraform_data' where no provider registry is reached.",
    });
    return 'terraform_data';
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : 'unnamed');
