// Parses the owner tokens of one owner, by device, from the output of `cpanel-edge verify --json`, for `cpanel-edge
// remove --live`.
import { z } from 'zod';
import { createTwoRoles } from '../driver/forget-owner';
import { RemoveOrder } from '../driver/remove-order';
import { isRecord } from '../lib/agent-protocol/work-codec';
import { Problem, refuseIfAny } from '../lib/problems/problem';
import { parseAnswers, createTwiceAnsweredProblem } from './verify-answers';
import { OWNER_TOKEN } from './option-values';

type TokenRole = RemoveOrder['role'];

/** The role and owner token of an owner on a device, from the device's answer; or why they are not known. */
type HeldToken = { readonly role: TokenRole; readonly ownerToken: string } | { readonly problem: Problem };

const ownerSchema = z.object({ owner: z.string(), role: z.string(), ownerToken: z.string() });
const answeredSchema = z.object({ device: z.string(), owners: z.array(ownerSchema) });
const notAskedSchema = z.object({ device: z.string(), problems: z.array(z.unknown()).min(1) });
type VerifyAnswer = z.infer<typeof answeredSchema> | z.infer<typeof notAskedSchema>;

const VERIFY_AGAIN = 'cpanel-edge verify --json >FILE, right before the removal.';

/**
 * The owner tokens of one owner, or of one role of it, by device. They come from the answers of devices to
 * `cpanel-edge verify --json`.
 * @throws Refusal cli/live-…
 */
export class OwnerTokens {
  private readonly answers: ReadonlyMap<string, VerifyAnswer>;

  constructor(
    private readonly file: string,
    private readonly owner: string,
    private readonly role?: TokenRole,
  ) {
    const parsedAnswers = parseAnswers<VerifyAnswer>(
      file,
      (entry) => (isRecord(entry) && 'problems' in entry ? notAskedSchema : answeredSchema),
      VERIFY_AGAIN,
    );
    refuseIfAny(
      parsedAnswers
        .filter(
          ({ device }, index) => parsedAnswers.findIndex((otherAnswer) => otherAnswer.device === device) !== index,
        )
        .map(({ device }) => createTwiceAnsweredProblem(file, device)),
    );
    this.answers = new Map(parsedAnswers.map((answer) => [answer.device, answer]));
  }

  /** Returns the devices that hold the owner. */
  get holding(): readonly string[] {
    return [...this.answers]
      .filter(([, answer]) => 'owners' in answer && this.filterOwners(answer.owners).length > 0)
      .map(([device]) => device);
  }

  /** Returns the devices that could not be asked: whether they hold the owner is unknown. */
  get notAsked(): readonly string[] {
    return [...this.answers].filter(([, answer]) => 'problems' in answer).map(([device]) => device);
  }

  findToken(device: string): HeldToken {
    const answer = this.answers.get(device);
    const subject = `${this.owner} on ${device}`;
    const createTokenProblem = (code: string, what: string): HeldToken => ({
      problem: { code, where: subject, what, instead: VERIFY_AGAIN },
    });
    if (answer === undefined)
      return createTokenProblem('cli/no-such-device', `${this.file} has no answer of this device.`);
    if ('problems' in answer)
      return createTokenProblem('cli/lease-not-known', `The device could not be asked when ${this.file} was written.`);
    const [ownerAnswer, ...otherAnswers] = this.filterOwners(answer.owners);
    if (ownerAnswer === undefined)
      return createTokenProblem('cli/no-such-owner', `By ${this.file} the device holds no release of this owner.`);
    if (otherAnswers.length > 0) return { problem: createTwoRoles(subject) };
    const { role, ownerToken } = ownerAnswer;
    if (!isRole(role) || !OWNER_TOKEN.test(ownerToken))
      return createTokenProblem(
        'cli/live-unreadable',
        `What ${this.file} says of its role and owner token is not what verify --json prints.`,
      );
    return { role, ownerToken };
  }

  private filterOwners(owners: readonly z.infer<typeof ownerSchema>[]): readonly z.infer<typeof ownerSchema>[] {
    return owners.filter(
      (ownerAnswer) =>
        ownerAnswer.owner === this.owner &&
        ownerAnswer.ownerToken !== 'none' &&
        (this.role ?? ownerAnswer.role) === ownerAnswer.role,
    );
  }
}

const isRole = (text: string): text is TokenRole => text === 'gateway' || text === 'server';
