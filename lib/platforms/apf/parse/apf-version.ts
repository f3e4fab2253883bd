// The table of APF's two versions, 9.7 (Debian's package) and 2.0.2: folders, settings, and the fingerprints of the
// scripts that each ships. shipped-scripts.ts compares a server's scripts with them; the loaders (`loader.ts`) load the
// files.

/**
 * The differences between versions of APF, and their names. The loaders (`loader.ts`) load the files of each version.
 */
export interface ApfVersion {
  readonly number: '9.7' | '2.0.2';
  readonly folder: string;
  /** Names of the version and of the source of its scripts, for reports. */
  readonly label: string;
  readonly shippedBy: string;
  /**
   * The setting with the interface to the internet; `olderDevice` is the setting that APF uses if that one is empty.
   */
  readonly device: string;
  readonly olderDevice?: string;
  /** Whether ALL_STOP has an effect. */
  readonly hasAllStop: boolean;
  readonly mayFilterIpv6: boolean;
  /** Settings by which a start fetches lists; `fetching` is a further effect of them. */
  readonly fetches: readonly string[];
  readonly fetching: string;
  /** Part of the kernel that may be missing if SET_MONOKERN is off. */
  readonly withoutModule: string;
  /** Files that open ports, files of allow lists, and the file that starts APF. */
  readonly opening: readonly string[];
  /**
   * Settings that let packets in, or make the rest void. If keys stand alone, a missing one has the value of the
   * server's conf.apf.
   */
  readonly decides: ReadonlySet<string>;
  /** Form of a line of postroute.rules that is followed. */
  readonly follows?: RegExp;
  /** Fingerprints of its scripts by name: an operator may edit a script, and then its rules aren't known. */
  readonly scripts: Readonly<Record<string, string>>;
}

/** A line that removes the sources that RESV_DNS lets in, by TCP or UDP: resolvers, or every source. */
export const REMOVE_RESOLVER_FORM =
  /^for i in \$LDNS 0\/0; do \$IPT -D INPUT -p (tcp|udp) -s \$i --sport 53 --dport 1023:65535 -j ACCEPT 2> \/dev\/null; done$/;

const DECIDING_SETTINGS =
  `DEVEL_MODE IFACE_TRUSTED SET_VNET TCP_STOP UDP_STOP TCR_PASS ICMP_LIM BLK_PRVNET BLK_RESNET IG_TCP_CPORTS IG_UDP_CPORTS
  IG_ICMP_TYPES EGF USE_RGT`.split(/\s+/);

/** Debian's package apf-firewall 9.7+rev1-7. */
export const PACKAGED_VERSION: ApfVersion = {
  number: '9.7',
  folder: '/etc/apf-firewall/',
  label: 'apf-firewall 9.7 of Debian',
  shippedBy: 'the package',
  device: 'IFACE_IN',
  hasAllStop: false,
  mayFilterIpv6: false,
  fetches: ['DLIST_PHP', 'DLIST_SPAMHAUS', 'DLIST_DSHIELD', 'DLIST_RESERVED', 'DLIST_ECNSHAME', 'USE_RGT'],
  fetching: ', and without wget nothing is loaded',
  withoutModule:
    '/lib/modules/VERSION/kernel/net/ipv4/netfilter/ip_tables.ko is not there (a container, compressed modules)',
  opening: ['conf.apf', 'allow_hosts.rules', 'postroute.rules', '/etc/default/apf-firewall'],
  decides: new Set([...DECIDING_SETTINGS, 'RESV_DNS']),
  follows: REMOVE_RESOLVER_FORM,
  scripts: {
    firewall: '225-67e66582',
    'bt.rules': '329-7f6a7339',
    'log.rules': '11-80f5807a',
    'main.rules': '2-43b40428',
    'postroute.rules': '2-e1666acb',
    'preroute.rules': '2-d8377ad1',
    'sysctl.rules': '76-79abd71d',
    'internals/cports.common': '183-b4ed2ccb',
    'internals/functions.apf': '1324-cd93b191',
    'internals/internals.conf': '54-7c445b15',
    'internals/rab.ports': '3-c7118495',
    'vnet/main.vnet': '16-4eb34697',
    'vnet/vnetgen': '66-2ea91cd5',
    'vnet/vnetgen.def': '5-c21fb475',
  },
};

/** Tag v2.0.2 of its authors, as they install it. */
const PUBLISHED_VERSION: ApfVersion = {
  number: '2.0.2',
  folder: '/etc/apf/',
  label: 'APF 2.0.2',
  shippedBy: '2.0.2',
  device: 'IFACE_UNTRUSTED',
  olderDevice: 'IFACE_IN',
  hasAllStop: true,
  mayFilterIpv6: true,
  fetches: ['DLIST_PHP', 'DLIST_SPAMHAUS', 'DLIST_DSHIELD', 'DLIST_ECNSHAME', 'USE_RGT'],
  fetching: '',
  withoutModule: 'modprobe finds no ip_tables (a container)',
  opening: ['conf.apf', 'allow_hosts.rules'],
  decides: new Set([...DECIDING_SETTINGS, 'USE_IPV6', 'VF_ROUTE', 'ALL_STOP', 'IG_ICMPV6_TYPES', 'USE_GRE']),
  scripts: {
    apf: '249-bbd0da1a',
    'bt.rules': '175-d28ef482',
    'log.rules': '11-7ea08368',
    'main.rules': '2-9e576f1d',
    'postroute.rules': '1-31edecd0',
    'preroute.rules': '1-c41f7447',
    'sysctl.rules': '137-c0e7d7f0',
    'hook_pre.sh': '0-811c9dc5',
    'hook_post.sh': '0-811c9dc5',
    'internals/apf.lib.sh': '77-21e809c9',
    'internals/apf_cli.sh': '390-2f9ba8b0',
    'internals/apf_core.sh': '979-b6a377fe',
    'internals/apf_dlist.sh': '183-9a897374',
    'internals/apf_ipset.sh': '281-e079d8bf',
    'internals/apf_ipt.sh': '137-468c3788',
    'internals/apf_trust.sh': '1287-cf645ea1',
    'internals/apf_validate.sh': '234-c15a1750',
    'internals/cports.common': '154-a9f856e6',
    'internals/elog_lib.sh': '942-b340f7c3',
    'internals/geoip_lib.sh': '599-2d1da899',
    'internals/gretunnel.sh': '273-4eb412a7',
    'internals/internals.conf': '115-fc7b1ea',
    'internals/rab.ports': '3-c7118495',
    'vnet/main.vnet': '24-fc2d6356',
    'vnet/vnetgen': '66-ac400245',
    'vnet/vnetgen.def': '5-918536bb',
  },
};

export const VERSIONS = [PACKAGED_VERSION, PUBLISHED_VERSION] as const;
