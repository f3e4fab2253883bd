import { hash32, hash52 } from '../../../generate/hash';

/** Begins the description of every entry of an owner. */
export const tagOf = (owner: string): string => `cpanel-edge:${owner}/`;

/** Of a rule's description the box keeps 63 bytes with its own words; the tag must be whole. */
const MOST_OF_TAG = 50;
const MOST_OF_ALIAS = 31;
const LEAST_TRACKER = 3_000_000_000;

/** What others on the box are called. */
export interface Taken {
  readonly aliases: ReadonlySet<string>;
  readonly trackers: ReadonlySet<number>;
  readonly uniqids: ReadonlySet<string>;
}

/** Names of one owner's entries: the same for the same wish, whatever stands around it, but where two would be one. */
export class Names {
  private readonly aliases: Set<string>;
  private readonly trackers: Set<number>;
  private readonly uniqids: Set<string>;
  private readonly rules = new Set<string>();

  constructor(
    private readonly owner: string,
    taken: Taken,
  ) {
    this.aliases = new Set(taken.aliases);
    this.trackers = new Set(taken.trackers);
    this.uniqids = new Set(taken.uniqids);
  }

  descr = (what: string, words = ''): string => `${tagOf(this.owner)}${slug(what)}${words === '' ? '' : ` ${words}`}`;

  /** Letters, digits and `_`, at most 31: `ce_web_team_mail_hosts`. Each has a tag of its own, too. */
  alias(what: string): { readonly name: string; readonly tag: string } {
    const whole = `ce_${this.owner}_${what}`.replaceAll(/[^A-Za-z0-9]/g, '_');
    let attempt = -1;
    const name = free((next) => {
      attempt = next;
      return next === 0 && whole.length <= MOST_OF_ALIAS ? whole : cut(whole, MOST_OF_ALIAS, '_', this.key(what, next));
    }, this.aliases);
    return { name, tag: attempt === 0 ? what : `${what}-${attempt + 1}` };
  }

  /** Where several of one name need telling apart, as rules do: `mail-1a2b`. */
  rule(name: string, key: string): { readonly tag: string; readonly tracker: number } {
    const room = MOST_OF_TAG - tagOf(this.owner).length;
    const tag = free((attempt) => cut(slug(name), room, '-', this.key(key, attempt)), this.rules);
    const tracker = free((attempt) => LEAST_TRACKER + (hash32(this.key(key, attempt)) >>> 2), this.trackers);
    return { tag, tracker };
  }

  /** As PHP's uniqid() gives them. */
  uniqid = (key: string): string =>
    free((attempt) => hash52(this.key(key, attempt)).toString(16).padStart(13, '0'), this.uniqids);

  private key = (what: string, attempt: number): string => `${this.owner}/${what}${attempt === 0 ? '' : `#${attempt}`}`;
}

/** As one word of a description. */
export const slug = (name: string): string => name.replaceAll(/[^A-Za-z0-9._-]/g, '_');

const cut = (name: string, room: number, joint: string, key: string): string =>
  `${name.slice(0, room - 5)}${joint}${(hash32(key) >>> 16).toString(16).padStart(4, '0')}`;

function free<T>(candidate: (attempt: number) => T, taken: Set<T>): T {
  for (let attempt = 0; ; attempt++) {
    const one = candidate(attempt);
    if (taken.has(one)) continue;
    taken.add(one);
    return one;
  }
}
