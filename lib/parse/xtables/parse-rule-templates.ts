// Parses tables of rule templates, each `SETTING CONDITIONS: CHAIN RULE`: the iptables rules that csf and APF load by
// their settings alone, whatever their allow and deny lists have.

/** A rule that a program creates independently of its lists. */
interface RuleTemplate {
  /** The setting by which a person changes it. */
  readonly setting: string;
  /** The conditions that have to hold, in the program's words. */
  readonly when: readonly string[];
  /** `INPUT`, `nat OUTPUT`. */
  readonly chain: string;
  readonly words: string;
}

/**
 * Parses lines of `SETTING CONDITIONS: CHAIN RULE`, in the order in which they are evaluated. `{INPUT,OUTPUT} {-i,-o}
 * lo` makes one line with all the first alternatives, and one with all the second.
 */
export const parseRuleTemplates = (text: string): readonly RuleTemplate[] =>
  text
    .trim()
    .split('\n')
    .flatMap(expandAlternatives)
    .map((line) => {
      const [, setting = '', conditions = '', chain = '', words = ''] =
        /^(\S+?)((?: \S+?)*): ((?:nat |raw )?\S+) (.*)$/.exec(line)!;
      return { setting, when: conditions.split(' ').filter((word) => word !== ''), chain, words };
    });

function expandAlternatives(line: string): readonly string[] {
  const alternativesPattern = /\{([^}]*,[^}]*)\}/g;
  const firstAlternatives = alternativesPattern.exec(line)?.[1]!.split(',') ?? [''];
  return firstAlternatives.map((_, at) =>
    line.replace(alternativesPattern, (_whole, list: string) => list.split(',')[at] ?? ''),
  );
}
