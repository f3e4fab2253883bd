// What of the box's configuration is shown: elements that decide about packets, by name, and nothing else. What a newer version adds stays
// on the box, as every password, key, certificate and account does. The repository's `capture` keeps the same.

const WORDS_OF_SYSTEM = 'disablefilter ipv6allow statepolicy disablenatreflection enablenatreflectionpurenat enablebinatreflection
    enablenatreflectionhelper reflectiontimeout disablereplyto disablenegate disablevpnrules no_apipa_block lb_use_sticky srctrack
    skip_rules_gw_down schedule_states gw_switch_default tftpinterface disablescrub scrubnodf scrubrnid maximumstates
    maximumtableentries maximumfrags enablesshd';
const WORDS_OF_INTERFACE = 'enable if ipaddr subnet gateway ipaddrv6 subnetv6 gatewayv6 blockpriv blockbogons alias-address alias-subnet
    track6-interface track6-prefix-id prefix-6rd prefix-6rd-v4plen prefix-6rd-v4addr gateway-6rd ipv6usev4iface dhcp6usev4iface
    slaacusev4iface bridge nonat descr';
const WORDS_OF_RULE = 'tracker type interface floating direction quick disabled ipprotocol protocol icmptype sched gateway statetype
    statepolicy statetimeout tcpflags1 tcpflags2 tcpflags_any allowopts disablereplyto os tag tagged nottagged dscp vlanprio vlanprioset
    max max-src-nodes max-src-states max-src-conn max-src-conn-rate max-src-conn-rates associated-rule-id bridgeto';
const WORDS_OF_TUNNEL = 'vpnid disable mode protocol dev_mode interface ipaddr local_port server_addr server_port tunnel_network
    tunnel_networkv6 remote_network remote_networkv6 local_network local_networkv6 gwredir gwredir6 topology authmode description';
const WORDS_OF_HASYNC = 'pfsyncenabled pfsyncinterface pfsyncpeerip synchronizetoip synchronizerules synchronizeschedules
    synchronizealiases synchronizenat synchronizevirtualip synchronizeipsec synchronizeopenvpn synchronizestaticroutes synchronizeusers
    synchronizecerts synchronizeauthservers synchronizedhcpd synchronizewol synchronizetrafficshaper synchronizetrafficshaperlimiter
    synchronizednsforwarder synchronizecaptiveportal';

/** Names of texts, then what has children. `*`: whatever its name is. */
function kept(string $texts, array $branches = []): array
{
    return array_fill_keys(preg_split('/\s+/', $texts, -1, PREG_SPLIT_NO_EMPTY), true) + $branches;
}

function kept_elements(): array
{
    $end = kept('any network address not port');
    $ends = ['source' => $end, 'destination' => $end];
    $separators = ['*' => ['*' => kept('row if text')]];
    $selector = kept('type address netbits');
    return kept('version', [
        'system' => kept(WORDS_OF_SYSTEM, [
            'webgui' => kept('protocol port noantilockout disablehttpredirect'),
            'ssh' => kept('enable port'),
        ]),
        'sysctl' => ['item' => kept('tunable value')],
        'interfaces' => ['*' => kept(WORDS_OF_INTERFACE)],
        'bridges' => ['bridged' => kept('bridgeif members')],
        'ifgroups' => ['ifgroupentry' => kept('ifname members descr')],
        'gateways' => kept('defaultgw4 defaultgw6', [
            'gateway_item' => kept('interface name gateway ipprotocol weight disabled defaultgw force_down nonlocalgateway descr'),
            'gateway_group' => kept('name item trigger descr'),
        ]),
        'staticroutes' => ['route' => kept('disabled network gateway descr')],
        'virtualip' => [
            'vip' => kept('mode interface uniqid subnet subnet_bits type noexpand vhid advbase advskew carp_mode carp_peer descr', [
                'range' => kept('from to'),
            ]),
        ],
        'aliases' => ['alias' => kept('name type address url aliasurl updatefreq descr detail')],
        'schedules' => ['schedule' => kept('name schedlabel descr', ['timerange' => kept('month position day hour rangedescr')])],
        'nat' => [
            'separator' => $separators,
            'onetoone' => kept('disabled nobinat interface ipprotocol external internal subnet natreflection descr', $ends),
            'npt' => kept('disabled interface descr', $ends),
            'outbound' => kept('mode', [
                'rule' => kept('disabled nonat nobinat interface ipprotocol protocol sourceport dstport target targetip targetip_subnet
                    target_subnet natport staticnatport poolopts descr', $ends),
            ]),
            'rule' => kept('disabled nordr interface ipprotocol protocol target local-port natport natreflection poolopts
                associated-rule-id descr', $ends),
        ],
        'filter' => kept('bypassstaticroutes', ['separator' => $separators, 'rule' => kept(WORDS_OF_RULE . ' descr', $ends)]),
        'ipsec' => kept('enable filtermode noshuntlaninterfaces port port_nat_t', [
            'client' => kept('enable pool_address pool_netbits pool_address_v6 pool_netbits_v6'),
            'phase1' => kept('ikeid disabled iketype interface protocol remote-gateway nat_traversal mobile ikeport nattport
                gw_duplicates descr'),
            'phase2' => kept('ikeid disabled mode protocol mobile descr', [
                'localid' => $selector,
                'natlocalid' => $selector,
                'remoteid' => $selector,
            ]),
        ]),
        'openvpn' => ['openvpn-server' => kept(WORDS_OF_TUNNEL), 'openvpn-client' => kept(WORDS_OF_TUNNEL)],
        'l2tp' => kept('mode interface localip remoteip l2tp_subnet n_l2tp_units'),
        'pppoes' => ['pppoe' => kept('mode interface pppoeid localip remoteip pppoe_subnet n_pppoe_units')],
        'dhcpd' => ['*' => kept('enable failover_peerip')],
        'dhcpdv6' => ['*' => kept('enable ramode')],
        'dhcrelay' => kept('enable interface'),
        'dhcrelay6' => kept('enable interface'),
        'captiveportal' => ['*' => kept('enable zone zoneid interface httpslogin listenporthttp listenporthttps')],
        'diag' => ['ipv6nat' => kept('enable ipaddr')],
        'hasync' => kept(WORDS_OF_HASYNC),
        'installedpackages' => [
            'package' => kept('name filter_rule_function'),
            'miniupnpd' => ['config' => kept('enable enable_upnp enable_natpmp ext_iface iface_array')],
        ],
    ]);
}
