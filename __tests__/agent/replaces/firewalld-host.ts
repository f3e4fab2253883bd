// Builds a server with a real firewalld beside a stand-in for csf and services that load rules (fake systemd units), on
// which tests deliver releases that replace one by the other.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { putApf } from '../apf/host';
import { CONF, LAB, textOf as csfText } from '../csf/host';
import { onFirewalld, onLaterFirewalld, textOf } from '../firewalld/host';
import { THEIRS } from './host';
import { Sent, sent } from '../stream';

/**
 * A stand-in for systemctl: enabled and running units are files of a folder. firewalld is the real one, and conflicts
 * with the service that loads rules of iptables.
 */
const SYSTEMCTL = `#!/bin/sh
units=FOLDER/units
now=
verb=
names=
for word in "$@"; do case $word in --now) now=yes ;; -*) ;; *) if [ -z "$verb" ]; then verb=$word; else names="$names \${word%.service}"; fi ;; esac; done
case $names in *cpanel-edge*) exec /usr/bin/systemctl "$@" ;; esac
runs() { [ -s FOLDER/firewalld.pid ] && kill -0 "$(cat FOLDER/firewalld.pid)" 2>/dev/null; }
ends() {
  runs || return 0
  kill -s "$1" "$(cat FOLDER/firewalld.pid)"
  while runs; do sleep 0.05; done
  rm -f FOLDER/firewalld.pid
}
for name in $names; do
  on=$units/enabled-$name
  [ "$name" != firewalld ] || on=/etc/systemd/system/enabled-firewalld.service
  case $verb in
    is-active)
      if [ "$name" = firewalld ]; then runs; else [ -e "$units/active-$name" ]; fi && echo active || echo inactive
      ;;
    is-enabled) if [ -e "$units/masked-$name" ]; then echo masked; elif [ -e "$on" ]; then echo enabled; else echo disabled; fi ;;
    enable) : >"$on" ;;
    disable) rm -f "$on" ;;
    kill) [ "$name" != firewalld ] || ends KILL ;;
  esac
  case $name:$verb$now in
    firewalld:start | firewalld:restart | firewalld:enableyes)
      [ ! -e "$units/fails-firewalld" ] || exit 1
      rm -f $units/active-netfilter-persistent
      runs || { sh FOLDER/start.sh | tail -n 1 >FOLDER/firewalld.pid; cat FOLDER/firewalld.pid >>FOLDER/pids; }
      ;;
    firewalld:stop | firewalld:disableyes) ends TERM ;;
    *:restart | *:start | *:enableyes)
      [ "$name" != netfilter-persistent ] || ends TERM
      : >"$units/active-$name"
      sh "$units/does-$name" 2>/dev/null
      ;;
    *:stop | *:disableyes) rm -f "$units/active-$name" ;;
  esac
done
exit 0
`;

const FLUSH =
  'for p in iptables ip6tables; do for t in filter nat mangle raw; do $p -t $t -F; $p -t $t -X; done; for c in INPUT OUTPUT FORWARD; do $p -P $c ACCEPT; done; done';

export const onFirewall = (port: number, replaces?: readonly string[]): Sent =>
  sent({ role: 'server', platform: 'firewalld', text: textOf(port), ...(replaces ? { replaces } : {}) });

export const onCsf = (port: number, replaces?: readonly string[]): Sent =>
  sent({ role: 'server', platform: 'csf', text: csfText(port), ...(replaces ? { replaces } : {}) });

/**
 * A server with the real firewalld, csf and a service that loads rules, which are all installed and off: a test starts
 * one.
 */
export function besideFirewalld(called: string, tests: (host: Host) => void): void {
  onFirewalld(called, (under) => tests(hostOf(under)));
}

/** The same with later versions, or with the given ones; their table must have no owner. */
export function besideLaterFirewalld(
  called: string,
  tests: (host: Host, version: string) => void,
  versions?: Parameters<typeof onLaterFirewalld>[2],
): void {
  onLaterFirewalld(called, (under, version) => tests(hostOf(under), version), versions);
}

type Under = Parameters<Parameters<typeof onFirewalld>[1]>[0];
type Host = ReturnType<typeof hostOf>;

