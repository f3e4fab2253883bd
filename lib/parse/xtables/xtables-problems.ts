// Creates the problems and refusals of parsers of iptables rules, with codes that begin with the platform's name.

import {
  LineProblemFactory,
  LineRefusal,
  ParserRefusals,
  createLineProblems,
  createLineRefusal,
  quoteForDisplay,
} from '../../problems/line-problems';

/** The problems and refusals of the parser of iptables-save's output. */
export interface XtablesProblems extends ParserRefusals {
  readonly problem: LineProblemFactory;
}

/** Creates the problems of the parser whose codes begin with `parser`. */
export function createXtablesProblems(parser: string, sourceHint: string): XtablesProblems {
  const problem = createLineProblems(parser);
  const refuse: LineRefusal = createLineRefusal(problem);
  const unexpected: ParserRefusals['unexpected'] = (line, got, expected) =>
    refuse(
      'unexpected-text',
      line,
      got === '' ? `${expected} is missing.` : `${quoteForDisplay(got)} stands where ${expected} has to.`,
      sourceHint,
    );
  return { problem, refuse, unexpected, whole: sourceHint };
}
