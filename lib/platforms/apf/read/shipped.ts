import { AtLine } from '../../../reading/xtables/made';
import { Files } from './files';

/** Which code the scripts of apf-firewall 9.7+rev1-7 have: anybody may edit them, and then nobody here knows what they load. */
const SHIPPED: Readonly<Record<string, string>> = {
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

/** Scripts in which a server may have no code at all. */
const OPTIONAL = ['preroute.rules', 'postroute.rules'];

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
  Object.entries(SHIPPED).flatMap(([name, wanted]) => {
    const lines = files.linesOf(name)?.filter(({ text }) => name !== 'postroute.rules' || !UNRESOLVED.test(text.trim()));
    const found = lines && fingerprintOf(lines.map(({ text }) => text));
    if (found === undefined || found === wanted || (found === fingerprintOf([]) && OPTIONAL.includes(name))) return [];
    const own = OPTIONAL.includes(name)
      ? lines!.find(({ text }) => /^\s*[^#\s]/.test(text) && !/^\s*(eout\b|tos\w+route\s*$)/.test(text))
      : undefined;
    return [{ line: (own ?? lines![0])!.line, what: `${name} is not as the package has it, and may load any rule` }];
  });

export const SCRIPTS = Object.keys(SHIPPED);
