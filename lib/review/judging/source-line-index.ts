// Adds to remarks of a review the line of the user's source file that defines the subject: a mapping, virtual IP,
// profile or device.

import { printOwnerLocation, listOwnerLocations } from '../owner-locations';
import { Plan } from '../plan';
import { Remark } from '../review';

/** Areas of codes that are about allow rules, not about translations. */
const ALLOW_RULE_AREAS = ['rules', 'ports', 'access'];

interface RemarkLines {
  sourceLine?: string;
  /** The line of the mapping that reaches it, or of the profile that the mapping opens. */
  relatedSourceLine?: string;
}

/**
 * The source lines of what remarks are about, by the remark's place: the line of the part that it names, else of its
 * owner.
 */
export class SourceLineIndex {
  private readonly lines = new Map<string, string>();
  /** The line of a mapping's allow rules, and whether the mapping itself is new or changed. */
  private readonly allowRuleLines = new Map<string, { readonly line: string; readonly isOfMapping: boolean }>();

  constructor(plans: readonly Plan[]) {
    for (const owner of plans.flatMap(({ owners }) => owners)) {
      const { device, sourceLines } = owner;
      if (sourceLines === undefined) continue;
      const deviceLine = sourceLines.get(`device ${device}`);
      if (deviceLine !== undefined) for (const key of listOwnerLocations(owner)) this.lines.set(key, deviceLine);
      // The first of several mappings stands for all.
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
    // The first of the devices that are judged together stands for all.
    for (
      let [location] = remark.where.split(' with ');
      location;
      location = location.slice(0, Math.max(0, location.lastIndexOf(', ')))
    ) {
      const line = this.lines.get(location);
      const allowRuleLine = ALLOW_RULE_AREAS.includes(remark.code.split('/')[0]!)
        ? this.allowRuleLines.get(location)
        : undefined;
      if (line === undefined) continue;
      if (allowRuleLine === undefined || allowRuleLine.line === line) return { ...remark, sourceLine: line };
      const [sourceLine, relatedSourceLine] = allowRuleLine.isOfMapping
        ? [line, allowRuleLine.line]
        : [allowRuleLine.line, line];
      return { ...remark, sourceLine, relatedSourceLine };
    }
    return remark;
  }
}
