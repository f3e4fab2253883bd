// Refuses a configuration (config.xml) that pfSense's own parser can't read: an element that occurs twice and isn't a
// list, or text beside elements.

import { XmlElement } from '../../../../xml/parse-xml';
import { indexChildren } from '../elements/element';
import { Unloadable } from '../elements/unloadable';

/** Elements that may occur more than once in their parent. Source: listtags of the box's own parser. */
const REPEATABLE_ELEMENTS = new Set(
  `acls alias aliasurl allowedip allowedhostname authserver bridged build_port_path ca cacert cert crl clone config container columnitem
  checkipservice depends_on_package disk dnsserver dnsupdate domainoverrides dyndns earlyshellcmd element encryption-algorithm-option field
  fieldname gateway_item gateway_group gif gre group hash-algorithm-option hosts ifgroupentry igmpentry interface_array item key lagg lbaction
  lbpool l7rules lbprotocol member menu tab mobilekey monitor_type mount npt ntpserver onetoone openvpn-server openvpn-client openvpn-csc option
  package passthrumac phase1 phase2 ppp pppoe priv proxyarpnet pool qinqentry queue pages pipe radnsserver roll route row rrddatafile rule
  schedule service servernat servers serversdisabled shellcmd staticmap subqueue switch swport timerange tunnel user vip virtual_server vlan
  vlangroup vxlan winsserver wolentry widget`.split(/\s+/),
);

/** Elements that packages fill and that decide nothing here; their own elements may be lists, too. */
const UNCHECKED_ELEMENTS = new Set([
  'installedpackages',
  'cpanel_edge',
  'wizardtemp',
  'widgets',
  'captiveportal',
  'voucher',
  'dhcpd',
  'dhcpdv6',
  'unbound',
]);

/**
 * Checks the elements.
 *
 * @throws Unloadable for an element that stops the box's own parser.
 */
export function checkReadable(root: XmlElement): void {
  const pending: XmlElement[] = [root];
  for (let element = pending.pop(); element; element = pending.pop()) {
    if (element.children.length === 0) continue;
    if (element.text.trim() !== '')
      throw new Unloadable(element, `text stands beside elements in ${element.name}, and the box loses these`);
    for (const [name, children] of indexChildren(element)) {
      if (children.length > 1 && !REPEATABLE_ELEMENTS.has(name)) {
        throw new Unloadable(
          children[1]!,
          `the box can't read a configuration where ${name} occurs more than once in ${element.name}`,
        );
      }
      if (!UNCHECKED_ELEMENTS.has(name)) for (const child of children) pending.push(child);
    }
  }
}
