// Creates the problems that gateways and servers share in an intent: platform, version, owner token, interfaces and
// their networks.

import { Problem } from '../../problems/problem';
import { findNearestWord } from '../../problems/find-nearest-word';
import { quoteText } from './field-problems';

export const describeUnknownPlatform = (
  where: string,
  text: string,
  role: string,
  platformIds: readonly string[],
): Problem => {
  const nearestId = findNearestWord(text, platformIds);
  // A name with another first letter means another program: OPNsense is no misspelt pfSense.
  const suggestedId = nearestId?.[0] === text[0]?.toLowerCase() ? nearestId : undefined;
  return {
    code: 'intent/unknown-platform',
    where,
    what: `There is no platform ${quoteText(text)} for a ${role}.`,
    instead:
      platformIds.length === 0
        ? `Nothing: no platform serves as ${role}.`
        : `${suggestedId === undefined ? '' : `"${suggestedId}", if that was meant. `}One of ${platformIds.join(', ')}.`,
  };
};

/** The tested versions, and the text of what is expected. */
interface VersionAdvice {
  readonly triedVersions: readonly string[];
  readonly requirement: string;
}

const describeExpectedVersion = ({ triedVersions: testedVersions, requirement: expected }: VersionAdvice): string =>
  `T${expected.slice(1)}${testedVersions.length > 0 ? `. Tried: ${testedVersions.join('; ')}` : ''}`;

export const describeBadVersion = (where: string, text: string, versions: VersionAdvice): Problem => {
  // Programs print words around it: nftables v1.0.6 (Lester Gooch #5).
  const [versionInText] = /\d+(?:\.\d+)+/.exec(text) ?? [];
  return {
    code: 'intent/bad-version',
    where,
    what: `${quoteText(text)} is not a version: two numbers or more with dots between them, and a suffix at most.`,
    instead: `${versionInText === undefined ? describeExpectedVersion(versions) : quoteText(versionInText)}.`,
  };
};

export const describeNewVersion = (where: string, text: string, newest: string, versions: VersionAdvice): Problem => ({
  code: 'intent/bad-version',
  where,
  what: `${quoteText(text)} comes after ${newest}, the last series that is known: what a later one makes of this is not known.`,
  instead: `${describeExpectedVersion(versions)}; where that is so new, a device or a platform that was tried.`,
});

export const describeOldVersion = (where: string, text: string, oldest: string, versions: VersionAdvice): Problem => ({
  code: 'intent/bad-version',
  where,
  what: `${quoteText(text)} is older than ${oldest}, and what is written needs that at least.`,
  instead: `${describeExpectedVersion(versions)}; where that is so old, an update of the device first.`,
});

export const describeBadOwnerToken = (where: string): Problem => ({
  code: 'intent/bad-lease',
  where,
  what: 'This is not an owner token.',
  instead: 'The owner token as the refusal or "cpanel-edge verify" prints it: letters, numbers and "-".',
});

export const describeBadInterfaceName = (where: string, text: string): Problem => ({
  code: 'intent/bad-interface-name',
  where,
  what: `${quoteText(text)} is not the name of a network interface that traffic arrives by.`,
  instead: 'Its name on the device, such as eth0 or wan: letters, numbers and . _ / : -, at most 63 of them; not lo.',
});

export const describeNoOutsideInterface = (where: string): Problem => ({
  code: 'intent/no-outside-interface',
  where,
  what: 'No interface has the role "outside", so there is nothing to map on.',
  instead: "role: 'outside' for the interface that the internet arrives by.",
});

export const describeSameNetwork = (where: string, network: string, otherInterface: string): Problem => ({
  code: 'intent/same-network-twice',
  where,
  what: `${network} is the network of ${quoteText(otherInterface)} too, so it is not clear where its hosts are.`,
  instead: 'The network on one of the two.',
});

export const describePublicOnInner = (where: string, role: string): Problem => ({
  code: 'intent/public-prefix-not-outside',
  where,
  what: `Public prefixes arrive by outside interfaces, and this one has the role "${role}".`,
  instead: 'publicPrefixes on the outside interface; here routes, where the network is behind it.',
});

export const describeUnsetArrival = (where: string): Problem => ({
  code: 'intent/witness-interface-unset',
  where,
  what: 'There is more than one interface by which it could arrive.',
  instead: 'interface: the name of the interface.',
});

export const describeMixedFamilies = (where: string): Problem => ({
  code: 'intent/families-differ',
  where,
  what: 'One address is IPv4 and the other IPv6.',
  instead: 'Both of one family.',
});
