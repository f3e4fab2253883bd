// Sample servers with APF as administrators set it up (settings and lists), each with its exposure as written by hand.

import { Folder, Settings } from './folder';

interface Wild {
  readonly conf: Settings;
  readonly files?: Folder;
  /** Exposure to the internet, by hand. */
  readonly truth: string;
}

const CPANEL: Settings = {
  IG_TCP_CPORTS: '20,21,22,25,53,80,110,143,443,465,587,993,995,2077,2078,2082,2083,2086,2087,2095,2096,49152_65534',
  IG_UDP_CPORTS: '20,21,53',
  IG_ICMP_TYPES: '3,5,11,0,30,8',
};
const WEB: Settings = { IG_TCP_CPORTS: '80,443', IG_UDP_CPORTS: '', IG_ICMP_TYPES: '' };

/** Files as real servers have them. */
export const WILD: Readonly<Record<string, Wild>> = {
  'the package, RUN set and nothing else': {
    conf: { IG_TCP_CPORTS: '22', IG_UDP_CPORTS: '', IG_ICMP_TYPES: '3,5,11,0,30,8', ICMP_LIM: '30/s', DEVEL_MODE: '1' },
    truth: `
      all protocols from anywhere
      IPv6 all protocols from anywhere`,
  },
  'the package, RUN set and DEVEL_MODE off': {
    conf: {
      IG_TCP_CPORTS: '22',
      IG_UDP_CPORTS: '',
      IG_ICMP_TYPES: '3,5,11,0,30,8',
      ICMP_LIM: '30/s',
      PKT_SANITY_PZERO: '1',
      TCR_PASS: '1',
      BLK_P2P_PORTS: '1214,4660_4678',
    },
    files: { 'etc/resolv.conf': 'nameserver 192.0.2.53\n' },
    truth: `
      icmp echo-reply,destination-unreachable,type 5,echo-request,time-exceeded,type 30 from anywhere, but line 4: a limit may be reached
      tcp 22 source port 1-65535 from anywhere
      tcp 1023-1213,1215-65535 source port 53 from 192.0.2.53
      udp 1023-65535 source port 53 from 192.0.2.53
      udp 33434-33534 source port 1-52,54-1213,1215-4659,4679-65535 from anywhere
      IPv6 all protocols from anywhere`,
  },
  'the ports of cPanel': {
    conf: CPANEL,
    files: { 'etc/resolv.conf': '# by hand\nnameserver 127.0.0.1\noptions edns0\n' },
    truth: `
      icmp echo-reply,destination-unreachable,type 5,echo-request,time-exceeded,type 30 from anywhere
      tcp 20-22,25,53,80,110,143,443,465,587,993,995,2077-2078,2082-2083,2086-2087,2095-2096,49152-65534 from anywhere
      udp 20-21,53 from anywhere
      IPv6 all protocols from anywhere`,
  },
  'SSH and WHM for the office alone': {
    conf: WEB,
    files: {
      'allow_hosts.rules':
        '##\n# allow_hosts\n##\n\ntcp:in:d=22:s=203.0.113.0/28\nd=2087:s=203.0.113.0/28\n# added 192.0.2.7 on 01/01/20 with comment: boss\n192.0.2.7\n',
    },
    truth: `
      all protocols from 192.0.2.7
      tcp 22,2087 from 192.0.2.7, 203.0.113.0/28
      tcp 80,443 from anywhere
      IPv6 all protocols from anywhere`,
  },
  'the provider’s network, which contains the server, allowed': {
    conf: WEB,
    files: { 'allow_hosts.rules': '198.51.100.0/24\n' },
    truth: `
      all protocols from anywhere
      IPv6 all protocols from anywhere`,
  },
  'hosts that are blocked by fail2ban and by hand': {
    conf: { ...WEB, SET_TRIM: '2' },
    files: {
      'deny_hosts.rules':
        '203.0.113.1\n# added 203.0.113.2 on 01/01/20 with comment: {bfd.sshd}\n203.0.113.2\n\n203.0.113.3\n# x\n203.0.113.4 # note\n203.0.113.6\n',
    },
    truth: `
      tcp 80,443 from anywhere but 203.0.113.2/31, 203.0.113.6
      IPv6 all protocols from anywhere`,
  },
  'RESV_DNS off': {
    conf: { ...WEB, RESV_DNS: '0' },
    truth: `
      tcp 80,443 from anywhere
      tcp/udp 1023-65535 source port 53 from anywhere
      IPv6 all protocols from anywhere`,
  },
  'behind 1:1 NAT, with private and reserved networks blocked': {
    conf: { ...WEB, BLK_PRVNET: '1', BLK_RESNET: '1' },
    files: {
      'internals/private.networks': '# private\n10.0.0.0/8\n172.16.0.0/12\n192.168.0.0/16\n',
      'internals/reserved.networks': '0.0.0.0/8\n127.0.0.0/8\n224.0.0.0/4\n240.0.0.0/4\n',
    },
    truth: `
      tcp 80,443 from anywhere but 0.0.0.0/8, 10.0.0.0/8, 127.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 224.0.0.0/3
      IPv6 all protocols from anywhere`,
  },
  'outgoing filtered, as cPanel’s page shows it': {
    conf: { ...WEB, EGF: '1', EG_TCP_CPORTS: '80', EG_UDP_CPORTS: '' },
    truth: `
      tcp 80,443 from anywhere
      IPv6 all protocols from anywhere`,
  },
  'installed and never started': {
    conf: CPANEL,
    files: { 'etc/default/apf-firewall': '# Modify to RUN="yes" when you are ready\nRUN="no"\n' },
    truth: `
      all protocols from anywhere
      IPv6 all protocols from anywhere`,
  },
};
