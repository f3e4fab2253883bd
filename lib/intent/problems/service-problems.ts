// Creates the problems of services in an intent: their names, ports, protocols, ICMP types and sources.

import { Problem } from '../../problems/problem';
import { quoteText } from './field-problems';

export const describeUnknownService = (
  where: string,
  text: string,
  suggestions: readonly string[],
  example = 'https',
): Problem => ({
  code: 'intent/unknown-service',
  where,
  what: `${quoteText(text)} is not a service, a preset, or a port with its protocol.`,
  instead: `${suggestions.length > 0 ? suggestions.map((name) => `"${name}"`).join(' or ') : `A name such as "${example}"`}; or the port itself, such as "8443/tcp".`,
});

export const describeSeveralServices = (where: string, text: string): Problem => ({
  code: 'intent/unknown-service',
  where,
  what: `${quoteText(text)} is several, and each is an entry of its own.`,
  instead: `${splitServices(text).map(quoteText).join(', ')}.`,
});

/** Splits `80,443/tcp` into services. A port without a protocol gets the protocol of the next port that has one. */
function splitServices(text: string): readonly string[] {
  const entries = text.split(',').map((nextEntry) => nextEntry.trim());
  return entries.map((entry, index) => {
    const protocol = /^\d+(-\d+)?$/.test(entry)
      ? entries
          .slice(index)
          .find((nextEntry) => nextEntry.includes('/'))
          ?.split('/')[1]
      : undefined;
    return protocol === undefined ? entry : `${entry}/${protocol}`;
  });
}

export const describeServiceWithoutPorts = (where: string, text: string): Problem => ({
  code: 'intent/unknown-service',
  where,
  what: `${quoteText(text)} has no ports, so it is no service.`,
  instead: /^(ping|icmp)/i.test(text)
    ? 'ping: "anywhere" of the profile, or a list of who may; elsewhere { protocol: "icmp", types: [8] }, of IPv6 { protocol: "icmpv6", types: [128] }.'
    : `{ protocol: "${text.toLowerCase()}" }, with its from.`,
});

export const describeMissingProtocol = (where: string, text: string, instead: string): Problem => ({
  code: 'intent/protocol-missing',
  where,
  what: `${quoteText(text)} has no protocol that has ports behind it.`,
  instead,
});

export const describeBadPort = (where: string, text: string, expectedPort?: string): Problem => ({
  code: 'intent/bad-port',
  where,
  what: `${text} is not a port from 1 to 65535${expectedPort === undefined ? ' or a range of them' : ''}.`,
  instead: `${expectedPort ?? 'A number from 1 to 65535, or a range such as "49152-65534"'}.`,
});

/** `last`: the last port of the range that begins with port 0. */
export const describePortZero = (where: string, text: string, last: number): Problem => ({
  code: 'intent/port-zero',
  where,
  what: `${text} contains port 0, which some devices read as "every port".`,
  instead: last > 0 ? `${last === 1 ? '' : '1-'}${last}.` : 'A port from 1 to 65535.',
});

export const describeReversedRange = (where: string, text: string, correctedRange: string): Problem => ({
  code: 'intent/reversed-range',
  where,
  what: `${quoteText(text)} ends before it begins.`,
  instead: `"${correctedRange}".`,
});

export const describeLocalPort = (
  where: string,
  text: string,
  ports: readonly number[],
  remainingPorts: string,
): Problem => ({
  code: 'intent/local-port',
  where,
  what: `${text} contains ${ports.join(', ')}: cPHulk (579), SpamAssassin (783) and PowerDNS control (953) must stay local to the server.`,
  instead: remainingPorts === '' ? 'Nothing: leave it out.' : `${remainingPorts}.`,
});

export const describeMissingPorts = (where: string, protocol: string): Problem => ({
  code: 'intent/ports-missing',
  where,
  what: `${protocol} has ports, and none are set.`,
  instead: 'ports: the ones to open; all of them are "1-65535".',
});

export const describeMissingTypes = (where: string, protocol: string): Problem => ({
  code: 'intent/types-missing',
  where,
  what: `${protocol} has types, and none are set.`,
  instead: 'types: [8] for an IPv4 ping, [128] for an IPv6 one; or the field "ping" of a profile.',
});

export const describeFieldWithoutEffect = (where: string, field: string, thing: string): Problem => ({
  code: 'intent/field-without-effect',
  where,
  what: `"${field}" is set, and ${thing} has no use for it.`,
  instead: `The entry without "${field}".`,
});

export const describeUnsetSources = (
  where: string,
  service: string,
  audience: 'profile' | 'mapping' | 'operators',
): Problem => ({
  code: 'intent/sources-unset',
  where,
  what: `It is not said who may reach ${quoteText(service)}.`,
  instead:
    audience === 'operators'
      ? "A \"from\" with the operators' networks; 'anywhere' opens SSH, and WHM where a preset has it, to any source."
      : audience === 'profile'
        ? 'sources: \'anywhere\' or a list of prefixes on the profile, or a "from" on the service itself.'
        : "{ service: …, from: 'anywhere' }, or a list of prefixes in place of 'anywhere'.",
});

export const describeUnsetAdministrators = (where: string, service: string): Problem => ({
  code: 'intent/administrators-unset',
  where,
  what: `${quoteText(service)} is for administrators or listed clients, so it does not take the sources of the other services.`,
  instead: `{ service: ${quoteText(service)}, from: ['office'] } with the prefixes or source sets that may reach it; 'anywhere' opens it to any source.`,
});

export const describeMissingManagement = (where: string): Problem => ({
  code: 'intent/management-missing',
  where,
  what: 'The profile has no "management": no administrator could get back in after it is loaded.',
  instead:
    "management: { from: ['198.51.100.0/24'], port: 22 } with the operators' networks and the port of SSH; 'anywhere' opens SSH, and WHM where a preset has it, to any source. Defaults.on says it for many.",
});

export const describeOtherFamily = (where: string, protocol: string, family: string): Problem => ({
  code: 'intent/sources-of-other-family',
  where,
  what: `${protocol} belongs to ${family}, and none of the sources does.`,
  instead: `Sources of ${family}, or the ICMP of the other family.`,
});

export const describeUnknownCpanelVersion = (where: string, text: string, versions: readonly string[]): Problem => ({
  code: 'intent/unknown-cpanel-version',
  where,
  what: `There is no port table for cPanel & WHM ${quoteText(text)}.`,
  instead: `${versions.map((version) => `"${version}"`).join(' or ')}.`,
});

export const describeDuplicateService = (where: string, text: string): Problem => ({
  code: 'intent/duplicate-opening',
  where,
  what: `${quoteText(text)} is in the list twice.`,
  instead: 'It once.',
});

export const describeOpenBesideProfile = (where: string, server: string): Problem => ({
  code: 'intent/open-beside-profile',
  where,
  what: `"open" is set, and ${server} has a profile, which says all that is open to it.`,
  instead: 'The same entries in "extra" of the profile.',
});
