import { Manners, Step, Told } from './dialogue';

/** What a step is asked with. Each has passed its pattern. */
interface Values {
  readonly role: 'gateway' | 'server';
  readonly owner: string;
  /** Names one delivery, hexadecimal. */
  readonly token: string;
  readonly lease: string;
  readonly digest: string;
  /** A lease that this delivery may take over. */
  readonly adopt?: string;
  /** Until the device takes back what nobody confirmed. */
  readonly seconds: number;
  readonly fingerprint: string;
  /** Standard input of the step: the release file, or what to look for. */
  readonly input: string;
  /** Hexadecimal, of UTF-8. */
  sha256(text: string): string;
}

type Of<Name extends keyof Values> = Pick<Values, Name | 'sha256'>;
export type Delivered = Of<'role' | 'owner' | 'token'>;

/**
 * What stands in the place of a device program where there is no shell: the steps of docs/protocol.md, each on a connection of its own,
 * with the answers of a device program. What is on trial has to be ended by the device itself, by its timer and by its restart.
 */
export interface Dialogue {
  readonly manners: Manners;
  /** Whether this is such a device: `ok protocol=N`, or `refused foreign-box`. */
  protocol(of: Of<never>): Step;
  status(of: Of<never>): Step;
  /** The configuration that runs, whole, and the facts. */
  read(of: Of<never>): Step;
  upload(of: Delivered & Of<'lease' | 'digest' | 'input'>): Step;
  check(of: Delivered & Pick<Values, 'adopt'>): Step;
  /** Its timer runs before anything else does, or from the same command on. */
  arm(of: Delivered & Of<'seconds'>): Step;
  confirm(of: Delivered): Step;
  rollback(of: Delivered): Step;
  outcome(of: Delivered): Step;
  retract(of: Delivered & Of<'lease'>): Step;
  forget(of: Of<'role' | 'owner' | 'lease'>): Step;
  accept(of: Of<'fingerprint'>): Step;
}

const DIGEST = /^[0-9a-f]{64}$/;
export const LEASE = /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/;
/** As device/machine/arguments.sh has them. */
const PATTERNS = {
  role: /^(gateway|server)$/,
  owner: /^[a-z0-9][a-z0-9-]{0,59}$/,
  token: /^[0-9a-f]{16,64}$/,
  lease: LEASE,
  adopt: LEASE,
  digest: DIGEST,
  fingerprint: DIGEST,
  seconds: /^[1-9][0-9]{0,3}$/,
} as const;

const DELIVERY = ['role', 'owner', 'token'] as const;
const ARGUMENTS: Readonly<Record<Exclude<keyof Dialogue, 'manners'>, readonly (keyof typeof PATTERNS)[]>> = {
  protocol: [],
  status: [],
  read: [],
  upload: ['role', 'owner', 'lease', 'digest', 'token'],
  check: [...DELIVERY, 'adopt'],
  arm: [...DELIVERY, 'seconds'],
  confirm: DELIVERY,
  rollback: DELIVERY,
  outcome: DELIVERY,
  retract: ['role', 'owner', 'lease', 'token'],
  forget: ['role', 'owner', 'lease'],
  accept: ['fingerprint'],
};

/** The step that the words of a command name; or why there is none, for which nobody needs to connect. */
export function stepOf(dialogue: Dialogue, [name = '', ...words]: readonly string[], of: Of<'input'>): Step | Told {
  if (!Object.hasOwn(ARGUMENTS, name)) return { result: 'refused unknown-command' };
  const step = name as keyof typeof ARGUMENTS;
  const names = ARGUMENTS[step];
  const missing = names.length - words.length;
  if (missing < 0 || missing > (names.at(-1) === 'adopt' ? 1 : 0)) return { result: 'refused wrong-argument count' };
  const given = names.slice(0, words.length);
  const wrong = given.find((each, at) => !PATTERNS[each].test(words[at]!));
  if (wrong !== undefined) return { result: `refused wrong-argument ${wrong}` };
  const values = Object.fromEntries(given.map((each, at) => [each, each === 'seconds' ? Number(words[at]) : words[at]!]));
  return dialogue[step]({ ...of, ...values } as Values);
}
