// Lists the elements of pfSense's config.xml that decide about packets, by path: a capture keeps these elements and
// omits all others.

import {
  ADDRESSES_LEAF,
  KeptBranch,
  ORIGIN_LEAF,
  FREE_TEXT_LEAF,
  TEXT_LEAF,
  createBranch,
  createAnyChild,
} from './kept-shape';

const ENDPOINT = createBranch('any network address not port');
const ENDPOINTS = { source: ENDPOINT, destination: ENDPOINT } as const;
const DESCRIPTION = { descr: FREE_TEXT_LEAF } as const;

const SEPARATOR = createBranch('row if', { text: FREE_TEXT_LEAF });

const SYSTEM = createBranch(
  `disablefilter ipv6allow statepolicy disablenatreflection enablenatreflectionpurenat enablebinatreflection enablenatreflectionhelper
   reflectiontimeout disablereplyto disablenegate disablevpnrules no_apipa_block lb_use_sticky srctrack skip_rules_gw_down schedule_states
   gw_switch_default tftpinterface disablescrub scrubnodf scrubrnid maximumstates maximumtableentries maximumfrags enablesshd`,
  {
    webgui: createBranch('protocol port noantilockout disablehttpredirect'),
    ssh: createBranch('enable port'),
  },
);

const INTERFACE = createBranch(
  `enable if ipaddr subnet gateway ipaddrv6 subnetv6 gatewayv6 blockpriv blockbogons alias-address alias-subnet track6-interface
   track6-prefix-id prefix-6rd prefix-6rd-v4plen prefix-6rd-v4addr gateway-6rd ipv6usev4iface dhcp6usev4iface slaacusev4iface bridge nonat`,
  DESCRIPTION,
);

const VIP = createBranch(
  'mode interface uniqid subnet subnet_bits type noexpand vhid advbase advskew carp_mode carp_peer',
  {
    range: createBranch('from to'),
    ...DESCRIPTION,
  },
);

const RULE = createBranch(
  `tracker type interface floating direction quick disabled ipprotocol protocol icmptype sched gateway statetype statepolicy statetimeout
   tcpflags1 tcpflags2 tcpflags_any allowopts disablereplyto os tag tagged nottagged dscp vlanprio vlanprioset max max-src-nodes
   max-src-states max-src-conn max-src-conn-rate max-src-conn-rates associated-rule-id bridgeto`,
  { ...ENDPOINTS, ...DESCRIPTION },
);

const NAT = createBranch('', {
  separator: createAnyChild(createAnyChild(SEPARATOR)),
  onetoone: createBranch('disabled nobinat interface ipprotocol external internal subnet natreflection', {
    ...ENDPOINTS,
    ...DESCRIPTION,
  }),
  npt: createBranch('disabled interface', { ...ENDPOINTS, ...DESCRIPTION }),
  outbound: createBranch('mode', {
    rule: createBranch(
      `disabled nonat nobinat interface ipprotocol protocol sourceport dstport target targetip targetip_subnet target_subnet natport
       staticnatport poolopts`,
      { ...ENDPOINTS, ...DESCRIPTION },
    ),
  }),
  rule: createBranch(
    'disabled nordr interface ipprotocol protocol target local-port natport natreflection poolopts associated-rule-id',
    {
      ...ENDPOINTS,
      ...DESCRIPTION,
    },
  ),
});

const ALIAS = createBranch('name type', {
  address: ADDRESSES_LEAF,
  url: ORIGIN_LEAF,
  aliasurl: ORIGIN_LEAF,
  updatefreq: TEXT_LEAF,
  ...DESCRIPTION,
  detail: FREE_TEXT_LEAF,
});

const SCHEDULE = createBranch('name schedlabel', {
  timerange: createBranch('month position day hour', { rangedescr: FREE_TEXT_LEAF }),
  ...DESCRIPTION,
});

const TUNNEL = createBranch(
  `vpnid disable mode protocol dev_mode interface ipaddr local_port server_addr server_port tunnel_network tunnel_networkv6 remote_network
   remote_networkv6 local_network local_networkv6 gwredir gwredir6 topology authmode`,
  { description: FREE_TEXT_LEAF },
);

