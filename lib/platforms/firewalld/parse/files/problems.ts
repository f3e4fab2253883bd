import { InLine, inTextOf, shown } from '../../../../problems/in-text';
import { Problem } from '../../../../problems/problem';

export const problem: InLine = inTextOf('firewalld');

/** Where files don't say it, what runs does. */
export const RUNNING = 'what runs there: `nft list ruleset`.';
/** What tells the version: a file of the program's Python. */
export const PROGRAM = '/usr/lib/python3*/*-packages/firewall/config/__init__.py';
export const TELLS = `${PROGRAM} beside the other files, which says which firewalld it is; or ${RUNNING}`;
/** The settings first, by which such a text is known. */
export const PRINTED = `find -L /etc/firewalld/firewalld.conf /etc/firewalld /usr/lib/firewalld ${PROGRAM} -type f -exec tail -v -n +1 {} +`;
export const FILES = `\`${PRINTED}\`, or a tar of these.`;

/** Source: firewalld 1.1.1 and 1.3.3, seen at their start with such files. A reload keeps what runs, or leaves nothing: docs/firewalld.md. */
export const broken = (line: number, what: string): Problem =>
  problem(
    'broken',
    line,
    `${what} firewalld would start without any file of yours: SSH open on every interface; before 1.2 without that one alone, or with nothing closed.`,
    `files that are whole and that a test start takes: ${FILES}`,
  );

export const unexpected = (line: number, what: string): Problem =>
  problem(
    'unexpected-text',
    line,
    `${shown(what)} is not read here: whether firewalld takes it, and as what, is not known.`,
    RUNNING,
  );
