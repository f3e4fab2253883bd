import {
  LineProblemFactory,
  LineRefusal,
  ParserRefusals,
  createLineProblems,
  createLineRefusal,
  quoteForDisplay,
} from '../../problems/line-problems';

/** How the reader of what iptables-save prints says what is wrong with it. */
export interface XtablesProblems extends ParserRefusals {
  readonly problem: LineProblemFactory;
}

/** Of the reader whose codes begin with `reader`. */
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
