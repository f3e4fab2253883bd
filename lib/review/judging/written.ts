import { ownerPlace, ownerPlaces } from '../owner-places';
import { Plan } from '../plan';
import { Remark } from '../review';

/** Rooms of codes that speak of what is let through, not of how it is translated. */
const OF_OPENINGS = ['rules', 'ports', 'access'];

interface Lines {
  written?: string;
  /** Of the mapping by which it is reached, or the profile that it opens. */
  reached?: string;
}

/** Where the wish that a remark is about was written, by the remark's place: the part that it names, else its owner. */
export class Written {
  private readonly lines = new Map<string, string>();
  /** What a mapping opens by its profile, and whether the mapping itself is new or another one. */
  private readonly openings = new Map<string, { readonly line: string; readonly isOfMapping: boolean }>();

  constructor(plans: readonly Plan[]) {
    for (const owner of plans.flatMap(({ owners }) => owners)) {
      const { device, places } = owner;
      if (places === undefined) continue;
      const own = places.get(`device ${device}`);
      if (own !== undefined) for (const key of ownerPlaces(owner)) this.lines.set(key, own);
      // Of several mappings the first one stands for all.
      for (const [part, line] of places) {
        const keys = [part, part.replace(/^(mapping|virtual IP) /, '$1s ')].map(
          (key) => `${ownerPlace(owner)}, ${key}`,
        );
        const opening = places.get(`openings of ${part}`);
        const isOfMapping = owner.before.length === 0 || owner.changedTriggers.includes(part);
        for (const key of keys) {
          this.lines.set(key, line);
          if (opening !== undefined) this.openings.set(key, { line: opening, isOfMapping });
        }
      }
    }
  }

  at<T extends Remark>(remark: T): T & Lines {
    // Of devices that are judged together the first stands for all.
    for (
      let [where] = remark.where.split(' with ');
      where;
      where = where.slice(0, Math.max(0, where.lastIndexOf(', ')))
    ) {
      const line = this.lines.get(where);
      const opening = OF_OPENINGS.includes(remark.code.split('/')[0]!) ? this.openings.get(where) : undefined;
      if (line === undefined) continue;
      if (opening === undefined || opening.line === line) return { ...remark, written: line };
      const [written, reached] = opening.isOfMapping ? [line, opening.line] : [opening.line, line];
      return { ...remark, written, reached };
    }
    return remark;
  }
}
