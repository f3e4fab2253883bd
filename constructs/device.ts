import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { compileConnection } from '../lib/intent/connection';
import { ConnectionIntent } from '../lib/intent/intent';
import { Finished } from '../lib/intent/server-parts';
import { groupBy } from '../lib/net/group-by';
import { Policy } from '../lib/policy/policy';
import { Problem, Refusal } from '../lib/problems/problem';
import { proofProblems, prove } from '../lib/verifier/prove';
import { Shapes } from '../lib/verifier/shapes';
import type { PlatformId } from '../lib/registry';
import type { Defaulted } from './defaults';
import { Member, Settled } from './member';
import { emitDelivery } from './internal/emit-delivery';
import { hasCommand } from './internal/shell-command';
import { releaseOf } from './release';
import { isReleaseResource, noReleaseResource } from './release-resource';
import { Tree } from './tree';
import { wayBackProblems } from './way-back';
import { witnessProblems } from './witnesses';

/** What gateways and servers collect in: parts are added until the policy is asked for. */
interface Parts {
  /** Where it is reached when nobody says where. */
  readonly host?: string | undefined;
  finish(): Finished<Policy>;
}

/** `ConnectionIntent` whose `hostKeys` may come from `Defaults`, as all of it may but `host`. @example { host: '192.0.2.2', user: 'deploy' } */
export type DeviceConnection = Omit<ConnectionIntent, 'hostKeys'> & Partial<Pick<ConnectionIntent, 'hostKeys'>>;

/** What a person writes about a device, whatever it is. All but its name may come from defaults. */
export interface DeviceProps {
  /**
   * Name of the device. Device and owner name the resources in Terraform.
   *
   * @default the construct's id
   * @example device: 'edge1'
   * @throws constructs/owned-twice
   */
  readonly device?: string;
  /** Whose part of the device this is: another owner's is never touched. @default that of `Defaults` @example owner: 'hosting' */
  readonly owner?: string;
  /**
   * What runs on it; an editor offers what there is.
   *
   * @default that of `Defaults`
   * @example platform: 'nftables'
   * @throws intent/unknown-platform
   */
  readonly platform?: PlatformId | (string & {});
  /**
   * Of the platform, as its own tool prints it: `1.0.6` of `nft --version`. A device of another series, `1.1`, is refused when it is delivered to.
   *
   * @default that of `Defaults`
   * @example version: '1.0.6'
   * @throws intent/bad-version
   */
  readonly version?: string;
  /**
   * How the driver reaches it, field by field.
   *
   * @default that of `Defaults`; `host` of a server its only address
   * @example connection: { host: '192.0.2.2', user: 'deploy' }
   */
  readonly connection?: Partial<DeviceConnection>;
  /**
   * The resource that a release is in Terraform. `terraform_data` needs no provider.
   *
   * @default that of `Defaults`, then `releaseResource` of the context, else `null_resource`
   * @example releaseResource: 'terraform_data'
   * @throws constructs/release-resource
   */
  readonly releaseResource?: 'null_resource' | 'terraform_data';
}

export const OF_DEVICES = ['owner', 'platform', 'version', 'releaseResource', 'connection'] as const;

/** One owner on one device, from its construct to its resources. */
export class Device implements Member {
  readonly stack: TerraformStack;
  /** Names as they were written; what is no name is refused by the intent. */
  readonly device: string;
  readonly owner: string;
  /** Where a part was written, by the name that writers and findings have for the place: `mapping web`. */
  private readonly written = new Map<string, string>();
  /** Where what a mapping opens was written, where that is another place, by the same name. */
  private readonly opened = new Map<string, string>();
  /** Servers that its mappings lead to, wherever they stand. */
  private readonly mapped = new Set<Member>();

  constructor(
    scope: Construct,
    private readonly tree: Tree,
    readonly where: string,
    private readonly defaults: Defaulted<DeviceProps>,
    private readonly parts: Parts,
  ) {
    this.stack = tree.stackOf(scope, where);
    this.device = textOf(defaults.props.device);
    this.owner = textOf(defaults.props.owner);
    this.names(`device ${this.device}`, where);
    tree.add(this);
    // A shell takes an empty one as none.
    if (!hasCommand() && !process.env['CPANEL_EDGE']) tree.record(noCommand);
    emitDelivery(scope, this, this.releaseResource(scope), () => tree.deliveryOf(this));
  }

