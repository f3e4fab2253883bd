import { printPrefix, Prefix } from '../../../net/address';
import { AllowRules } from '../../../policy/policy';
import { Problem } from '../../../problems/problem';

// Problems of csf alone; `lib/generate/policy-problems.ts` has those of every platform.

/**
 * csf evaluates lines of csf.deny before it accepts sessions. A line for ports that the kernel assigns also drops
 * answers to the server.
 */
export const createBlockedOfMany = ({ name }: AllowRules, from: number): Problem => ({
  code: 'csf/blocked',
  where: `openings ${name}`,
  what: `Somebody is blocked from ports from ${from} on that are open to everybody else: csf says that by lines of csf.deny, and they would drop the answers to what the server opens from such ports itself.`,
  instead: `these ports for listed sources that leave them out (or passive FTP below ${from}); or no "blocked".`,
});

export const createNoAddress = (device: string, peer: Prefix): Problem => ({
  code: 'csf/address',
  where: `device ${device}`,
  what: `csf passes over lines with ${printPrefix(peer)}, which it takes for its own.`,
  instead: 'networks that leave it out, or a wider one.',
});
