import { Place } from '../../../reading/printed-files';
import { AtLine } from '../../../reading/xtables/made';
import { Files } from './files';

type Fingerprints = Readonly<Record<string, string>>;

/** Which code the scripts of apf-firewall 9.7+rev1-7 have: anybody may edit them, and then nobody here knows what they load. */
const PACKAGED: Fingerprints = {
  firewall: '225-67e66582',
  'bt.rules': '329-7f6a7339',
  'log.rules': '11-80f5807a',
  'main.rules': '2-43b40428',
  'postroute.rules': '2-e1666acb',
  'preroute.rules': '2-d8377ad1',
  'sysctl.rules': '76-79abd71d',
  'internals/cports.common': '183-b4ed2ccb',
  'internals/functions.apf': '1324-cd93b191',
  'internals/internals.conf': '54-7c445b15',
  'internals/rab.ports': '3-c7118495',
  'vnet/main.vnet': '16-4eb34697',
  'vnet/vnetgen': '66-2ea91cd5',
  'vnet/vnetgen.def': '5-c21fb475',
};

/** The same of its authors' v2.0.2. */
const UPSTREAM: Fingerprints = {
  ...{ apf: '249-bbd0da1a', 'bt.rules': '175-d28ef482', 'log.rules': '11-7ea08368', 'main.rules': '2-9e576f1d' },
  ...{ 'postroute.rules': '1-31edecd0', 'preroute.rules': '1-c41f7447', 'sysctl.rules': '137-c0e7d7f0' },
  ...{ 'hook_pre.sh': '0-811c9dc5', 'hook_post.sh': '0-811c9dc5' },
  'internals/apf.lib.sh': '77-21e809c9',
  'internals/apf_cli.sh': '390-2f9ba8b0',
  'internals/apf_core.sh': '979-b6a377fe',
  'internals/apf_dlist.sh': '183-9a897374',
  'internals/apf_ipset.sh': '281-e079d8bf',
  'internals/apf_ipt.sh': '137-468c3788',
  'internals/apf_trust.sh': '1287-cf645ea1',
  'internals/apf_validate.sh': '234-c15a1750',
  'internals/cports.common': '154-a9f856e6',
  'internals/elog_lib.sh': '942-b340f7c3',
  'internals/geoip_lib.sh': '599-2d1da899',
  'internals/gretunnel.sh': '273-4eb412a7',
  'internals/internals.conf': '115-fc7b1ea',
  'internals/rab.ports': '3-c7118495',
  'vnet/main.vnet': '24-fc2d6356',
  'vnet/vnetgen': '66-ac400245',
  'vnet/vnetgen.def': '5-918536bb',
};

const shippedWith = ({ isUpstream }: Files): Fingerprints => (isUpstream ? UPSTREAM : PACKAGED);

/** Scripts in which a server may have no code at all. */
const OPTIONAL = ['preroute.rules', 'postroute.rules', 'hook_pre.sh', 'hook_post.sh'];

/** Of a script's code, without remarks: FNV-1a of 32 bits, which tells edits apart and no attacks. */
export function fingerprintOf(lines: readonly string[]): string {
  const code = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  let hash = 0x811c9dc5;
  for (const char of code.join('\n')) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193);
  return `${code.length}-${(hash >>> 0).toString(16)}`;
}

/** A line of postroute.rules that takes away whom RESV_DNS lets in, by TCP or UDP, whether it is resolvers or everybody. */
const UNRESOLVED =
  /^for i in \$LDNS 0\/0; do \$IPT -D INPUT -p (tcp|udp) -s \$i --sport 53 --dport 1023:65535 -j ACCEPT 2> \/dev\/null; done$/;

/** Protocols by which RESV_DNS lets in nobody in the end. */
export const unresolved = (files: Files): readonly string[] =>
  (files.linesOf('postroute.rules') ?? []).flatMap(({ text }) => UNRESOLVED.exec(text.trim())?.[1] ?? []);

/** Scripts in the text that are others than the package has. */
export const edited = (files: Files): readonly AtLine[] =>
  Object.entries(shippedWith(files)).flatMap(([name, wanted]) => {
    const isOurs = ({ text }: Place): boolean => name === 'postroute.rules' && !files.isUpstream && UNRESOLVED.test(text.trim());
    const lines = files.linesOf(name)?.filter((line) => !isOurs(line));
    const found = lines && fingerprintOf(lines.map(({ text }) => text));
    if (found === undefined || found === wanted || (found === fingerprintOf([]) && OPTIONAL.includes(name))) return [];
    const own = OPTIONAL.includes(name)
      ? lines!.find(({ text }) => /^\s*[^#\s]/.test(text) && !/^\s*(eout\b|tos\w+route\s*$)/.test(text))
      : undefined;
    return [
      {
        line: (own ?? lines![0])!.line,
        what: `${name} is not as ${files.isUpstream ? '2.0.2' : 'the package'} has it, and may load any rule`,
      },
    ];
  });

/** Scripts that are not in the text. */
export const missing = (files: Files): readonly string[] => Object.keys(shippedWith(files)).filter((name) => !files.of(name));
