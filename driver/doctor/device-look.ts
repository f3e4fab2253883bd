// Asks a device for what `doctor` needs (the agent's `look`, `read` and `status`), and parses the answer.

import { Refusal } from '../../lib/problems/problem';
import { AgentAnswer } from '../agent-answer';
import { DeviceContext } from '../device-context';
import { LoopbackResult, parseLoopback } from '../cpanel-loopback';
import { expectOk } from '../answer-problems';
import { DeviceStatus, askStatus } from '../device-status';
import { Remote } from '../ssh';

/** The request for `look` of the agent. */
export interface LookRequest {
  readonly public: string;
  readonly inside: string;
  readonly source: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  /** Interface by which the packet comes. */
  readonly arrives?: string;
  /** Interface on whose wire the public address is. */
  readonly wire?: string;
  /** Ports by which a server with cPanel connects to itself, separated by commas. */
  readonly loopback?: string;
}

/** The agent's answer: lines by section. */
export interface LookAnswer {
  /** `forwarding wan0` to `1`. */
  readonly settings: ReadonlyMap<string, string>;
  /** Another holder of the public address: `free`, `taken MAC`, `unknown`; empty if it wasn't asked. */
  readonly wire: string;
  /** The kernel's routes: to the inside address, for the packet as it comes, back to the client. */
  readonly inside: string;
  readonly through: string;
  readonly back: string;
  /** Route of packets from the server to the client; empty if it wasn't asked. */
  readonly returns: string;
  readonly neighbour: readonly string[];
  /** Entries of conntrack; undefined if the device has no such tool. */
  readonly sessions?: readonly string[];
  /** Sockets on the port; undefined if the device has no such tool. */
  readonly listening?: readonly string[];
  /** Whether a server with cPanel comes back to itself by its public addresses. */
  readonly loopback?: LoopbackResult;
}

/** All answers of a device. `lookAnswer` is undefined if its agent is too old (before protocol 5). */
export interface DeviceAnswers {
  readonly deviceStatus: DeviceStatus;
  readonly lookAnswer?: LookAnswer;
}

/**
 * Asks a device. Many addresses may lead by one device: `askDeviceStatus` then asks it only once for its status.
 *
 * @throws Refusal if it can't be asked.
 */
export async function askDeviceOnce(
  remote: Remote,
  request: LookRequest,
  context: DeviceContext,
  askDeviceStatus: typeof askStatus = askStatus,
): Promise<DeviceAnswers> {
  const status = await askDeviceStatus(remote, context);
  const input = Object.entries(request)
    .map(([name, value]) => `${name} ${String(value)}\n`)
    .join('');
  const answer = await remote.run(['look'], { input, seconds: 60 });
  if (answer.result?.is === 'refused' && answer.result.word === 'unknown-command') return { deviceStatus: status };
  // An account of an earlier version may run the other commands by sudo, but not this one.
  if (!answer.result && /sudo:/i.test(answer.errorLines.join(' '))) return { deviceStatus: status };
  expectOk(context, answer, ['look']);
  return { deviceStatus: status, lookAnswer: parseLookAnswer(answer) };
}

export function parseLookAnswer({ sections }: Pick<AgentAnswer, 'sections'>): LookAnswer {
  const getLines = (name: string): readonly string[] =>
    (sections.get(name) ?? []).slice(0, 1000).map((line) => line.trim());
  const getToolLines = (name: string): readonly string[] | undefined =>
    getLines(name)[0] === 'unknown' ? undefined : getLines(name);
  const [sessions, listening] = [getToolLines('sessions'), getToolLines('listening')];
  return {
    settings: new Map(
      getLines('settings').flatMap((line): readonly (readonly [string, string])[] => {
        const [, name, value] = /^(\S+ \S+) (\S+)$/.exec(line) ?? [];
        return name === undefined ? [] : [[name, value!]];
      }),
    ),
    wire: getLines('wire')[0] ?? '',
    inside: getLines('inside').join(' '),
    through: getLines('through').join(' '),
    back: getLines('back').join(' '),
    returns: getLines('returns').join(' '),
    neighbour: getLines('neighbour'),
    ...(sessions ? { sessions } : {}),
    ...(listening ? { listening } : {}),
    loopback: parseLoopback(sections.get('loopback')),
  };
}

/** The device's answers, or why it couldn't be asked. */
export type AskedDevice = DeviceAnswers | { readonly refusal: Refusal };
export const isAsked = (device: AskedDevice | undefined): device is DeviceAnswers =>
  device !== undefined && 'deviceStatus' in device;
