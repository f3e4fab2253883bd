import { Command, Manners, Step, line } from '../../lib/delivering/dialogue';
import { Session } from '../../lib/delivering/session';
import { Tampering } from '../platforms/toy-router/command-line';
import { manners } from '../platforms/toy-router/manners';
import { Router } from '../platforms/toy-router/router';
import { Talk, spokenTo } from '../platforms/toy-router/talk';

// The machine of a session, asked with the toy router's command line in this process.

export const SHOW: Command = { line: line`show configuration`, reply: /^(filter|annotation) / };

/** Gives commands, and tells what came of each. */
export function* given(...commands: readonly Command[]): Step {
  const said: string[] = [];
  for (const command of commands) {
    const { lines, no, mode } = yield command;
    said.push(...lines, ...no.map((each) => `no: ${each}`), `in ${mode}`);
  }
  return { result: 'ok told', sections: { '': said } };
}

export const asked = (commands: readonly Command[], how: Talk = {}, by: Manners = manners, router = new Router()): Session =>
  spokenTo(router, given(...commands), by, how);
export const replies =
  (command: string, ...lines: readonly string[]): Tampering =>
  (typed) =>
    typed === command ? lines : undefined;
export const saidOf = ({ told, stopped }: Session): readonly string[] =>
  stopped === undefined ? [told?.result ?? 'waits', ...(told?.sections?.[''] ?? [])] : ['stopped', stopped];
