// Sample csfpre.sh and csfpost.sh scripts, each with the exposure of its server by hand.

import { Folder, Settings } from './folder';

export interface Wild {
  readonly conf: Settings;
  readonly files?: Folder;
  /** Exposure to the internet, by hand. */
  readonly truth: string;
}

export const QUIET: Settings = {
  ICMP_IN: '0',
  IPV6: '1',
  TCP_IN: '80,443',
  UDP_IN: '',
  TCP6_IN: '443',
  TCP_OUT: '',
  UDP_OUT: '',
};

/** Servers whose csfpost.sh changes rules. */
export const HOOKS: Readonly<Record<string, Wild>> = {
  'a hook with rules only': {
    conf: QUIET,
    files: {
      'usr/local/csf/bin/csfpost.sh': `#!/bin/bash
# the office, and nobody from there
iptables -I INPUT -p tcp --dport 3306 -j ACCEPT   # for all
/sbin/iptables -A INPUT -s 203.0.113.0/24 -p tcp -m multiport --dports 80,8080 -j ACCEPT
iptables -I INPUT 1 -s 203.0.113.9 -p tcp --dport 3306 -j DROP
/usr/sbin/ip6tables -w -A ALLOWIN -s 2001:db8:9::/48 -p tcp -m state --state NEW -j ACCEPT
`,
    },
    truth: `
      198.51.100.50 icmp all but echo-request from anywhere
      198.51.100.50 tcp 80,443 from anywhere
      198.51.100.50 tcp 3306 from anywhere but 203.0.113.9
      2001:db8:0:1::50 icmpv6 from anywhere
      2001:db8:0:1::50 tcp 443 from anywhere
      2001:db8:0:1::50 tcp 0-442,444-65535 from 2001:db8:9::/48`,
  },
  'two hooks of one name, of which some versions of csf run one': {
    conf: QUIET,
    files: {
      'usr/local/csf/bin/csfpost.sh': '#!/bin/sh\n',
      'csfpost.sh': '#!/bin/sh\niptables -I INPUT -p tcp --dport 3306 -j ACCEPT\n',
    },
    truth: `
      UNKNOWN 198.51.100.50 all protocols from anywhere: line 84: /etc/csf/csfpost.sh may change any rule
      UNKNOWN 2001:db8:0:1::50 all protocols from anywhere: line 84: /etc/csf/csfpost.sh may change any rule`,
  },
  'a hook that can’t be followed': {
    conf: QUIET,
    files: {
      'usr/local/csf/bin/csfpost.sh':
        '#!/bin/sh\nfor port in 3306; do iptables -I INPUT -p tcp --dport $port -j ACCEPT; done\n',
    },
    truth: `
      UNKNOWN 198.51.100.50 all protocols from anywhere: line 81: /usr/local/csf/bin/csfpost.sh may change any rule
      UNKNOWN 2001:db8:0:1::50 all protocols from anywhere: line 81: /usr/local/csf/bin/csfpost.sh may change any rule`,
  },
};