function hostOf(under: Under) {
  const { run, folder, device } = under;
  const bin = join(folder, 'bin');
  beforeAll(() => {
    for (const below of ['units', 'csf']) mkdirSync(join(folder, below));
    const put = (name: string, its: string): void => writeFileSync(join(bin, name), its, { mode: 0o755 });
    writeFileSync(join(folder, 'start.sh'), under.starting);
    put('systemctl', SYSTEMCTL.replaceAll('FOLDER', folder));
    put('csf', readFileSync(join(LAB, 'csf.pl'), 'utf8').replace('/etc/crontab', join(folder, 'crontab')));
    run('mkdir -p /etc/csf');
    device().replace('/etc/csf', join(folder, 'csf'));
  });
  const systemctl = (words: string): string => run(`${bin}/systemctl ${words}`).trim();
  beforeEach(() => {
    under.kill();
    systemctl('kill firewalld');
    run(
      `${FLUSH}; nft flush ruleset; rm -rf ${folder}/units/* ${folder}/pids /etc/csf/* /var/lib/csf /etc/iptables/* /etc/systemd/system/enabled-firewalld.service
      echo NftablesTableOwner=no >>/etc/firewalld/firewalld.conf
      rm -f ${bin}/apf; printf 'RUN="no"\\n' >/etc/default/apf-firewall
      cd /etc/systemd/system && : >firewalld.service`,
    );
  });
  afterEach(() => {
    run(`for one in $(cat ${folder}/pids); do kill -KILL "$one"; done 2>/dev/null`);
  });
  const starts = (name: string, does: string): string =>
    run(
      `cd ${folder}/units; : >enabled-${name}; : >active-${name}; : >/etc/systemd/system/${name}.service; cat >does-${name}; sh does-${name}`,
      does,
    );
  return {
    ...under,
    systemctl,
    flush: (): string => run(FLUSH),
    /** The state of firewalld, such as "active enabled". */
    firewalld: (): string => systemctl('is-active firewalld; true') + ' ' + systemctl('is-enabled firewalld'),
    on: (): string => run(`ls ${folder}/units | grep -v does | sort | tr '\\n' ' '`).trim(),
    tables: (): string => run('nft list tables | grep -w inet; true').trim(),
    /** Starts a service that loads rules. */
    iptables: (): void => {
      run('cat >/etc/iptables/rules.v4; cp /etc/iptables/rules.v4 /etc/iptables/rules.v6', THEIRS);
      starts(
        'netfilter-persistent',
        'iptables-restore </etc/iptables/rules.v4; ip6tables-restore </etc/iptables/rules.v6',
      );
    },
    csf: (): void => {
      run(
        `echo 15.10 >/etc/csf/version.txt; : >/etc/csf/csf.allow; : >/etc/csf/csf.deny; cat >/etc/csf/csf.conf; chmod 600 /etc/csf/*`,
        CONF,
      );
      starts('csf', `PATH=${bin}:$PATH; csf -sf`);
      starts('lfd', ':');
    },
    apf: (): void => {
      run(`${putApf(folder)}; rm -rf /etc/apf`);
      starts('apf-firewall', `. /etc/default/apf-firewall; [ "$RUN" != yes ] || ${bin}/apf -s`);
    },
    /** Starts csf, as its service does at a boot. */
    csfStarts: (): string => run(`sh ${folder}/units/does-csf`),
    csfIs: (): string => (run('ls /etc/csf/csf.disable').includes('No such') ? 'enabled' : 'disabled'),
    fails: (): string => run(`: >${folder}/units/fails-firewalld`),
    /** Runs an arm that is killed while the start of firewalld hangs, and kills the hanging start. */
    killedInStart: (one: Sent): string =>
      run(
        `cd ${folder}; mv start.sh real-start.sh; echo 'echo $$ >${folder}/starting; mv ${folder}/starting ${folder}/starts; exec sleep 300' >start.sh; exec >/dev/null 2>&1
        setsid ${under.shell} /usr/local/sbin/cpanel-edge-device arm ${one.identity} 300 & tries=0; until [ -e starts ] || [ "$tries" -gt 999 ]; do tries=$((tries + 1)); sleep 0.02; done
        kill -KILL -$!; kill -KILL $(cat starts); rm -f starts; mv real-start.sh start.sh`,
      ),
    masks: (): string => run(`: >${folder}/units/masked-firewalld`),
  };
}
