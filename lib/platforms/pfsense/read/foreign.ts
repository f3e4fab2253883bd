import { Device } from '../../../net/device';
import { Foreign, Mentions, TextKind } from '../../../reading/foreign';
import { XmlElement } from '../../../xml/xml';
import { describedDevice } from './described';
import { formOf } from './forms';
import { isOfEveryBox } from './habits';
import { mentionedBy } from './mentions';
import { runningText } from './reader';
import { recognises } from './recognise';
import { madeBy } from './release';

const BANNED = 'clients that are banned for a while (sshguard, snort) count as let in, and CARP (protocol 112) is not judged';
const SWITCHED = 'whether pf is switched on, and which interfaces it skips, only the device itself says';

/** Texts of boxes that this package doesn't manage: configurations, which describe their box, and rules alone, which don't. */
export const foreign: Foreign = {
  called: 'pfSense',
  printedBy: 'cat /cf/conf/config.xml',
  limits: [
    'what a program on the box opens for one client while it runs (UPnP, a captive portal, a tunnel’s own rules) is in no configuration',
    BANNED,
    'rules of packages that add their own are doubted where people’s are asked first, and Ethernet rules of Plus are not read',
    SWITCHED,
  ],
  recognises,
  kindOf,
  mentions: (text: string): Mentions => {
    const form = formOf(text);
    return form.is === 'running' ? mentionedBy(runningText(form.text)) : describing(form.root);
  },
  describes: (text: string): Device | undefined => {
    const form = formOf(text);
    return form.is === 'running' ? undefined : describedDevice(form.root);
  },
};

function kindOf(text: string): TextKind {
  const form = formOf(text);
  const { called, limits } = foreign;
  if (form.is !== 'running') return { called, limits, assumed: [madeBy(form.root)] };
  const runs = runningText(form.text);
  const assumed = runs.written ? ['it is what runs: somebody wrote it, and pf would have loaded it as it stands'] : [];
  if (runs.rules.some((rule) => rule.is === 'anchor' && isOfEveryBox(rule.name))) return { called, limits, assumed };
  const anchored = 'what programs put into anchors for one client while they run (ftp-proxy, relayd, UPnP) is not in it';
  return { called: 'pf', limits: [anchored, BANNED, SWITCHED], assumed };
}

/** A configuration names its own interfaces, and asks nothing of a device that it doesn't say itself. */
const describing = (root: XmlElement): Mentions => ({
  interfaces: describedDevice(root).interfaces.map(({ name }) => name),
  ...{ destinations: [], targets: [], redirects: false, sourceTypes: false, returns: false, forwards: true },
});
