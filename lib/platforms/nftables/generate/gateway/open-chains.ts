import { Openings } from '../../../../policy/policy';
import { openingClauses } from '../../../../generate/netfilter/clauses';
import { openingsKey } from '../../../../generate/openings';
import { commentText } from '../names';
import { Chain } from '../model';
import { rulesFor } from '../rules';
import { Sets } from '../sets';

/** One chain per list of openings; hosts of equal openings jump to the same one. What it doesn't accept returns. */
export class OpenChains {
  private readonly byKey = new Map<string, string | undefined>();
  private readonly made: Chain[] = [];

  constructor(private readonly sets: Sets) {}

  get all(): readonly Chain[] {
    return this.made;
  }

  /** Undefined if nothing at all is opened: then there is nothing to jump to. */
  of(openings: Openings): string | undefined {
    const key = openingsKey(openings);
    if (this.byKey.has(key)) return this.byKey.get(key);
    const rules = openingClauses(openings).flatMap((clause) => rulesFor(clause, 'in', ['ip'], this.sets));
    const opens = rules.some(({ verdict }) => verdict.is === 'accept');
    const name = opens ? `c_open_${this.made.length + 1}` : undefined;
    this.byKey.set(key, name);
    if (name !== undefined) this.made.push({ name, rules });
    return name;
  }
}

export const comment = (kind: string, name: string): string => `${kind} ${commentText(name)}`;
