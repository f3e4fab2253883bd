import { createHash } from 'node:crypto';
import { Manners, Step, printed } from '../../../lib/delivering/dialogue';
import { stepOf } from '../../../lib/delivering/dialogue-steps';
import { Session } from '../../../lib/delivering/session';
import { CommandLine, Tampering } from './command-line';
import { dialogue } from './dialogue';
import { Router } from './router';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export interface Talk {
  readonly tampering?: Tampering;
  readonly banner?: string;
  /** How a piece of what the router writes is cut into the chunks in which it comes. */
  cut?(text: string): readonly string[];
}

/** A step in this process: what a device program would print, or '' where it waits for ever or was not understood. */
export function talk(router: Router, words: readonly string[], input = '', how: Talk = {}): string {
  const step = stepOf(dialogue, words, { input, sha256 });
  const told = 'result' in step ? step : spokenTo(router, step, dialogue.manners, how).told;
  return told ? printed(told) : '';
}

/** The session of a step, when it has ended or waits for ever. */
export function spokenTo(router: Router, step: Step, manners: Manners, how: Talk = {}): Session {
  const { tampering, banner, cut = (text) => [text] } = how;
  const session = new Session(step, manners, 'f00d', { most: 1 << 20, lines: 10_000, longestLine: 1 << 16 });
  const coming: string[] = [];
  const login = new CommandLine(router, 'edge', (text) => void coming.push(...cut(text)), tampering, banner);
  while (coming.length > 0) login.type(session.hear(coming.shift()!));
  login.ends();
  return session;
}
