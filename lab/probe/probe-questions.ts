// The questions that the prober asks all the time: which ports must answer, which must stay silent, and from where.
// Also judges the answers, and prints a port that was open.

import type { Answer } from './listener';
import type { Opened } from './knock';
import { ADDRESS } from '../topology';

/** One question that is asked continuously. */
export interface Test {
  readonly name: string;
  /** Node of the lab that asks. */
  readonly from: string;
  readonly to: string;
  readonly port: number;
  /** One of the node's addresses; by default its routes choose it. */
  readonly source?: string;
  /** `either` is counted but has no right result. Its `good` are the answered ones. */
  readonly expect: 'answer' | 'silence' | 'either';
  readonly perSecond: number;
  /** The right answer; by default that of web1's listener. */
  readonly right?: Right;
}

/** `banner`: an sshd answers. Otherwise a listener of the lab, with the asker's address that it must see. */
type Right = 'banner' | { readonly name: string; readonly from?: string };

export interface ProbeWish {
  /** TCP ports of the public address that must answer at every moment. The hairpins and IPv6 take the first. */
  readonly allowed: readonly number[];
  /**
   * TCP ports that must be closed to all outside nodes, at the public address and at the server's own. IPv6 takes the
   * first.
   */
  readonly forbidden: readonly number[];
  /** TCP ports of the public address that are probed and counted without a right result: those that change. */
  readonly either: readonly number[];
  /** TCP ports of the public address, a long session on each. */
  readonly sessions: readonly number[];
  /** Tests in addition to the usual ones. */
  readonly tests: readonly Test[];
}

const A = ADDRESS;

/** Returns the tests. With the defaults they ask about 85 times a second in sum. */
export function testsOf({
  allowed = [443],
  forbidden = [3306],
  either = [],
  tests = [],
}: Partial<ProbeWish>): readonly Test[] {
  const answer = (name: string, from: string, to: string, port: number, perSecond: number): Test => {
    return { name, from, to, port, expect: 'answer', perSecond };
  };
  const silence = (name: string, to: string, port: number): Test => {
    return { name, from: 'internet', to, port, expect: 'silence', perSecond: 8 };
  };
  return [
    ...allowed.map((port) => answer('allowed', 'internet', A.publicWeb1, port, 15)),
    ...forbidden.flatMap((port) => [
      silence('forbidden', A.publicWeb1, port),
      // Past the mapping, as a host on the gateway's wire could try.
      silence('forbidden by the inside address', A.web1, port),
    ]),
    ...either.map((port): Test => ({ ...answer('either', 'internet', A.publicWeb1, port, 8), expect: 'either' })),
    // The server's sshd mustn't answer there, and neither may the gateway's own.
    silence('gateway by the VIP', A.publicWeb1, 22),
    ...allowed
      .slice(0, 1)
      .flatMap((port) => [
        answer('hairpin', 'neighbour', A.publicWeb1, port, 8),
        answer('hairpin of the server', 'web1', A.publicWeb1, port, 8),
        answer('IPv6 allowed', 'internet', A.web16, port, 8),
      ]),
    ...forbidden.slice(0, 1).map((port) => silence('IPv6 forbidden', A.web16, port)),
    { ...answer('outbound identity', 'web1', A.internet, 443, 8), right: { name: 'internet', from: A.publicWeb1 } },
    // An sshd forks for each: no more than a few.
    { ...answer('operator to edge1', 'operator', A.gatewayManagement, 22, 3), right: 'banner' },
    { ...answer('operator to web1', 'operator', A.web1Management, 22, 3), right: 'banner' },
    ...tests,
  ];
}

/** Returns whether the result of a knock is the right one. */
export function isRight(opened: Opened, right: Right = { name: 'web1' }): boolean {
  if (right === 'banner') return opened.is === 'connected' && opened.because.startsWith('SSH-');
  if (opened.is !== 'answer') return false;
  return opened.answer.name === right.name && (right.from === undefined || opened.answer.from === right.from);
}

export const isConnection = ({ is }: Opened): boolean => is === 'answer' || is === 'connected';

const who = ({ name, to, from }: Answer): string => `${name} as ${to}, asked by ${from}`;

export const printOpened = (opened: Opened): string =>
  opened.is === 'answer' ? who(opened.answer) : `${opened.is}: ${opened.because}`;
