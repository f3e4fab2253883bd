/** Names of protocols(5) that pfctl prints. Source: FreeBSD, protocols. Numbers that have none are printed as numbers. */
const PROTOCOLS = new Map<string, number>(
  Object.entries({
    ...{
      hopopt: 0,
      icmp: 1,
      igmp: 2,
      ggp: 3,
      ipencap: 4,
      st2: 5,
      tcp: 6,
      cbt: 7,
      egp: 8,
      igp: 9,
      'bbn-rcc': 10,
      nvp: 11,
      pup: 12,
      argus: 13,
    },
    ...{ emcon: 14, xnet: 15, chaos: 16, udp: 17, mux: 18, dcn: 19, hmp: 20, prm: 21, 'xns-idp': 22, 'trunk-1': 23, 'trunk-2': 24 },
    ...{ 'leaf-1': 25, 'leaf-2': 26, rdp: 27, irtp: 28, 'iso-tp4': 29, netblt: 30, 'mfe-nsp': 31, 'merit-inp': 32, dccp: 33, '3pc': 34 },
    ...{ idpr: 35, xtp: 36, ddp: 37, 'idpr-cmtp': 38, 'tp++': 39, il: 40, ipv6: 41, sdrp: 42, 'ipv6-route': 43, 'ipv6-frag': 44, idrp: 45 },
    ...{ rsvp: 46, gre: 47, dsr: 48, bna: 49, esp: 50, ah: 51, 'i-nlsp': 52, swipe: 53, narp: 54, mobile: 55, tlsp: 56, skip: 57 },
    ...{ 'ipv6-icmp': 58, icmp6: 58, icmpv6: 58, 'ipv6-nonxt': 59, 'ipv6-opts': 60, cftp: 62, 'sat-expak': 64, kryptolan: 65, rvd: 66 },
    ...{ ippc: 67, 'sat-mon': 69, visa: 70, ipcv: 71, cpnx: 72, cphb: 73, wsn: 74, pvp: 75, 'br-sat-mon': 76, 'sun-nd': 77, 'wb-mon': 78 },
    ...{ 'wb-expak': 79, 'iso-ip': 80, vmtp: 81, 'secure-vmtp': 82, vines: 83, ttp: 84, 'nsfnet-igp': 85, dgp: 86, tcf: 87, eigrp: 88 },
    ...{ ospf: 89, 'sprite-rpc': 90, larp: 91, mtp: 92, 'ax.25': 93, ipip: 94, micp: 95, 'scc-sp': 96, etherip: 97, encap: 98, gmtp: 100 },
    ...{ ifmp: 101, pnni: 102, pim: 103, aris: 104, scps: 105, qnx: 106, 'a/n': 107, ipcomp: 108, snp: 109, 'compaq-peer': 110 },
    ...{
      'ipx-in-ip': 111,
      carp: 112,
      vrrp: 112,
      pgm: 113,
      l2tp: 115,
      ddx: 116,
      iatp: 117,
      stp: 118,
      srp: 119,
      uti: 120,
      smp: 121,
      sm: 122,
    },
    ...{ ptp: 123, isis: 124, fire: 125, crtp: 126, crudp: 127, sscopmce: 128, iplt: 129, sps: 130, pipe: 131, sctp: 132, fc: 133 },
    ...{ 'rsvp-e2e-ignore': 134, 'mobility-header': 135, udplite: 136, 'mpls-in-ip': 137, manet: 138, hip: 139, shim6: 140, wesp: 141 },
    ...{ rohc: 142, pfsync: 240 },
  }),
);

/** Types of ICMP as pf calls them. Source: FreeBSD, pf.conf(5) and pfctl's tables. */
const ICMP: Readonly<Record<string, number>> = {
  ...{ echorep: 0, unreach: 3, squench: 4, redir: 5, althost: 6, echoreq: 8, routeradv: 9, routersol: 10, timex: 11, paramprob: 12 },
  ...{ timereq: 13, timerep: 14, inforeq: 15, inforep: 16, maskreq: 17, maskrep: 18, trace: 30, dataconv: 31, mobredir: 32 },
  ...{ 'ipv6-where': 33, 'ipv6-here': 34, mobregreq: 35, mobregrep: 36, skip: 39, photuris: 40 },
};

const ICMP6: Readonly<Record<string, number>> = {
  ...{ unreach: 1, toobig: 2, timex: 3, paramprob: 4, echoreq: 128, echorep: 129, groupqry: 130, listqry: 130, grouprep: 131 },
  ...{ listenrep: 131, groupterm: 132, listendone: 132, routersol: 133, routeradv: 134, neighbrsol: 135, neighbradv: 136, redir: 137 },
  ...{ routrrenum: 138, wrureq: 139, fqdnreq: 139, niqry: 139, wrurep: 140, fqdnrep: 140, nirep: 140, listenrepv2: 143 },
  ...{ mtraceresp: 200, mtrace: 201 },
};

const CODES: Readonly<Record<string, number>> = {
  ...{ 'net-unr': 0, 'host-unr': 1, 'proto-unr': 2, 'port-unr': 3, needfrag: 4, srcfail: 5, 'net-unk': 6, 'host-unk': 7, isolate: 8 },
  ...{ 'net-prohib': 9, 'host-prohib': 10, 'net-tos': 11, 'host-tos': 12, 'filter-prohib': 13, 'host-preced': 14, 'cutoff-preced': 15 },
  ...{ 'redir-net': 0, 'redir-host': 1, 'redir-tos-net': 2, 'redir-tos-host': 3, 'normal-adv': 0, 'common-adv': 16, transit: 0 },
  ...{ reassemb: 1, badhead: 0, optmiss: 1, badlen: 2, 'unknown-ind': 0, 'auth-fail': 1, 'decrypt-fail': 2 },
};

const CODES6: Readonly<Record<string, number>> = {
  ...{ 'noroute-unr': 0, 'admin-unr': 1, 'notnbr-unr': 2, 'beyond-unr': 2, 'addr-unr': 3, 'port-unr': 4, transit: 0, reassemb: 1 },
  ...{ badhead: 0, nxthdr: 1, redironlink: 0, redirrouter: 1 },
};

export function numberUpTo(most: number, word: string): number | undefined {
  if (!/^(0|[1-9]\d{0,5})$/.test(word)) return undefined;
  const number = Number(word);
  return number <= most ? number : undefined;
}

export const protocolNamed = (word: string): number | undefined => {
  const number = PROTOCOLS.get(word) ?? numberUpTo(255, word);
  return number !== undefined && number <= 255 ? number : undefined;
};

const named = (table: Readonly<Record<string, number>>, word: string): number | undefined =>
  Object.hasOwn(table, word) ? table[word] : numberUpTo(255, word);

export const icmpTypeNamed = (word: string, six: boolean): number | undefined => named(six ? ICMP6 : ICMP, word);
export const icmpCodeNamed = (word: string, six: boolean): number | undefined => named(six ? CODES6 : CODES, word);
