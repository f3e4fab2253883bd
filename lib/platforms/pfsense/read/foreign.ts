import { Device } from '../../../net/device';
import { Foreign, Mentions } from '../../../reading/foreign';
import { XmlElement } from '../../../xml/xml';
import { describedDevice } from './described';
import { formOf } from './forms';
import { mentionedBy } from './mentions';
import { runningText } from './reader';
import { recognises } from './recognise';

/** Texts of boxes that this package doesn't manage: configurations, which describe their box, and rules alone, which don't. */
export const foreign: Foreign = {
  called: 'pfSense',
  printedBy: 'cat /cf/conf/config.xml',
  limits: [
    'what a program on the box opens for one client while it runs (UPnP, a captive portal, a tunnel’s own rules) is in no configuration',
    'clients that are banned for a while (sshguard, snort) count as let in, and CARP (protocol 112) is not judged',
    'rules of packages that add their own are doubted where people’s are asked first, and Ethernet rules of Plus are not read',
    'whether pf is switched on, and which interfaces it skips, only the device itself says',
  ],
  recognises,
  mentions: (text: string): Mentions => {
    const form = formOf(text);
    return form.is === 'running' ? mentionedBy(runningText(form.text)) : describing(form.root);
  },
  describes: (text: string): Device | undefined => {
    const form = formOf(text);
    return form.is === 'running' ? undefined : describedDevice(form.root);
  },
};

/** A configuration names its own interfaces, and asks nothing of a device that it doesn't say itself. */
const describing = (root: XmlElement): Mentions => ({
  interfaces: describedDevice(root).interfaces.map(({ name }) => name),
  ...{ destinations: [], targets: [], redirects: false, sourceTypes: false, returns: false, forwards: true },
});