  /** Says where a part was written, with where what it opens was, and that what was proven before is out of date. */
  names(part: string, where: string, opening?: string): void {
    this.written.set(part, where);
    if (opening !== undefined) this.opened.set(part, opening);
    this.tree.changed();
  }

  private places(): Readonly<Record<string, string>> {
    const { lines } = this.tree;
    const found = [...this.written].flatMap(([part, where]): readonly (readonly [string, string | undefined])[] => {
      const line = where === this.where ? lines.lineOf(where) : lines.lineOfPart(where);
      const opening = this.opened.get(part);
      return [
        [part, line],
        ...(line === undefined || opening === undefined
          ? []
          : [[`openings of ${part}`, lines.lineOf(opening)] as const]),
      ];
    });
    return Object.fromEntries(found.filter(([, line]) => line !== undefined)) as Readonly<Record<string, string>>;
  }

  leadsTo(server: Device): void {
    this.mapped.add(server);
  }

  /**
   * Whether a server is behind this gateway: in its stack, or mapped by it. Other stacks may be other sites that use the same private
   * addresses.
   */
  isBefore(server: Member): boolean {
    return server.stack === this.stack || this.maps(server);
  }

  maps(server: Member): boolean {
    return this.mapped.has(server);
  }

  placeOf(part: string): string {
    return this.written.get(part) ?? `${this.where}, ${part}`;
  }

  settle(shapes: Shapes): Settled {
    const { policy, captured, witnesses, adopt, problems, asked } = this.parts.finish();
    const reached = compileConnection(`${this.where} connection`, this.defaults.props.connection as ConnectionIntent, {
      host: this.parts.host,
      elsewhere: this.defaults.connection,
    });
    const found = [...problems, ...reached.problems];
    if (!policy) return { problems: found };
    try {
      const proof = prove(policy, captured, shapes);
      found.push(...proofProblems(proof).map((problem) => ({ ...problem, where: `${this.where}, ${problem.where}` })));
      if (reached.connection) found.push(...wayBackProblems(`${this.where} connection`, policy, reached.connection));
      found.push(...witnessProblems(this.where, proof, witnesses));
      if (!reached.connection || found.length > 0) return { proof, problems: found };
      const release = releaseOf(proof, witnesses, reached.rollbackSeconds);
      const delivery = {
        release,
        connection: reached.connection,
        places: this.places(),
        ...(adopt === undefined ? {} : { adopt }),
      };
      return { proof, problems: found, delivery };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { problems: [...found, ...this.atTheirLines(error.problems, asked)] };
    }
  }

  /** What one line asked for several times is refused once. */
  private atTheirLines(
    problems: readonly Problem[],
    asked: ReadonlyMap<string, string> = new Map(),
  ): readonly Problem[] {
    const placed = problems.map((problem) => ({
      ...problem,
      where: asked.get(problem.where) ?? this.placeOf(problem.where),
    }));
    return [...groupBy(placed, ({ code, where, what }) => JSON.stringify([code, where, what])).values()].map(
      ([first]) => first,
    );
  }

  private releaseResource(scope: Construct): 'null_resource' | 'terraform_data' {
    const own: unknown = this.defaults.props.releaseResource;
    const asked: unknown = own === undefined ? (scope.node.tryGetContext('releaseResource') ?? 'null_resource') : own;
    if (isReleaseResource(asked)) return asked;
    const where = own === undefined ? 'releaseResource of the context' : `${this.where} releaseResource`;
    this.tree.record(noReleaseResource(this.defaults.elsewhere['releaseResource'] ?? where));
    return 'terraform_data';
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : 'unnamed');

const noCommand: Problem = {
  code: 'constructs/no-command',
  where: 'this package',
  what: 'Terraform starts its command by a path, and there is none where it is: in an archive of Yarn’s Plug’n’Play, or bundled into another program.',
  instead:
    'nodeLinker: node-modules in .yarnrc.yml, and cpanel-edge left out of the bundle; or CPANEL_EDGE in the environment of synth and apply, with the command that starts it.',
};
