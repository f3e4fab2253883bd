import { z } from 'zod';
import { twoRoles } from '../driver/by-hand';
import { RetractOrder } from '../driver/retract-order';
import { isRecord } from '../lib/agent-protocol/codec';
import { Problem, refuseIfAny } from '../lib/problems/problem';
import { answersIn, answersTwice } from './live-entries';
import { LEASE } from './words';

type Role = RetractOrder['role'];

/** What a device holds of an owner, as it answered. */
type Held = { readonly role: Role; readonly lease: string } | { readonly problem: Problem };

const owner = z.object({ owner: z.string(), role: z.string(), lease: z.string() });
const asked = z.object({ device: z.string(), owners: z.array(owner) });
const notAsked = z.object({ device: z.string(), problems: z.array(z.unknown()).min(1) });
type Answer = z.infer<typeof asked> | z.infer<typeof notAsked>;

const AGAIN = 'cpanel-edge verify --json >FILE, right before the retract.';

/** What devices answered to `cpanel-edge verify --json`, by device: of one owner, or of the role of it that is asked about. Throws Refusal cli/live-…. */
export class Leases {
  private readonly answers: ReadonlyMap<string, Answer>;

  constructor(
    private readonly file: string,
    private readonly owner: string,
    private readonly role?: Role,
  ) {
    const all = answersIn<Answer>(file, (entry) => (isRecord(entry) && 'problems' in entry ? notAsked : asked), AGAIN);
    refuseIfAny(
      all
        .filter(({ device }, at) => all.findIndex((other) => other.device === device) !== at)
        .map(({ device }) => answersTwice(file, device)),
    );
    this.answers = new Map(all.map((said) => [said.device, said]));
  }

  /** Devices that hold the owner. */
  get holding(): readonly string[] {
    return [...this.answers]
      .filter(([, said]) => 'owners' in said && this.on(said.owners).length > 0)
      .map(([device]) => device);
  }

  /** Devices of which nobody knows, because they could not be asked. */
  get notAsked(): readonly string[] {
    return [...this.answers].filter(([, said]) => 'problems' in said).map(([device]) => device);
  }

  held(device: string): Held {
    const said = this.answers.get(device);
    const where = `${this.owner} on ${device}`;
    const problem = (code: string, what: string): Held => ({ problem: { code, where, what, instead: AGAIN } });
    if (said === undefined) return problem('cli/no-such-device', `${this.file} has no answer of this device.`);
    if ('problems' in said)
      return problem('cli/lease-not-known', `The device could not be asked when ${this.file} was written.`);
    const [found, ...more] = this.on(said.owners);
    if (found === undefined)
      return problem('cli/no-such-owner', `By ${this.file} the device holds no release of this owner.`);
    if (more.length > 0) return { problem: twoRoles(where) };
    const { role, lease } = found;
    if (!isRole(role) || !LEASE.test(lease))
      return problem(
        'cli/live-unreadable',
        `What ${this.file} says of its role and lease is not what verify --json prints.`,
      );
    return { role, lease };
  }

  private on(owners: readonly z.infer<typeof owner>[]): readonly z.infer<typeof owner>[] {
    return owners.filter(
      (one) => one.owner === this.owner && one.lease !== 'none' && (this.role ?? one.role) === one.role,
    );
  }
}

const isRole = (text: string): text is Role => text === 'gateway' || text === 'server';
