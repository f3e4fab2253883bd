import { Family } from '../../../net/address';
import { XmlElement } from '../../../xml/xml';
import { textAt } from './element';
import { portsOf } from '../../../reading/pf/matched';
import { KnownPorts } from '../../../reading/pf/known';
import { Unloadable } from './unloadable';

/** Names of ICMP types in pf. Source: FreeBSD pfctl_parser.c. */
const TYPES: Readonly<Record<Family, Readonly<Record<string, number>>>> = {
  ip: {
    ...{ echorep: 0, unreach: 3, squench: 4, redir: 5, althost: 6, echoreq: 8, routeradv: 9, routersol: 10, timex: 11, paramprob: 12 },
    ...{ timereq: 13, timerep: 14, inforeq: 15, inforep: 16, maskreq: 17, maskrep: 18, trace: 30, dataconv: 31, mobredir: 32 },
    ...{ 'ipv6-where': 33, 'ipv6-here': 34, mobregreq: 35, mobregrep: 36, skip: 39, photuris: 40 },
  },
  ip6: {
    ...{ unreach: 1, toobig: 2, timex: 3, paramprob: 4, echoreq: 128, echorep: 129, groupqry: 130, listqry: 130, grouprep: 131 },
    ...{ listenrep: 131, groupterm: 132, listendone: 132, routersol: 133, routeradv: 134, neighbrsol: 135, neighbradv: 136 },
    ...{ redir: 137, routrrenum: 138, wrureq: 139, fqdnreq: 139, niqry: 139, wrurep: 140, fqdnrep: 140, nirep: 140 },
    ...{ mtraceresp: 200, mtrace: 201 },
  },
};

/** The types that a rule names; undefined for all. Throws for names that pf has not. */
export function icmpTypes(element: XmlElement, family: Family): KnownPorts | undefined {
  const written = textAt(element, 'icmptype');
  if (written === '' || written === 'any') return undefined;
  const words = written.split(',').map((word) => word.trim());
  return portsOf(
    ...words.map((word) => {
      const number = /^\d{1,3}$/.test(word) ? Number(word) : TYPES[family][word];
      if (number === undefined || number > 255) throw new Unloadable(element, `pf knows no ICMP type ${word.slice(0, 80)} for this family`);
      return number;
    }),
  );
}
