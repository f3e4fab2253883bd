// Returns whether an element of pfSense's config.xml decides about no packet: a capture omits such an element without
// a report. Every other omitted element is reported.

import { splitWords } from './kept-shape';

const HARMLESS_BY_PATH: Readonly<Record<string, string>> = {
  '': `lastchange revision theme cron rrd widgets syslog snmpd diag wol cert ca crl sshdata notifications dnsmasq unbound ntpd ntp dyndnses
    dnsupdates checkipservices voucher wizardtemp shaper dnshaper ezshaper vlans qinqs laggs gifs gres ppps wireless proxyarp ovpnserver
    switches igmpproxy gold dhcpbackend kea bridge`,
  system: `hostname domain dnsserver dns1host dns2host dns3host dns4host dns1gw dns2gw dns3gw dns4gw dns1gwint dns2gwint dns3gwint dns4gwint dnsallowoverride dnslocalhost timezone
    timeservers language theme user group authserver nextuid nextgid optimization powerd_enable powerd_ac_mode powerd_battery_mode
    powerd_normal_mode bogons kill_states gw_down_kill_states keep_failover_states disablesegmentationoffloading disablelargereceiveoffloading disablechecksumoffloading
    hn_altq_enable already_run_config_upgrade crypto_hardware thermal_hardware serialspeed primaryconsole enableserial disableconsolemenu
    use_mfs_tmpvar use_mfs_tmp_size use_mfs_var_size harddiskstandby firmware gitsync pkg_repo_conf_path proxyurl proxyport proxyuser
    proxypass do_not_send_uniqueid acb earlyshellcmd shellcmd afterfilterchangeshellcmd sshguard_threshold sshguard_blocktime
    sshguard_detection_time sshguard_whitelist aliasesresolveinterval checkaliasesurlcert disablesyncookies global-v6duid
    mds_disable pti_disabled radvdebug dhcp6debug dhcp6norelease debug maxmempercent prefer_ipv4 ip_change_kill_states
    tcpfirsttimeout tcpopeningtimeout tcpestablishedtimeout tcpclosingtimeout tcpfinwaittimeout tcpclosedtimeout tcptsdifftimeout
    udpfirsttimeout udpsingletimeout udpmultipletimeout icmpfirsttimeout icmperrortimeout otherfirsttimeout othersingletimeout
    othermultipletimeout adaptivestart adaptiveend reflectionthreads login_banner`,
  'system/webgui': `ssl-certref max_procs loginautocomplete webguicss webguifixedmenu webguihostnamemenu dashboardcolumns roaming
    session_timeout authmode backend auth_refresh_time althostnames nohttpreferercheck nodnsrebindcheck quietlogin interfacessort
    dashboardavailablewidgetspanel systemlogsfilterpanel systemlogsmanagelogpanel statusmonitoringsettingspanel requirestatefilter
    disablealiaspopupdetail disablehsts ocsp-staple pagenamefirst loginshowhost logincss hidescreenlock`,
  'system/ssh': 'sshdkeyonly sshdagentforwarding',
  'interfaces/*': `mtu mss media mediaopt spoofmac dhcphostname dhcprejectfrom alias-dhcphostname dhcp_plus dhcpvlanenable dhcpcvpt
    dhcp6-duid dhcp6-ia-pd-len dhcp6prefixonly dhcp6sendsolicit dhcp6vlanenable dhcp6cvpt dhcp6withoutra dhcp6norelease provider username
    password wireless lock pppoe adv_dhcp_pt_timeout adv_dhcp_pt_retry
    adv_dhcp_pt_select_timeout adv_dhcp_pt_reboot adv_dhcp_pt_backoff_cutoff adv_dhcp_pt_initial_interval adv_dhcp_pt_values
    adv_dhcp_send_options adv_dhcp_request_options adv_dhcp_required_options adv_dhcp_option_modifiers adv_dhcp_config_advanced
    adv_dhcp_config_file_override adv_dhcp_config_file_override_path adv_dhcp6_interface_statement_send_options
    adv_dhcp6_interface_statement_request_options adv_dhcp6_interface_statement_information_only_enable
    adv_dhcp6_interface_statement_script adv_dhcp6_id_assoc_statement_address_enable adv_dhcp6_id_assoc_statement_address
    adv_dhcp6_id_assoc_statement_address_id adv_dhcp6_id_assoc_statement_address_pltime adv_dhcp6_id_assoc_statement_address_vltime
    adv_dhcp6_id_assoc_statement_prefix_enable adv_dhcp6_id_assoc_statement_prefix adv_dhcp6_id_assoc_statement_prefix_id
    adv_dhcp6_id_assoc_statement_prefix_pltime adv_dhcp6_id_assoc_statement_prefix_vltime adv_dhcp6_prefix_interface_statement_sla_len
    adv_dhcp6_prefix_selected_interface adv_dhcp6_authentication_statement_authname adv_dhcp6_authentication_statement_protocol
    adv_dhcp6_authentication_statement_algorithm adv_dhcp6_authentication_statement_rdm adv_dhcp6_key_info_statement_keyname
    adv_dhcp6_key_info_statement_realm adv_dhcp6_key_info_statement_keyid adv_dhcp6_key_info_statement_secret
    adv_dhcp6_key_info_statement_expire adv_dhcp6_config_advanced adv_dhcp6_config_file_override adv_dhcp6_config_file_override_path`,
  'virtualip/vip': 'password',
  'filter/rule':
    'id log created updated nosync nopfsync defaultqueue ackqueue dnpipe pdnpipe label labels force_category',
  'nat/rule': 'created updated nosync force_category labels',
  'nat/onetoone': 'created updated nosync force_category labels',
  'nat/npt': 'created updated nosync labels',
  'nat/outbound/rule': 'created updated nosync source_hash_key labels',
  'filter/separator/*/*': 'color',
  'nat/separator/*/*': 'color',
  'bridges/bridged': `descr maxaddr timeout maxage fwdelay hellotime priority proto holdcnt ifpriority ifpathcost stp stp_mode span edge
    autoedge ptp autoptp static private ip6linklocal enablestp`,
  'gateways/gateway_item': `monitor monitor_disable action_disable interval loss_interval time_period alert_interval latencylow latencyhigh
    losslow losshigh data_payload gw_down_kill_states`,
  'gateways/gateway_group': 'ipprotocol keep_failover_states',
  gateways: 'gw_down_kill_states',
  'openvpn/openvpn-server': `caref crlref certref ocspurl ocspcheck tls tls_type tlsauth_keydir dh_length ecdh_curve cert_depth
    strictusercn strictuserdn shared_key data_ciphers data_ciphers_fallback ncp_enable ncp-ciphers digest engine crypto compression
    compression_push allow_compression passtos client2client dynamic_ip pool_enable serverbridge_dhcp serverbridge_routegateway
    serverbridge_interface serverbridge_dhcp_start serverbridge_dhcp_end dns_domain dns_domain_enable dns_server1 dns_server2 dns_server3
    dns_server4 dns_server_enable push_blockoutsidedns push_register_dns netbios_enable netbios_ntype netbios_scope wins_server1
    wins_server2 custom_options verbosity_level username_as_common_name duplicate_cn maxclients connlimit sndrcvbuf create_gw exit_notify
    inactive_seconds keepalive_interval keepalive_timeout ping_method ping_seconds ping_push ping_action ping_action_seconds
    ping_action_push udp_fast_io remote_cert_tls`,
  'openvpn/openvpn-client': `authmode auth_user auth_pass auth-retry-none proxy_addr proxy_port proxy_user proxy_passwd proxy_authtype caref
    certref crlref tls tls_type tlsauth_keydir shared_key data_ciphers data_ciphers_fallback ncp_enable ncp-ciphers digest engine crypto
    compression allow_compression passtos custom_options verbosity_level sndrcvbuf create_gw exit_notify inactive_seconds
    keepalive_interval keepalive_timeout ping_method ping_seconds ping_action ping_action_seconds udp_fast_io route_no_pull route_no_exec
    dns_add use_shaper remote_cert_tls resolve_retry`,
  openvpn: 'openvpn-csc',
  'ipsec/phase1': `mode myid_type myid_data peerid_type peerid_data pre-shared-key private-key certref caref authentication_method lifetime
    rekey_time reauth_time rand_time encryption dpd_delay dpd_maxfail startaction closeaction rekey_enable reauth_enable
    pkcs11certref pkcs11pin splitconn tfc_enable tfc_bytes prfselect_enable mobike responderonly`,
  'ipsec/phase2': `uniqid reqid pfsgroup lifetime rekey_time rand_time pinghost keepalive encryption-algorithm-option hash-algorithm-option
    ipsec-pfs`,
  'ipsec/client': `user_source group_source radiusaccounting net_list save_passwd dns_domain dns_split dns_server1 dns_server2 dns_server3
    dns_server4 wins_server1 wins_server2 pfs_group login_banner radius_ip_priority_enable`,
  ipsec: `mobilekey logging uniqueids vtimaps compression enableinterfacesuse acceptunencryptedmainmode maxmss_enable maxmss strictcrlpolicy
    makebeforebreak asynccrypto nat_traversal_port dns-interval pkcs11support ipsecbypass`,
  l2tp: `user secret radius radiusissueips l2tp_dns1 l2tp_dns2 paporchap dns`,
  'pppoes/pppoe': 'descr username radius dns1 dns2 paporchap numberunits',
  'dhcpd/*': `range gateway domain domainsearchlist dnsserver winsserver ntpserver tftp ldap nextserver filename filename32 filename64
    filename32arm filename64arm uefihttpboot rootpath numberoptions defaultleasetime maxleasetime staticmap pool denyunknown ignorebootp
    ignoreclientuids nonak dhcpleaseinlocaltime statsgraph disablepingcheck mac_allow mac_deny ddnsdomain ddnsupdate ddnsforcehostname
    ddnsdomainprimary ddnsdomainsecondary ddnsdomainkeyname ddnsdomainkeyalgorithm ddnsdomainkey ddnsclientupdates omapi_port omapi_key
    omapi_key_algorithm netmask staticarp earlydnsregpolicy custom_kea_config`,
  'dhcpdv6/*': `range prefixrange domain domainsearchlist dnsserver tftp ldap bootfile_url rootpath numberoptions defaultleasetime
    maxleasetime staticmap rapriority rainterface radvd-dns radnsserver radomainsearchlist rasamednsasdhcp6 ddnsdomain ddnsupdate
    ddnsdomainprimary ddnsdomainsecondary ddnsdomainkeyname ddnsdomainkeyalgorithm ddnsdomainkey ddnsclientupdates ddnsforcehostname
    ddnsreverse netboot ntpserver raadvdefaultlifetime raminrtradvinterval ramaxrtradvinterval ravalidlifetime rapreferredlifetime
    subnets dhcpv6leaseinlocaltime statsgraph raprefixlifetime`,
  dhcrelay: 'agentoption server carpstatusvip',
  dhcrelay6: 'agentoption server carpstatusvip',
  'captiveportal/*': `descr maxproc timeout idletimeout trafficquota freelogins_count freelogins_resettimeout freelogins_updatetimeouts
    noconcurrentlogins maxprocperip auth_method radacct_enable radius_ip radius_port radius_key radiuskey radiussecret redirurl preauthurl
    blockedmacsurl page certref allowedip allowedhostname passthrumac element auth_server auth_server2 reauthenticate
    radmac_secret radmac_enable radmac_format radiusnasid macfilter username peruserbw bwdefaultdn bwdefaultup`,
  hasync: 'username password adminsync pfhostid',
  'installedpackages/package': `internal_name descr website category pkginfolink config_file configurationfile include_file tabs plugins
    logging version after_install_info noembedded`,
  installedpackages: 'menu service tab',
  'installedpackages/miniupnpd/config': `download upload overridewanip overridesubnet presentationurl modelnumber queue logpackets sysuptime
    permdefault permuser row enable_stun stun_host stun_port`,
  load_balancer: 'monitor_type',
  'sysctl/item': 'descr',
};

const HARMLESS_PATHS: ReadonlySet<string> = new Set(
  Object.entries(HARMLESS_BY_PATH).flatMap(([path, names]) =>
    splitWords(names).map((name) => (path === '' ? name : `${path}/${name}`)),
  ),
);

/** Returns whether the elements at this path decide about no packet; `*` stands for any name. */
export const isHarmless = (path: string): boolean => HARMLESS_PATHS.has(path);
