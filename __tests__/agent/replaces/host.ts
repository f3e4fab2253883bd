// Builds a server with other firewalls, as fake systemd units, on which tests deliver releases that replace them.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Release } from '../../../lib/agent-protocol/release';
import { CONF, putCsf } from '../csf/host';
import { Sent, sent, tableText } from '../stream';
import { underShell } from '../under-shell';

/**
 * A stand-in for systemctl: enabled and running units are files `enabled-NAME` and `active-NAME` of a folder;
 * `does-NAME` and `stops-NAME` hold the commands of a start and a stop.
 */
const SYSTEMCTL = `#!/bin/sh
units=FOLDER/units
case $* in *' --'*now*|*--now*) now=yes ;; *) now= ;; esac
verb=
names=
for word in "$@"; do case $word in -*) ;; *) if [ -z "$verb" ]; then verb=$word; else names="$names \${word%.service}"; fi ;; esac; done
case $names in *cpanel-edge*) exec /usr/bin/systemctl "$@" ;; esac
[ ! -e "FOLDER/fails-$verb" ] || exit 1
for name in $names; do
  case $verb in
    is-active) if [ -e "$units/active-$name" ]; then echo active; else echo inactive; fi ;;
    is-enabled) if [ -e "$units/enabled-$name" ]; then echo enabled; else echo disabled; fi ;;
    enable) : >"$units/enabled-$name" ;;
    disable) rm -f "$units/enabled-$name" ;;
  esac
  case $verb$now in
    restart*) : >"$units/active-$name"; sh "$units/does-$name" 2>/dev/null ;;
    start* | enableyes) [ -e "$units/active-$name" ] || { : >"$units/active-$name"; sh "$units/does-$name" 2>/dev/null; } ;;
    stop* | disableyes) rm -f "$units/active-$name"; [ ! -e "$units/stops-$name" ] || sh "$units/stops-$name" ;;
  esac
done
exit 0
`;

/** The rules that the service loads, over IPv4 and IPv6: SSH and one port are open. */
export const THEIRS = `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:web - [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
-A INPUT -p tcp -m multiport --dports 22,80 -j web
-A web -j ACCEPT
COMMIT
`;

/** The command of the service's start. */
export const LOADS = 'iptables-restore </etc/iptables/rules.v4; ip6tables-restore </etc/iptables/rules.v6';

/** A ban of another program, as fail2ban adds it. */
export const BANS =
  'iptables -N f2b-sshd; iptables -A f2b-sshd -s 192.0.2.66 -j DROP; iptables -A f2b-sshd -j RETURN; iptables -I INPUT -p tcp --dport 22 -j f2b-sshd';

export const release = (port: number, replaces?: readonly string[], parts: Partial<Release> = {}): Sent =>
  sent({ role: 'server', text: tableText(port), ...(replaces ? { replaces } : {}), ...parts });

/** A server on which netfilter-persistent has loaded rules; csf is installed and disabled, and a test enables it. */
export function firewalled(shell = '') {
  const under = underShell(shell);
  const { run, folder, fresh } = under;
  beforeAll(() => {
    putCsf(under, SYSTEMCTL);
    mkdirSync(join(folder, 'units'));
  });
  const flush =
    'for p in iptables ip6tables; do for t in filter nat mangle raw; do $p -t $t -F; $p -t $t -X; done; for c in INPUT OUTPUT FORWARD; do $p -P $c ACCEPT; done; done';
  const starts = (name: string, does: string): string =>
    run(`cd ${folder}/units; : >enabled-${name}; : >active-${name}; cat >does-${name}; sh does-${name}`, does);
  beforeEach(() => {
    fresh();
    run(
      `${flush}; rm -rf ${folder}/units/* ${folder}/fails-* /etc/csf/* /etc/systemd/system/*; : >/etc/systemd/system/netfilter-persistent.service`,
    );
    run('cat >/etc/iptables/rules.v4; cp /etc/iptables/rules.v4 /etc/iptables/rules.v6', THEIRS);
    starts('netfilter-persistent', LOADS);
    run(BANS);
  });
  return {
    ...under,
    starts,
    theirs: under.saved,
    on: (): string => run(`ls ${folder}/units | grep -Ev 'does|stops' | sort | tr '\\n' ' '`).trim(),
    retracted: (): string => under.retract('server').split('\n').at(-1)!,
    /** Makes this command of the service manager fail from now on. */
    fails: (verb: string): string => run(`: >${folder}/fails-${verb}`),
    works: (verb: string): string => run(`rm ${folder}/fails-${verb}`),
    /** Replaces csf's action for one of its options. */
    csfDoes: (word: string, does: string): string =>
      run(
        `mv ${folder}/bin/csf ${folder}/bin/csf.real; cat >${folder}/bin/csf; chmod 755 ${folder}/bin/csf`,
        `#!/bin/sh\nif [ "$1" = ${word} ]; then ${does}; fi\nexec ${folder}/bin/csf.real "$@"\n`,
      ),
    inPath: (name: string, does: string): string =>
      run(`cat >${folder}/bin/${name}; chmod 755 ${folder}/bin/${name}`, `#!/bin/sh\n${does}\n`),
    csfAgain: (): string => run(`mv ${folder}/bin/csf.real ${folder}/bin/csf`),
    /** Starts csf in place of the service. */
    csf: (): void => {
      run(`${flush}; rm ${folder}/units/*; cd /etc/systemd/system && : >csf.service && : >lfd.service`);
      run(
        `echo 15.10 >/etc/csf/version.txt; : >/etc/csf/csf.allow; : >/etc/csf/csf.deny; cat >/etc/csf/csf.conf; chmod 600 /etc/csf/*`,
        CONF,
      );
      starts('csf', `${folder}/bin/csf -sf`);
      starts('lfd', ':');
    },
    flush: (): string => run(flush),
  };
}
