// What a configuration of the toy router says of us. Each owner has filters under its name, and an annotation that says whose they are:
// where there are no files, that is where a release keeps what its file would say.

export interface Mark {
  readonly role: string;
  readonly owner: string;
  readonly lease: string;
  readonly digest: string;
  readonly token: string;
  readonly onRetract: string;
  /** How far it is, while it is in the candidate. */
  readonly stage: 'offered' | 'checked';
  /** The fingerprint of edits that may be overwritten. */
  readonly accepted: string;
}

export const markName = ({ role, owner }: Pick<Mark, 'role' | 'owner'>): string => `edge-${role}-${owner}`;
export const markText = ({ lease, digest, token, onRetract, stage, accepted }: Mark): string =>
  `lease=${lease} digest=${digest} token=${token} on-retract=${onRetract} stage=${stage} accepted=${accepted}`;

const MARK =
  /^annotation edge-(gateway|server)-(\S+) "lease=(\S+) digest=(\S+) token=(\S+) on-retract=(\S+) stage=(offered|checked) accepted=(\S+)"$/;

export const marksOf = (configuration: readonly string[]): readonly Mark[] =>
  configuration.flatMap((each) => {
    const found = MARK.exec(each);
    if (!found) return [];
    const [, role, owner, lease, digest, token, onRetract, stage, accepted] = found as unknown as string[];
    return [{ role, owner, lease, digest, token, onRetract, stage, accepted } as Mark];
  });

type Identity = Pick<Mark, 'role' | 'owner'>;
export const markOf = (configuration: readonly string[], { role, owner }: Identity): Mark | undefined =>
  marksOf(configuration).find((mark) => mark.role === role && mark.owner === owner);

const isOurs =
  ({ role, owner }: Identity) =>
  (each: string): boolean =>
    each.startsWith(`filter ${owner} `) || each.startsWith(`annotation ${markName({ role, owner })} `);

/** The text of a release, as the configuration has it. */
export const textOf = (configuration: readonly string[], { owner }: Pick<Mark, 'owner'>): string =>
  [`toy ${owner}`, ...configuration.filter((each) => each.startsWith(`filter ${owner} `))].map((each) => `${each}\n`).join('');

/** What isn't this owner's. */
export const othersOf = (configuration: readonly string[], of: Identity): string =>
  configuration.filter((each) => !isOurs(of)(each)).join('\n');
