import { Foreign, ForeignRules } from '../../../parse/foreign';
import { describedDevice } from './box/described';
import { formOf } from './forms';
import { isOfEveryBox } from './running/own-anchors';
import { mentionedBy } from './running/mentions';
import { readingOfConfiguration, readingOfRules, runningText } from './reader';
import { recognises } from './recognise';
import { madeBy } from './box/release';

const BANNED =
  'clients that are banned for a while (sshguard, snort) count as let in, and CARP (protocol 112) is not judged';
const SWITCHED = 'whether pf is switched on, and which interfaces it skips, only the device itself says';
const ANCHORED = 'what programs put into anchors for one client while they run (ftp-proxy, relayd, UPnP) is not in it';

const called = 'pfSense';
const limits = [
  'what a program on the box opens for one client while it runs (UPnP, a captive portal, a tunnel’s own rules) is in no configuration',
  BANNED,
  'rules of packages that add their own are doubted where people’s are asked first, and Ethernet rules of Plus are not read',
  SWITCHED,
];

const AS_LOADED = 'what `pfctl -sn` and `pfctl -sr` print there, each under its own title ("# pfctl -sn").';

/** Texts of boxes that this package doesn't manage: configurations, which describe their box, and rules alone, which don't. */
export const foreign: Foreign = {
  called,
  printedBy: 'cat /cf/conf/config.xml',
  reads: 'a config.xml of pfSense, what `pfctl -sn` and `pfctl -sr` print',
  unread: [
    { looks: /<opnsense>/, called: 'config.xml of OPNsense', instead: AS_LOADED },
    {
      looks: /^(pass|block|match|scrub|nat|rdr|binat|anchor|set skip)\b.*\b(on|in|out|all|quick)\b/m,
      called: 'pf.conf',
      instead: AS_LOADED,
    },
  ],
  limits,
  recognises,
  parsed: (text) => {
    const form = formOf(text);
    if (form.is === 'running') return rulesAlone(form.text);
    return {
      is: 'configuration',
      called,
      limits,
      assumed: [madeBy(form.root)],
      device: () => describedDevice(form.root),
      read: (device) => readingOfConfiguration(form, device),
    };
  },
};

function rulesAlone(text: string): ForeignRules {
  const runs = runningText(text);
  const ofPfsense = runs.rules.some((rule) => rule.is === 'anchor' && isOfEveryBox(rule.name));
  return {
    ...(ofPfsense ? { called, limits } : { called: 'pf', limits: [ANCHORED, BANNED, SWITCHED] }),
    // FreeBSD's ip6_input asks pf, and drops what is still for loopback after it.

    is: 'rules',
    seesLoopback6: true,
    assumed: runs.written ? ['it is what runs: somebody wrote it, and pf would have loaded it as it stands'] : [],
    mentions: () => mentionedBy(runs),
    read: (device) => readingOfRules(runs, device),
  };
}
