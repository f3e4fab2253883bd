import { hash32, hash52 } from '../../../generate/hash';

/** Begins the description of every entry of an owner. */
export const getOwnerTag = (owner: string): string => `cpanel-edge:${owner}/`;

/** Of a rule's description the box keeps 63 bytes with its own words; the tag must be whole. */
const MAX_TAG_LENGTH = 50;
const MAX_ALIAS_LENGTH = 31;
const MIN_TRACKER = 3_000_000_000;

/** What others on the box are called. */
export interface TakenNames {
  readonly aliases: ReadonlySet<string>;
  readonly trackers: ReadonlySet<number>;
  readonly uniqids: ReadonlySet<string>;
}

/** Names of one owner's entries: the same for the same wish, whatever stands around it, but where two would be one. */
export class EntryNames {
  private readonly aliases: Set<string>;
  private readonly trackers: Set<number>;
  private readonly uniqids: Set<string>;
  private readonly rules = new Set<string>();

  constructor(
    private readonly owner: string,
    taken: TakenNames,
  ) {
    this.aliases = new Set(taken.aliases);
    this.trackers = new Set(taken.trackers);
    this.uniqids = new Set(taken.uniqids);
  }

  createDescription = (purpose: string, words = ''): string =>
    `${getOwnerTag(this.owner)}${toSlug(purpose)}${words === '' ? '' : ` ${words}`}`;

  /** Letters, digits and `_`, at most 31: `ce_web_team_mail_hosts`. Each has a tag of its own, too. */
  nameAlias(purpose: string): { readonly name: string; readonly tag: string } {
    const fullName = `ce_${this.owner}_${purpose}`.replaceAll(/[^A-Za-z0-9]/g, '_');
    let attempt = -1;
    const name = takeFreeName((next) => {
      attempt = next;
      return next === 0 && fullName.length <= MAX_ALIAS_LENGTH
        ? fullName
        : cutName(fullName, MAX_ALIAS_LENGTH, '_', this.getKey(purpose, next));
    }, this.aliases);
    return { name, tag: attempt === 0 ? purpose : `${purpose}-${attempt + 1}` };
  }

  /** Where several of one name need telling apart, as rules do: `mail-1a2b`. */
  nameRule(name: string, key: string): { readonly tag: string; readonly tracker: number } {
    const maxLength = MAX_TAG_LENGTH - getOwnerTag(this.owner).length;
    const tag = takeFreeName((attempt) => cutName(toSlug(name), maxLength, '-', this.getKey(key, attempt)), this.rules);
    const tracker = takeFreeName((attempt) => MIN_TRACKER + (hash32(this.getKey(key, attempt)) >>> 2), this.trackers);
    return { tag, tracker };
  }

  /** As PHP's uniqid() gives them. */
  createUniqid = (key: string): string =>
    takeFreeName((attempt) => hash52(this.getKey(key, attempt)).toString(16).padStart(13, '0'), this.uniqids);

  private getKey = (purpose: string, attempt: number): string =>
    `${this.owner}/${purpose}${attempt === 0 ? '' : `#${attempt}`}`;
}

/** As one word of a description. */
export const toSlug = (name: string): string => name.replaceAll(/[^A-Za-z0-9._-]/g, '_');

const cutName = (name: string, maxLength: number, separator: string, key: string): string =>
  `${name.slice(0, maxLength - 5)}${separator}${(hash32(key) >>> 16).toString(16).padStart(4, '0')}`;

function takeFreeName<T>(candidate: (attempt: number) => T, taken: Set<T>): T {
  for (let attempt = 0; ; attempt++) {
    const name = candidate(attempt);
    if (taken.has(name)) continue;
    taken.add(name);
    return name;
  }
}
