import { printOwnerLocation, listOwnerLocations } from '../owner-locations';
import { Plan } from '../plan';
import { Remark } from '../review';

/** Rooms of codes that speak of what is let through, not of how it is translated. */
const ALLOW_RULE_AREAS = ['rules', 'ports', 'access'];

interface RemarkLines {
  written?: string;
  /** Of the mapping by which it is reached, or the profile that it opens. */
  reached?: string;
}

/** Where the wish that a remark is about was written, by the remark's place: the part that it names, else its owner. */
export class SourceLineIndex {
  private readonly lines = new Map<string, string>();
  /** What a mapping opens by its profile, and whether the mapping itself is new or another one. */
  private readonly allowRuleLines = new Map<string, { readonly line: string; readonly isOfMapping: boolean }>();

  constructor(plans: readonly Plan[]) {
    for (const owner of plans.flatMap(({ owners }) => owners)) {
      const { device, places: sourceLines } = owner;
      if (sourceLines === undefined) continue;
      const deviceLine = sourceLines.get(`device ${device}`);
      if (deviceLine !== undefined) for (const key of listOwnerLocations(owner)) this.lines.set(key, deviceLine);
      // Of several mappings the first one stands for all.
      for (const [part, line] of sourceLines) {
        const keys = [part, part.replace(/^(mapping|virtual IP) /, '$1s ')].map(
          (key) => `${printOwnerLocation(owner)}, ${key}`,
        );
        const allowRuleLine = sourceLines.get(`openings of ${part}`);
        const isOfMapping = owner.before.length === 0 || owner.changedTriggers.includes(part);
        for (const key of keys) {
          this.lines.set(key, line);
          if (allowRuleLine !== undefined) this.allowRuleLines.set(key, { line: allowRuleLine, isOfMapping });
        }
      }
    }
  }

  addSourceLines<T extends Remark>(remark: T): T & RemarkLines {
    // Of devices that are judged together the first stands for all.
    for (
      let [where] = remark.where.split(' with ');
      where;
      where = where.slice(0, Math.max(0, where.lastIndexOf(', ')))
    ) {
      const line = this.lines.get(where);
      const allowRuleLine = ALLOW_RULE_AREAS.includes(remark.code.split('/')[0]!)
        ? this.allowRuleLines.get(where)
        : undefined;
      if (line === undefined) continue;
      if (allowRuleLine === undefined || allowRuleLine.line === line) return { ...remark, written: line };
      const [written, reached] = allowRuleLine.isOfMapping ? [line, allowRuleLine.line] : [allowRuleLine.line, line];
      return { ...remark, written, reached };
    }
    return remark;
  }
}
