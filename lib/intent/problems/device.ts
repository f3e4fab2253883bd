import { Problem } from '../../problems/problem';
import { nearest } from '../../problems/nearest';
import { quoted } from './shape';

export const unknownPlatform = (where: string, wrote: string, role: string, known: readonly string[]): Problem => {
  const found = nearest(wrote, known);
  // Who begins it otherwise means another program: OPNsense is no misspelt pfSense.
  const near = found?.[0] === wrote[0]?.toLowerCase() ? found : undefined;
  return {
    code: 'intent/unknown-platform',
    where,
    what: `There is no platform ${quoted(wrote)} for a ${role}.`,
    instead:
      known.length === 0
        ? `Nothing: no platform serves as ${role}.`
        : `${near === undefined ? '' : `"${near}", if that was meant. `}One of ${known.join(', ')}.`,
  };
};

/** Versions that were tried, and what is asked for. */
interface Versions {
  readonly tried: readonly string[];
  readonly wanted: string;
}

const asPrinted = ({ tried, wanted }: Versions): string =>
  `T${wanted.slice(1)}${tried.length > 0 ? `. Tried: ${tried.join('; ')}` : ''}`;

export const badVersion = (where: string, wrote: string, versions: Versions): Problem => {
  // Programs print words around it: nftables v1.0.6 (Lester Gooch #5).
  const [within] = /\d+(?:\.\d+)+/.exec(wrote) ?? [];
  return {
    code: 'intent/bad-version',
    where,
    what: `${quoted(wrote)} is not a version: two numbers or more with dots between them, and a suffix at most.`,
    instead: `${within === undefined ? asPrinted(versions) : quoted(within)}.`,
  };
};

export const newVersion = (where: string, wrote: string, newest: string, versions: Versions): Problem => ({
  code: 'intent/bad-version',
  where,
  what: `${quoted(wrote)} comes after ${newest}, the last series that is known: nobody knows what it makes of what is written.`,
  instead: `${asPrinted(versions)}; where that is so new, a device or a platform that was tried.`,
});

export const oldVersion = (where: string, wrote: string, oldest: string, versions: Versions): Problem => ({
  code: 'intent/bad-version',
  where,
  what: `${quoted(wrote)} is older than ${oldest}, and what is written needs that at least.`,
  instead: `${asPrinted(versions)}; where that is so old, an update of the device first.`,
});

export const badLease = (where: string): Problem => ({
  code: 'intent/bad-lease',
  where,
  what: 'This is not a lease.',
  instead: 'The lease as the refusal or "cpanel-edge verify" prints it: letters, numbers and "-".',
});

export const badInterfaceName = (where: string, wrote: string): Problem => ({
  code: 'intent/bad-interface-name',
  where,
  what: `${quoted(wrote)} is not the name of a network interface that traffic arrives by.`,
  instead: 'Its name on the device, such as eth0 or wan: letters, numbers and . _ / : -, at most 63 of them; not lo.',
});

export const noOutside = (where: string): Problem => ({
  code: 'intent/no-outside-interface',
  where,
  what: 'No interface has the role "outside", so there is nothing to map on.',
  instead: "role: 'outside' for the interface that the internet arrives by.",
});

export const sameNetwork = (where: string, network: string, other: string): Problem => ({
  code: 'intent/same-network-twice',
  where,
  what: `${network} is the network of ${quoted(other)} too, so it is not clear where its hosts are.`,
  instead: 'The network on one of the two.',
});

export const publicOnInner = (where: string, role: string): Problem => ({
  code: 'intent/public-prefix-not-outside',
  where,
  what: `Public prefixes arrive by outside interfaces, and this one has the role "${role}".`,
  instead: 'publicPrefixes on the outside interface; here routes, where the network is behind it.',
});

export const witnessInterface = (where: string): Problem => ({
  code: 'intent/witness-interface-unset',
  where,
  what: 'There is more than one interface by which it could arrive.',
  instead: 'arrives: the name of the interface.',
});

export const mixedFamilies = (where: string): Problem => ({
  code: 'intent/families-differ',
  where,
  what: 'One address is IPv4 and the other IPv6.',
  instead: 'Both of one family.',
});
