// Tests of releases that put rules into csf's script csfpost.sh, declared for hook.test.ts and hook.full.test.ts, with
// the rules and texts that they deliver. A stand-in for csf runs them.

import { hooking, host, onCsf, textOf } from './host';

export const RULE =
  '/sbin/iptables -w -A ALLOWOUT ! -o lo -p tcp -d 0.0.0.0/0 -m multiport --sports 4,1020 -m multiport --dports 2089 -j ACCEPT';
export const RULE6 =
  '/sbin/ip6tables -w -A ALLOWOUT ! -o lo -p tcp -d ::/0 -m multiport --sports 4,1020 -m multiport --dports 2089 -j ACCEPT';
export const RUNS = '-A ALLOWOUT ! -o lo -p tcp -m multiport --sports 4,1020 -m multiport --dports 2089 -j ACCEPT';
export const WEB = textOf(81);
export const HOOKED = hooking(WEB, [RULE, RULE6]);
export const BLOCK = `# cpanel-edge:web begin\n${RULE}\n${RULE6}\n# cpanel-edge:web end\n`;
export const HOOK = '/etc/csf/csfpost.sh';
export const trial = ['upload', 'check', 'arm'] as const;

/** The content of csfpost.sh, and the rules that it has loaded. */
export function hooks(under: Parameters<Parameters<typeof onCsf>[1]>[0]) {
  const { run, program, folder } = under;
  const hook = (): string => run(`cat ${HOOK} 2>&1 || :`);
  const put = (text: string, path = HOOK): string =>
    run(`mkdir -p ${folder}/own; cat >${path}; chmod 640 ${path}`, text);
  const hooked = (): readonly string[] =>
    ['ip', 'ip6'].map((family) =>
      run(`${family}tables -S ALLOWOUT`)
        .split('\n')
        .filter((line) => line.includes('--sports'))
        .join(),
    );
  const both = [RUNS, RUNS];
  const none = ['', ''];
  const partOf = (its: string): string | undefined => {
    const { upload, file } = host(its);
    return / part=(\S+)$/.exec(program(upload, file))?.[1];
  };
  return { hook, put, hooked, both, none, partOf };
}
