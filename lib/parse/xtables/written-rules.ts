/** A rule that a program makes whatever its lists say. */
interface WrittenRule {
  /** The setting by which a person changes it. */
  readonly setting: string;
  /** What has to hold, in words of the program. */
  readonly when: readonly string[];
  /** `INPUT`, `nat OUTPUT`. */
  readonly chain: string;
  readonly words: string;
}

/**
 * Lines of `SETTING CONDITIONS: CHAIN RULE`, in the order in which they are asked. `{INPUT,OUTPUT} {-i,-o} lo`: one line with all that is first,
 * and one with all that is second.
 */
export const writtenRules = (text: string): readonly WrittenRule[] =>
  text
    .trim()
    .split('\n')
    .flatMap(eachOf)
    .map((line) => {
      const [, setting = '', asked = '', chain = '', words = ''] =
        /^(\S+?)((?: \S+?)*): ((?:nat |raw )?\S+) (.*)$/.exec(line)!;
      return { setting, when: asked.split(' ').filter((word) => word !== ''), chain, words };
    });

function eachOf(line: string): readonly string[] {
  const several = /\{([^}]*,[^}]*)\}/g;
  const many = several.exec(line)?.[1]!.split(',') ?? [''];
  return many.map((_, at) => line.replace(several, (_whole, all: string) => all.split(',')[at] ?? ''));
}
