import { parseAddress, parseInterfaceAddress, parsePrefix } from '../../net/address';
import { whyNoAddress } from '../../problems/no-address';
import { Problem } from '../../problems/problem';
import { quoted } from './shape';

export const badAddress = (where: string, wrote: string, wanted: string): Problem => ({
  code: 'intent/bad-address',
  where,
  what: `${quoted(wrote)} is not ${wanted}${whyNoAddress(wrote)}.`,
  instead: meant(wrote, wanted) ?? anAddress(wanted),
});

const anAddress = (wanted: string): string =>
  wanted.includes('prefix')
    ? 'An address (203.0.113.10, 2001:db8::10) or a prefix (203.0.113.0/28).'
    : wanted.includes('length')
      ? 'An address with the length of its network: 203.0.113.2/28.'
      : 'An address: 203.0.113.10 or 2001:db8::10.';

/** What a person wrote who writes addresses as some programs do: `10.0.0.10/24` of `10.0.0.10/255.255.255.0`. */
function meant(wrote: string, wanted: string): string | undefined {
  const list = wrote.split(/[,;]/).map((one) => one.trim());
  if (list.length > 1 && list.every((one) => isOne(one, wanted)))
    return `Texts of their own: ${list.map((one) => `"${one}"`).join(', ')}.`;
  const bare = wrote
    .trim()
    .replace(/^::ffff:/i, '')
    .replace(/^\[(.+)\]$/, '$1')
    .replace(/^(\d+\.)(\d+\.)?(\d+\.)?\*(\.\*)*$/, (_, ...[first, second = '', third = '']: string[]) => {
      const kept = [first, second, third].join('').split('.').slice(0, -1);
      return `${[...kept, '0', '0', '0'].slice(0, 4).join('.')}/${kept.length * 8}`;
    })
    .replace(/^(\d+(?:\.\d+){3})[/ ](\d+(?:\.\d+){3})$/, (all, own: string, mask: string) => {
      const bits = mask
        .split('.')
        .map((one) => Number(one).toString(2).padStart(8, '0'))
        .join('');
      return /^1*0*$/.test(bits) && bits.length === 32 ? `${own}/${bits.replace(/0/g, '').length}` : all;
    });
  const plain = bare.replace(/(^|[.])0+(?=\d)/g, '$1');
  return plain !== wrote && isOne(plain, wanted) ? `"${plain}", if that was meant.` : undefined;
}

const isOne = (text: string, wanted: string): boolean =>
  wanted.includes('prefix')
    ? parsePrefix(text) !== undefined
    : wanted.includes('length') || text.includes('/')
      ? parseInterfaceAddress(text) !== undefined
      : parseAddress(text) !== undefined;

export const hostBits = (where: string, wrote: string, base: string): Problem => ({
  code: 'intent/host-bits-set',
  where,
  what: `${quoted(wrote)} has host bits set, so it names a host and a network at once.`,
  instead: `${base} for the network, or the address without a length.`,
});

export const lengthSlip = (where: string, wrote: string, address: string, first: number): Problem => ({
  code: 'intent/host-bits-set',
  where,
  what: `${quoted(wrote)} has host bits set, and its length takes in much of the internet: a digit of it seems to be missing.`,
  instead: `Another length: ${address} is a network from /${first} on; without a length it is the address.`,
});

export const everything = (where: string, wrote: string, instead: string): Problem => ({
  code: 'intent/everything-as-prefix',
  where,
  what: `${wrote} is everybody, which must not be said by a prefix.`,
  instead,
});

export const unusable = (where: string, wrote: string, kind: string): Problem => ({
  code: 'intent/unusable-address',
  where,
  what: `${wrote} is ${kind}, and no connection comes from or goes to such an address.`,
  instead: 'The address of a host, or the prefix of a network.',
});

export const networkAddress = (where: string, wrote: string, kind: string, network: string): Problem => ({
  code: 'intent/network-address',
  where,
  what: `${wrote} is the ${kind} address of ${network}.`,
  instead: 'An address of a host in that network.',
});

export const wrongFamily = (where: string, wrote: string, thing: string): Problem => ({
  code: 'intent/ipv6-mapping',
  where,
  what: `${wrote} is IPv6, and ${thing} is for IPv4 only for now.`,
  instead: "The server's own IPv6 address among its addresses: it gets the same profile, without translation.",
});

/** `advised`: where "anywhere" alone is not what anybody should write. */
export const anywhereInList = (where: string, advised?: string): Problem => ({
  code: 'intent/anywhere-in-list',
  where,
  what: '"anywhere" is everybody: beside it nothing else in the list would have an effect.',
  instead: advised ?? '"anywhere" alone, without a list; or the list without it.',
});

export const anywhereRefused = (where: string, what: string, instead: string): Problem => ({
  code: 'intent/anywhere-refused',
  where,
  what,
  instead,
});

export const unknownSet = (where: string, name: string, known: readonly string[]): Problem => ({
  code: 'intent/unknown-source-set',
  where,
  what: `${quoted(name)} is neither an address nor a prefix, and there is no source set of that name.`,
  instead:
    known.length === 0
      ? `sourceSets: { ${/^[a-z][a-z0-9-]*$/.test(name) ? `'${name}'` : "'office'"}: [...] } of the profile or gateway that uses it, or a prefix.`
      : `One of ${known.slice(0, 20).join(', ')}, or a prefix.`,
});

export const setInSet = (where: string, name: string): Problem => ({
  code: 'intent/set-in-set',
  where,
  what: `${quoted(name)} is not an address or a prefix, and a source set holds nothing else.`,
  instead: 'Its prefixes themselves; or name both sets where they are used.',
});
