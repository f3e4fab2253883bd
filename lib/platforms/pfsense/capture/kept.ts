import { ADDRESSES, Branch, ORIGIN, PEOPLE, TEXT, branch, each } from './shape';

// Everything that decides about packets, by path. Lists of names are wrapped where they get long; their order is that of the text.

const END = branch('any network address not port');
const ENDS = { source: END, destination: END } as const;
const DESCR = { descr: PEOPLE } as const;

const SEPARATOR = branch('row if', { text: PEOPLE });

const SYSTEM = branch(
  `disablefilter ipv6allow statepolicy disablenatreflection enablenatreflectionpurenat enablebinatreflection enablenatreflectionhelper
   reflectiontimeout disablereplyto disablenegate disablevpnrules no_apipa_block lb_use_sticky srctrack skip_rules_gw_down schedule_states
   gw_switch_default tftpinterface disablescrub scrubnodf scrubrnid maximumstates maximumtableentries maximumfrags enablesshd`,
  {
    webgui: branch('protocol port noantilockout disablehttpredirect'),
    ssh: branch('enable port'),
  },
);

const INTERFACE = branch(
  `enable if ipaddr subnet gateway ipaddrv6 subnetv6 gatewayv6 blockpriv blockbogons alias-address alias-subnet track6-interface
   track6-prefix-id prefix-6rd prefix-6rd-v4plen prefix-6rd-v4addr gateway-6rd ipv6usev4iface dhcp6usev4iface slaacusev4iface bridge nonat`,
  DESCR,
);

const VIP = branch('mode interface uniqid subnet subnet_bits type noexpand vhid advbase advskew carp_mode carp_peer', {
  range: branch('from to'),
  ...DESCR,
});

const RULE = branch(
  `tracker type interface floating direction quick disabled ipprotocol protocol icmptype sched gateway statetype statepolicy statetimeout
   tcpflags1 tcpflags2 tcpflags_any allowopts disablereplyto os tag tagged nottagged dscp vlanprio vlanprioset max max-src-nodes
   max-src-states max-src-conn max-src-conn-rate max-src-conn-rates associated-rule-id bridgeto`,
  { ...ENDS, ...DESCR },
);

const NAT = branch('', {
  separator: each(each(SEPARATOR)),
  onetoone: branch('disabled nobinat interface ipprotocol external internal subnet natreflection', {
    ...ENDS,
    ...DESCR,
  }),
  npt: branch('disabled interface', { ...ENDS, ...DESCR }),
  outbound: branch('mode', {
    rule: branch(
      `disabled nonat nobinat interface ipprotocol protocol sourceport dstport target targetip targetip_subnet target_subnet natport
       staticnatport poolopts`,
      { ...ENDS, ...DESCR },
    ),
  }),
  rule: branch(
    'disabled nordr interface ipprotocol protocol target local-port natport natreflection poolopts associated-rule-id',
    {
      ...ENDS,
      ...DESCR,
    },
  ),
});

const ALIAS = branch('name type', {
  address: ADDRESSES,
  url: ORIGIN,
  aliasurl: ORIGIN,
  updatefreq: TEXT,
  ...DESCR,
  detail: PEOPLE,
});

const SCHEDULE = branch('name schedlabel', {
  timerange: branch('month position day hour', { rangedescr: PEOPLE }),
  ...DESCR,
});

const TUNNEL = branch(
  `vpnid disable mode protocol dev_mode interface ipaddr local_port server_addr server_port tunnel_network tunnel_networkv6 remote_network
   remote_networkv6 local_network local_networkv6 gwredir gwredir6 topology authmode`,
  { description: PEOPLE },
);

const SELECTOR = branch('type address netbits');
const IPSEC = branch('enable filtermode noshuntlaninterfaces port port_nat_t', {
  client: branch('enable pool_address pool_netbits pool_address_v6 pool_netbits_v6'),
  phase1: branch(
    'ikeid disabled iketype interface protocol remote-gateway nat_traversal mobile ikeport nattport gw_duplicates',
    DESCR,
  ),
  phase2: branch('ikeid disabled mode protocol mobile', {
    localid: SELECTOR,
    natlocalid: SELECTOR,
    remoteid: SELECTOR,
    ...DESCR,
  }),
});

const HASYNC = branch(
  `pfsyncenabled pfsyncinterface pfsyncpeerip synchronizetoip synchronizerules synchronizeschedules synchronizealiases synchronizenat
   synchronizevirtualip synchronizeipsec synchronizeopenvpn synchronizestaticroutes synchronizeusers synchronizecerts synchronizeauthservers
   synchronizedhcpd synchronizewol synchronizetrafficshaper synchronizetrafficshaperlimiter synchronizednsforwarder synchronizecaptiveportal`,
);

/** Whether what crosses a bridge is filtered on it or on its members. */
const BRIDGE_TUNABLE = /^net\.link\.bridge\.pfil_/;

/** What a capture keeps of a configuration, below its root. */
export const KEPT: Branch = branch('version', {
  system: SYSTEM,
  sysctl: branch('', {
    item: branch('tunable value', {}, ({ children }) =>
      children.some(({ name, text }) => name === 'tunable' && BRIDGE_TUNABLE.test(text.trim())),
    ),
  }),
  interfaces: each(INTERFACE),
  bridges: branch('', { bridged: branch('bridgeif members') }),
  ifgroups: branch('', { ifgroupentry: branch('ifname members', DESCR) }),
  gateways: branch('defaultgw4 defaultgw6', {
    gateway_item: branch(
      'interface name gateway ipprotocol weight disabled defaultgw force_down nonlocalgateway',
      DESCR,
    ),
    gateway_group: branch('name item trigger', DESCR),
  }),
  staticroutes: branch('', { route: branch('disabled network gateway', DESCR) }),
  virtualip: branch('', { vip: VIP }),
  aliases: branch('', { alias: ALIAS }),
  schedules: branch('', { schedule: SCHEDULE }),
  nat: NAT,
  filter: branch('bypassstaticroutes', { separator: each(each(SEPARATOR)), rule: RULE }),
  ipsec: IPSEC,
  openvpn: branch('', { 'openvpn-server': TUNNEL, 'openvpn-client': TUNNEL }),
  l2tp: branch('mode interface localip remoteip l2tp_subnet n_l2tp_units'),
  pppoes: branch('', { pppoe: branch('mode interface pppoeid localip remoteip pppoe_subnet n_pppoe_units') }),
  dhcpd: each(branch('enable failover_peerip')),
  dhcpdv6: each(branch('enable ramode')),
  dhcrelay: branch('enable interface'),
  dhcrelay6: branch('enable interface'),
  captiveportal: each(branch('enable zone zoneid interface httpslogin listenporthttp listenporthttps')),
  load_balancer: branch(''),
  diag: branch('', { ipv6nat: branch('enable ipaddr') }),
  hasync: HASYNC,
  installedpackages: branch('', {
    package: branch('name filter_rule_function'),
    miniupnpd: branch('', { config: branch('enable enable_upnp enable_natpmp ext_iface iface_array') }),
  }),
});
