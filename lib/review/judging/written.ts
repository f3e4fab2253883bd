import { ownerPlace, ownerPlaces } from '../owner-places';
import { Plan } from '../plan';
import { Remark } from '../review';

/** Where the wish that a remark is about was written, by the remark's place: the part that it names, else its owner. */
export class Written {
  private readonly lines = new Map<string, string>();

  constructor(plans: readonly Plan[]) {
    for (const owner of plans.flatMap(({ owners }) => owners)) {
      const { device, places } = owner;
      if (places === undefined) continue;
      const own = places.get(`device ${device}`);
      if (own !== undefined) for (const key of ownerPlaces(owner)) this.lines.set(key, own);
      // Of several mappings the first one stands for all.
      for (const [part, line] of places)
        for (const key of [part, part.replace(/^(mapping|virtual IP) /, '$1s ')]) this.lines.set(`${ownerPlace(owner)}, ${key}`, line);
    }
  }

  at<T extends Remark>(remark: T): T & { written?: string } {
    // Of devices that are judged together the first stands for all.
    for (let [where] = remark.where.split(' with '); where; where = where.slice(0, Math.max(0, where.lastIndexOf(', ')))) {
      const line = this.lines.get(where);
      if (line !== undefined) return { ...remark, written: line };
    }
    return remark;
  }
}