const SELECTOR = createBranch('type address netbits');
const IPSEC = createBranch('enable filtermode noshuntlaninterfaces port port_nat_t', {
  client: createBranch('enable pool_address pool_netbits pool_address_v6 pool_netbits_v6'),
  phase1: createBranch(
    'ikeid disabled iketype interface protocol remote-gateway nat_traversal mobile ikeport nattport gw_duplicates',
    DESCRIPTION,
  ),
  phase2: createBranch('ikeid disabled mode protocol mobile', {
    localid: SELECTOR,
    natlocalid: SELECTOR,
    remoteid: SELECTOR,
    ...DESCRIPTION,
  }),
});

const HASYNC = createBranch(
  `pfsyncenabled pfsyncinterface pfsyncpeerip synchronizetoip synchronizerules synchronizeschedules synchronizealiases synchronizenat
   synchronizevirtualip synchronizeipsec synchronizeopenvpn synchronizestaticroutes synchronizeusers synchronizecerts synchronizeauthservers
   synchronizedhcpd synchronizewol synchronizetrafficshaper synchronizetrafficshaperlimiter synchronizednsforwarder synchronizecaptiveportal`,
);

/** Tunables that decide whether the box filters packets across a bridge on the bridge or on its members. */
const BRIDGE_TUNABLE = /^net\.link\.bridge\.pfil_/;

/** The elements of a configuration that a capture keeps, below its root. */
export const KEPT_ELEMENTS: KeptBranch = createBranch('version', {
  system: SYSTEM,
  sysctl: createBranch('', {
    item: createBranch('tunable value', {}, ({ children }) =>
      children.some(({ name, text }) => name === 'tunable' && BRIDGE_TUNABLE.test(text.trim())),
    ),
  }),
  interfaces: createAnyChild(INTERFACE),
  bridges: createBranch('', { bridged: createBranch('bridgeif members') }),
  ifgroups: createBranch('', { ifgroupentry: createBranch('ifname members', DESCRIPTION) }),
  gateways: createBranch('defaultgw4 defaultgw6', {
    gateway_item: createBranch(
      'interface name gateway ipprotocol weight disabled defaultgw force_down nonlocalgateway',
      DESCRIPTION,
    ),
    gateway_group: createBranch('name item trigger', DESCRIPTION),
  }),
  staticroutes: createBranch('', { route: createBranch('disabled network gateway', DESCRIPTION) }),
  virtualip: createBranch('', { vip: VIP }),
  aliases: createBranch('', { alias: ALIAS }),
  schedules: createBranch('', { schedule: SCHEDULE }),
  nat: NAT,
  filter: createBranch('bypassstaticroutes', { separator: createAnyChild(createAnyChild(SEPARATOR)), rule: RULE }),
  ipsec: IPSEC,
  openvpn: createBranch('', { 'openvpn-server': TUNNEL, 'openvpn-client': TUNNEL }),
  l2tp: createBranch('mode interface localip remoteip l2tp_subnet n_l2tp_units'),
  pppoes: createBranch('', {
    pppoe: createBranch('mode interface pppoeid localip remoteip pppoe_subnet n_pppoe_units'),
  }),
  dhcpd: createAnyChild(createBranch('enable failover_peerip')),
  dhcpdv6: createAnyChild(createBranch('enable ramode')),
  dhcrelay: createBranch('enable interface'),
  dhcrelay6: createBranch('enable interface'),
  captiveportal: createAnyChild(createBranch('enable zone zoneid interface httpslogin listenporthttp listenporthttps')),
  load_balancer: createBranch(''),
  diag: createBranch('', { ipv6nat: createBranch('enable ipaddr') }),
  hasync: HASYNC,
  installedpackages: createBranch('', {
    package: createBranch('name filter_rule_function'),
    miniupnpd: createBranch('', { config: createBranch('enable enable_upnp enable_natpmp ext_iface iface_array') }),
  }),
});
