// The configuration files and keys that a generated config for APF sets, for each of its two versions: 9.7 (Debian's
// package) and 2.0.2 (published).
import { FAMILIES, Family } from '../../../net/address';
import { Capabilities } from '../../../generate/capabilities';
import { wrapInMarks, printFile } from '../../../generate/netfilter/config-files';
import { capabilities, published } from '../capabilities';

/** Values of keys in APF's spelling. */
interface ApfKeyValues {
  readonly device: string;
  readonly tcp: string;
  readonly udp: string;
  readonly types: string;
  readonly types6: string;
}

/** The form of the generated config for one version. */
export interface ApfFormat {
  readonly capabilities: Capabilities;
  readonly folder: string;
  /** Families of which the version makes rules. */
  readonly families: readonly Family[];
  /**
   * Returns the keys in order. Without them the generated config has no effect, APF loads nothing, or APF lets other
   * sources in.
   */
  keys(opened: ApfKeyValues): Readonly<Record<string, string>>;
  /** Returns the owner's files besides keys and lines. */
  besides(mark: string): readonly string[];
}

const STOP_KEYS = { TCP_STOP: 'DROP', UDP_STOP: 'DROP' } as const;
const LOAD_KEYS = { SET_FASTLOAD: '0', SET_VNET: '0', SET_MONOKERN: '1', SET_REFRESH: '0' } as const;

/**
 * APF lets resolvers, or any source with port 53, reach all ports from 1023 on, and no key turns that off. These lines
 * remove the rules again, in the file that APF runs last. Answers belong to a session.
 */
const REMOVE_RESOLVER_LINES = ['udp', 'tcp'].map(
  (protocol) =>
    `for i in $LDNS 0/0; do $IPT -D INPUT -p ${protocol} -s $i --sport 53 --dport 1023:65535 -j ACCEPT 2> /dev/null; done`,
);

const PACKAGED_FORMAT: ApfFormat = {
  capabilities,
  folder: '/etc/apf-firewall',
  families: ['ip'],
  keys: ({ device, tcp, udp, types }) => ({
    DEVEL_MODE: '0',
    INSTALL_PATH: '/etc/apf-firewall',
    IFACE_IN: device,
    IFACE_TRUSTED: '',
    ...LOAD_KEYS,
    ...STOP_KEYS,
    TCR_PASS: '0',
    ICMP_LIM: '0',
    RESV_DNS: '1',
    BLK_PRVNET: '0',
    BLK_RESNET: '0',
    SYSCTL_ROUTE: '1',
    IG_TCP_CPORTS: tcp,
    IG_UDP_CPORTS: udp,
    IG_ICMP_TYPES: types,
    EGF: '0',
    USE_RGT: '0',
  }),
  besides: (mark) => [
    printFile('/etc/apf-firewall/postroute.rules', wrapInMarks(mark, REMOVE_RESOLVER_LINES)),
    printFile('/etc/default/apf-firewall', [mark, 'RUN="yes"']),
  ],
};

/** With VF_ROUTE 2.0.2 loads nothing if the interface has no route. Its RESV_DNS lets no source in. */
const PUBLISHED_FORMAT: ApfFormat = {
  capabilities: published,
  folder: '/etc/apf',
  families: FAMILIES,
  keys: ({ device, tcp, udp, types, types6 }) => ({
    DEVEL_MODE: '0',
    INSTALL_PATH: '/etc/apf',
    IFACE_UNTRUSTED: device,
    IFACE_TRUSTED: '',
    USE_IPV6: '1',
    ...LOAD_KEYS,
    VF_ROUTE: '0',
    ...STOP_KEYS,
    ALL_STOP: 'DROP',
    TCR_PASS: '0',
    ICMP_LIM: '0',
    BLK_PRVNET: '0',
    BLK_RESNET: '0',
    IG_TCP_CPORTS: tcp,
    IG_UDP_CPORTS: udp,
    IG_ICMP_TYPES: types,
    IG_ICMPV6_TYPES: types6,
    EGF: '0',
    USE_RGT: '0',
    USE_GRE: '0',
  }),
  besides: () => [],
};

export const formats = { packaged: PACKAGED_FORMAT, published: PUBLISHED_FORMAT } as const;
