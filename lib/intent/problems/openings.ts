import { Problem } from '../../problems/problem';
import { quoted } from './shape';

export const unknownService = (where: string, wrote: string, near: readonly string[], example = 'https'): Problem => ({
  code: 'intent/unknown-service',
  where,
  what: `${quoted(wrote)} is not a service, a preset, or a port with its protocol.`,
  instead: `${near.length > 0 ? near.map((name) => `"${name}"`).join(' or ') : `A name such as "${example}"`}; or the port itself, such as "8443/tcp".`,
});

export const severalServices = (where: string, wrote: string): Problem => ({
  code: 'intent/unknown-service',
  where,
  what: `${quoted(wrote)} is several, and each is an entry of its own.`,
  instead: `${apart(wrote).map(quoted).join(', ')}.`,
});

/** `80,443/tcp`: a port without a protocol has that of the next one with it. */
function apart(wrote: string): readonly string[] {
  const parts = wrote.split(',').map((one) => one.trim());
  return parts.map((part, at) => {
    const protocol = /^\d+(-\d+)?$/.test(part)
      ? parts
          .slice(at)
          .find((one) => one.includes('/'))
          ?.split('/')[1]
      : undefined;
    return protocol === undefined ? part : `${part}/${protocol}`;
  });
}

export const withoutPorts = (where: string, wrote: string): Problem => ({
  code: 'intent/unknown-service',
  where,
  what: `${quoted(wrote)} has no ports, so it is no service.`,
  instead: /^(ping|icmp)/i.test(wrote)
    ? 'ping: "anywhere" of the profile, or a list of who may; elsewhere { protocol: "icmp", types: [8] }, of IPv6 { protocol: "icmpv6", types: [128] }.'
    : `{ protocol: "${wrote.toLowerCase()}" }, with its from.`,
});

export const protocolMissing = (where: string, wrote: string, instead: string): Problem => ({
  code: 'intent/protocol-missing',
  where,
  what: `${quoted(wrote)} has no protocol that has ports behind it.`,
  instead,
});

export const badPort = (where: string, wrote: string, one?: string): Problem => ({
  code: 'intent/bad-port',
  where,
  what: `${wrote} is not a port from 1 to 65535${one === undefined ? ' or a range of them' : ''}.`,
  instead: `${one ?? 'A number from 1 to 65535, or a range such as "49152-65534"'}.`,
});

/** `last`: of a range that begins with it. */
export const portZero = (where: string, wrote: string, last: number): Problem => ({
  code: 'intent/port-zero',
  where,
  what: `${wrote} contains port 0, which some devices read as "every port".`,
  instead: last > 0 ? `${last === 1 ? '' : '1-'}${last}.` : 'A port from 1 to 65535.',
});

export const reversedRange = (where: string, wrote: string, right: string): Problem => ({
  code: 'intent/reversed-range',
  where,
  what: `${quoted(wrote)} ends before it begins.`,
  instead: `"${right}".`,
});

export const localPort = (where: string, wrote: string, ports: readonly number[], rest: string): Problem => ({
  code: 'intent/local-port',
  where,
  what: `${wrote} contains ${ports.join(', ')}: cPHulk (579), SpamAssassin (783) and PowerDNS control (953) must stay local to the server.`,
  instead: rest === '' ? 'Nothing: leave it out.' : `${rest}.`,
});

export const portsMissing = (where: string, protocol: string): Problem => ({
  code: 'intent/ports-missing',
  where,
  what: `${protocol} has ports, and none are set.`,
  instead: 'ports: the ones to open; all of them are "1-65535".',
});

export const typesMissing = (where: string, protocol: string): Problem => ({
  code: 'intent/types-missing',
  where,
  what: `${protocol} has types, and none are set.`,
  instead: 'types: [8] for an IPv4 ping, [128] for an IPv6 one; or the field "ping" of a profile.',
});

export const withoutEffect = (where: string, field: string, thing: string): Problem => ({
  code: 'intent/field-without-effect',
  where,
  what: `"${field}" is set, and ${thing} has no use for it.`,
  instead: `The entry without "${field}".`,
});

export const sourcesUnset = (where: string, service: string, whom: 'profile' | 'mapping' | 'operators'): Problem => ({
  code: 'intent/sources-unset',
  where,
  what: `It is not said who may reach ${quoted(service)}.`,
  instead:
    whom === 'operators'
      ? "A \"from\" with the operators' networks; 'anywhere' opens SSH, and WHM where a preset has it, to everybody."
      : whom === 'profile'
        ? 'sources: \'anywhere\' or a list of prefixes on the profile, or a "from" on the service itself.'
        : "{ service: …, from: 'anywhere' }, or a list of prefixes in place of 'anywhere'.",
});

export const administratorsUnset = (where: string, service: string): Problem => ({
  code: 'intent/administrators-unset',
  where,
  what: `${quoted(service)} is for administrators or listed clients, so it does not take the sources of the other services.`,
  instead: `{ service: ${quoted(service)}, from: ['office'] } with the prefixes or source sets that may reach it; 'anywhere' opens it to everybody.`,
});

export const managementMissing = (where: string): Problem => ({
  code: 'intent/management-missing',
  where,
  what: 'The profile has no "management": nobody could get back in after it is loaded.',
  instead:
    "management: { from: ['198.51.100.0/24'], port: 22 } with the operators' networks and the port of SSH; 'anywhere' opens SSH, and WHM where a preset has it, to everybody. Defaults.on says it for many.",
});

export const otherFamily = (where: string, protocol: string, family: string): Problem => ({
  code: 'intent/sources-of-other-family',
  where,
  what: `${protocol} belongs to ${family}, and none of the sources does.`,
  instead: `Sources of ${family}, or the ICMP of the other family.`,
});

export const unknownVersion = (where: string, wrote: string, known: readonly string[]): Problem => ({
  code: 'intent/unknown-cpanel-version',
  where,
  what: `There is no port table for cPanel & WHM ${quoted(wrote)}.`,
  instead: `${known.map((one) => `"${one}"`).join(' or ')}.`,
});

export const twice = (where: string, wrote: string): Problem => ({
  code: 'intent/duplicate-opening',
  where,
  what: `${quoted(wrote)} is in the list twice.`,
  instead: 'It once.',
});

export const bothProfileAndOpen = (where: string, server: string): Problem => ({
  code: 'intent/open-beside-profile',
  where,
  what: `"open" is set, and ${server} has a profile, which says all that is open to it.`,
  instead: 'The same entries in "extra" of the profile.',
});
