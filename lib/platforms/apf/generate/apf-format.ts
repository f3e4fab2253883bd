import { FAMILIES, Family } from '../../../net/address';
import { Capabilities } from '../../../generate/capabilities';
import { wrapInMarks, printFile } from '../../../generate/netfilter/config-files';
import { capabilities, published } from '../capabilities';

/** Values of keys, as APF has them. */
interface ApfKeyValues {
  readonly device: string;
  readonly tcp: string;
  readonly udp: string;
  readonly types: string;
  readonly types6: string;
}

/** How a version is told what it opens. */
export interface ApfFormat {
  readonly can: Capabilities;
  readonly folder: string;
  /** Of which it makes rules. */
  readonly families: readonly Family[];
  /** Without these what is written is void, nothing is loaded, or somebody else comes in. In their order. */
  keys(opened: ApfKeyValues): Readonly<Record<string, string>>;
  /** What is the owner's besides keys and lines. */
  besides(mark: string): readonly string[];
}

const STOP_KEYS = { TCP_STOP: 'DROP', UDP_STOP: 'DROP' } as const;
const LOAD_KEYS = { SET_FASTLOAD: '0', SET_VNET: '0', SET_MONOKERN: '1', SET_REFRESH: '0' } as const;

/**
 * APF lets in whoever is a resolver, or says so by its port, to all ports from 1023 on, and no key turns that off: it is taken away again where
 * people write what is to be done last. Answers are of a session.
 */
const REMOVE_RESOLVER_LINES = ['udp', 'tcp'].map(
  (protocol) =>
    `for i in $LDNS 0/0; do $IPT -D INPUT -p ${protocol} -s $i --sport 53 --dport 1023:65535 -j ACCEPT 2> /dev/null; done`,
);

const PACKAGED_FORMAT: ApfFormat = {
  can: capabilities,
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

/** With VF_ROUTE it loads nothing where the interface has no route, and of whom RESV_DNS lets in there is nobody. */
const PUBLISHED_FORMAT: ApfFormat = {
  can: published,
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
