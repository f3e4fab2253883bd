import { InLine, Refuse, Saying, inTextOf, refusing, shown } from '../../problems/in-text';

/** How the reader of what iptables-save prints says what is wrong with it. */
export interface SayingOfTables extends Saying {
  readonly problem: InLine;
}

/** Of the reader whose codes begin with `reader`. */
export function sayingOfTables(reader: string, whole: string): SayingOfTables {
  const problem = inTextOf(reader);
  const refuse: Refuse = refusing(problem);
  const unexpected: Saying['unexpected'] = (line, got, wanted) =>
    refuse(
      'unexpected-text',
      line,
      got === '' ? `${wanted} is missing.` : `${shown(got)} stands where ${wanted} has to.`,
      whole,
    );
  return { problem, refuse, unexpected, whole };
}
