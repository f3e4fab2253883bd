import { z } from 'zod';
import { RetractOrder } from '../driver/orders';
import { issueWords } from '../lib/problems/issue';
import { Problem, Refusal, refuseIfAny } from '../lib/problems/problem';
import { entriesIn, notAnAnswer } from './live-entries';

/** What a device holds of an owner, as it answered; or why nobody knows. */
export type Held = { readonly role: RetractOrder['role']; readonly lease: string } | { readonly problem: Problem };

const owner = z.object({
  owner: z.string(),
  role: z.enum(['gateway', 'server']),
  lease: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/),
});
const answer = z.union([
  z.object({ device: z.string(), owners: z.array(owner) }),
  z.object({ device: z.string(), problems: z.array(z.unknown()).min(1) }),
]);

const AGAIN = 'cpanel-edge verify --json >FILE, right before the retract.';

/** What devices answered to `cpanel-edge verify --json`, by device: of one owner, or of the role of it that is asked about. Throws Refusal cli/live-…. */
export class Leases {
  private readonly answers: ReadonlyMap<string, z.infer<typeof answer>>;

  constructor(
    private readonly file: string,
    private readonly owner: string,
    private readonly role?: RetractOrder['role'],
  ) {
    const all = entriesIn(file, AGAIN).map((entry) => {
      const said = answer.safeParse(entry);
      if (said.success) return said.data;
      throw new Refusal([
        notAnAnswer(
          file,
          `${said.error.issues
            .slice(0, 5)
            .map((issue) => issueWords(issue))
            .join('; ')}.`,
          AGAIN,
        ),
      ]);
    });
    refuseIfAny(
      all.filter(({ device }, at) => all.findIndex((other) => other.device === device) !== at).map(({ device }) => twice(file, device)),
    );
    this.answers = new Map(all.map((said) => [said.device, said]));
  }

  /** Devices that hold the owner, and those that may: nobody could ask them. */
  get devices(): readonly string[] {
    return [...this.answers].filter(([, said]) => 'problems' in said || this.on(said.owners).length > 0).map(([device]) => device);
  }

  held(device: string): Held {
    const said = this.answers.get(device);
    const problem = (code: string, what: string, instead = AGAIN): Held => ({
      problem: { code, where: `${this.owner} on ${device}`, what, instead },
    });
    if (said === undefined) return problem('cli/no-such-device', `${this.file} has no answer of this device.`);
    if ('problems' in said) return problem('cli/lease-not-known', `The device could not be asked when ${this.file} was written.`);
    const [found, ...more] = this.on(said.owners);
    if (found === undefined) return problem('cli/no-such-owner', `By ${this.file} the device holds no release of this owner.`);
    if (more.length > 0)
      return problem(
        'cli/two-roles',
        'The owner has a gateway and a server on this device.',
        'say which: --role gateway, or --role server.',
      );
    return { role: found.role, lease: found.lease };
  }

  private on(owners: readonly z.infer<typeof owner>[]): readonly z.infer<typeof owner>[] {
    return owners.filter((one) => one.owner === this.owner && one.lease !== 'none' && (this.role ?? one.role) === one.role);
  }
}

const twice = (where: string, device: string): Problem => ({
  code: 'cli/live-twice',
  where,
  what: `${device} answers more than once.`,
  instead: 'one answer for each device.',
});
