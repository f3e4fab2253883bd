import { Command, Line, Manners, line } from '../../../lib/delivering/dialogue';

const taken = (typed: Line): Command => ({ line: typed });

export const manners: Manners = {
  prompts: { exec: /^[a-z0-9-]{1,32}# $/, config: /^[a-z0-9-]{1,32}\(config\)# $/ },
  remark: '!',
  enter: '\r',
  pager: { marker: /^--More-- $/, key: ' ' },
  errors: [/^% /],
  longestLine: 400,
  quietSeconds: 3,
  leaving: 'exit\rexit\r',
  opening: [taken(line`terminal width 0`), taken(line`terminal length 0`)],
};

const LINE = /^(filter|annotation) .*$/;
export const version: Command = { line: line`show version`, reply: /^Toy router, version \S+$/, no: /^% Unknown command/ };
export const configuration: Command = { line: line`show configuration`, reply: LINE };
export const startup: Command = { line: line`show startup`, reply: LINE };
export const candidate: Command = {
  line: line`show candidate`,
  reply: /^(no changes|changed by \S+, idle \d+ seconds|(filter|annotation) .*)$/,
};
export const trial: Command = { line: line`show trial`, reply: /^(no trial|reverts in \d+ seconds: [0-9a-f]+)$/ };
export const interfaces: Command = { line: line`show interfaces`, reply: /^\S+ (up|down) \S+$/ };

/** The lock goes with the session. */
export const configure: Command = { line: line`configure exclusive`, no: /^% Locked by \S+$/, to: ['exec', 'config'] };
export const discard = taken(line`discard`);
export const syntax: Command = { line: line`commit check`, no: /^% Not understood: / };

const COMMIT = [{ asks: /^Commit these changes\? \[y\/N\] $/, answer: 'y\r' }];
export const commit: Command = { line: line`commit`, questions: COMMIT, reply: /^Commit complete$/, no: /^% Not committed$/ };
export const commitOnTrial = (seconds: number, token: string): Command => ({
  line: line`commit confirmed ${seconds} comment ${token}`,
  questions: COMMIT,
  reply: /^Commit complete, on trial$/,
  no: /^% Not committed$/,
});
/** Neither needs the lock: nobody who configures may keep a trial from its end. */
export const confirm: Command = { line: line`commit confirm`, reply: /^Confirmed$/, no: /^% Nothing to confirm$/ };
export const undo: Command = { line: line`commit undo`, reply: /^Undone$/, no: /^% Nothing to undo$/ };
