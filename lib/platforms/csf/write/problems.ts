import { printPrefix, Prefix } from '../../../net/address';
import { Opening, Openings } from '../../../policy/policy';
import { Problem } from '../../../problems/problem';
import { unsayable } from '../../../writing/netfilter/grants';

// What is csf's own: the rest is `writing/refuse`.

export const otherProtocols = (openings: string, entries: readonly Pick<Opening, 'protocol' | 'ports'>[]): readonly Problem[] =>
  unsayable(entries).map((protocol) => ({
    code: 'csf/protocol',
    where: `openings ${openings}`,
    what: `A line of csf is for TCP, UDP or ICMP: of protocol ${protocol} it can say nothing.`,
    instead:
      'no opening for it, and a line of its own for the peer in csf.allow, which opens everything to that peer; or another platform.',
  }));

/** csf asks lines of csf.deny before it asks for sessions: one for ports that the kernel gives out drops answers to the server, too. */
export const blockedOfMany = ({ name }: Openings, from: number): Problem => ({
  code: 'csf/blocked',
  where: `openings ${name}`,
  what: `Somebody is blocked from ports from ${from} on that are open to everybody else: csf says that by lines of csf.deny, and they would drop the answers to what the server opens from such ports itself.`,
  instead: `these ports for listed sources that leave them out (or passive FTP below ${from}); or no "blocked".`,
});

export const tooManyLines = (device: string, count: number, most: number): Problem => ({
  code: 'csf/too-many-lines',
  where: `device ${device}`,
  what: `It takes ${count} lines of csf.allow and csf.deny, and csf loads each as a rule of its own: at most ${most}.`,
  instead: 'fewer and wider networks.',
});

export const noAddress = (device: string, peer: Prefix): Problem => ({
  code: 'csf/address',
  where: `device ${device}`,
  what: `csf passes over lines with ${printPrefix(peer)}, which it takes for its own.`,
  instead: 'networks that leave it out, or a wider one.',
});
