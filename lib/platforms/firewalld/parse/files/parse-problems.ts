// Creates the problems of firewalld's files, and has the commands and paths of their advice.

import { LineProblemFactory, createLineProblems, quoteForDisplay } from '../../../../problems/line-problems';
import { Problem } from '../../../../problems/problem';

export const createProblem: LineProblemFactory = createLineProblems('firewalld');

/** The advice if files aren't enough: the running rules. */
export const RUNNING_HINT = 'what runs there: `nft list ruleset`.';
/** The file of firewalld's Python code that holds the version. */
export const PROGRAM_PATH = '/usr/lib/python3*/*-packages/firewall/config/__init__.py';
export const VERSION_HINT = `${PROGRAM_PATH} beside the other files, which says which firewalld it is; or ${RUNNING_HINT}`;
/** The settings come first, because such a text is recognised by them. */
export const PRINT_COMMAND = `find -L /etc/firewalld/firewalld.conf /etc/firewalld /usr/lib/firewalld ${PROGRAM_PATH} -type f -exec tail -v -n +1 {} +`;
export const FILES_HINT = `\`${PRINT_COMMAND}\`, or a tar of these.`;

/**
 * Source: firewalld 1.1.1 and 1.3.3, started with such files. A reload keeps the running rules or leaves none:
 * docs/how-to/platforms/firewalld.md.
 */
export const createBrokenProblem = (line: number, fault: string): Problem =>
  createProblem(
    'broken',
    line,
    `${fault} firewalld would start without any file of yours: SSH open on every interface; before 1.2 without that one alone, or with nothing closed.`,
    `files that are whole and that a test start takes: ${FILES_HINT}`,
  );

export const createUnexpectedProblem = (line: number, text: string): Problem =>
  createProblem(
    'unexpected-text',
    line,
    `${quoteForDisplay(text)} is not read here: whether firewalld takes it, and as what, is not known.`,
    RUNNING_HINT,
  );
