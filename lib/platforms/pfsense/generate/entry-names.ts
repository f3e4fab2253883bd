// Creates names, descriptions and owner tags of generated pfSense entries, unique on the box and stable between
// releases.

import { hash32, hash52 } from '../../../generate/hash';

/** Returns the tag that begins the description of every entry of an owner. */
export const getOwnerTag = (owner: string): string => `cpanel-edge:${owner}/`;

/** The box keeps 63 bytes of a rule's description, including its own words; the tag must be whole. */
const MAX_TAG_LENGTH = 50;
const MAX_ALIAS_LENGTH = 31;
const MIN_TRACKER = 3_000_000_000;

/** Names that other entries on the box use. */
export interface TakenNames {
  readonly aliases: ReadonlySet<string>;
  readonly trackers: ReadonlySet<number>;
  readonly uniqids: ReadonlySet<string>;
}

/**
 * Creates the names of one owner's entries. The same intent gets the same names, whatever else is on the box, unless a
 * name is taken.
 */
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

  /**
   * Returns a name of letters, digits and `_`, at most 31: `ce_web_team_mail_hosts`. Each alias has a tag of its own,
   * too.
   */
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

  /** Returns a tag that tells apart several rules of one name: `mail-1a2b`. */
  nameRule(name: string, key: string): { readonly tag: string; readonly tracker: number } {
    const maxLength = MAX_TAG_LENGTH - getOwnerTag(this.owner).length;
    const tag = takeFreeName((attempt) => cutName(toSlug(name), maxLength, '-', this.getKey(key, attempt)), this.rules);
    const tracker = takeFreeName((attempt) => MIN_TRACKER + (hash32(this.getKey(key, attempt)) >>> 2), this.trackers);
    return { tag, tracker };
  }

  /** Returns an id in the form of PHP's uniqid(). */
  createUniqid = (key: string): string =>
    takeFreeName((attempt) => hash52(this.getKey(key, attempt)).toString(16).padStart(13, '0'), this.uniqids);

  private getKey = (purpose: string, attempt: number): string =>
    `${this.owner}/${purpose}${attempt === 0 ? '' : `#${attempt}`}`;
}

/** Returns the name as one word of a description. */
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
