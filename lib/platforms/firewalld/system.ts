// Describes devices with firewalld for the driver: the commands that the agent runs, the owner of a release, and texts
// for the refusals and boot faults that the agent reports.

import { LINUX, createOtherFirewallFault, createServiceFaults } from '../../agent-protocol/linux-system';
import { createLinuxStopPoints } from '../../agent-protocol/linux-stop-points';
import { DeviceSystem } from '../../agent-protocol/device-system';

const DROP_IN_PATH = '/etc/systemd/system/firewalld.service.d/cpanel-edge.conf';

/** Prints the running rules, without counters and sorted, and the files that a start of firewalld would load. */
const STATE_COMMAND = [
  'nft -s list table inet firewalld 2>/dev/null | awk \'$2 == "{" || $3 == "{" { object = $2 } object ~ /cf-/ || /_policy_cf-/ { print object, $0 }\' | sort',
  "grep -s '' /etc/firewalld/policies/cf-* /etc/firewalld/ipsets/cf-* | sort",
].join('; ');

export const system: DeviceSystem = {
  ...LINUX,
  listingPlatform: 'nftables',
  agentProgram: {
    ...LINUX.agentProgram,
    stopPoints: createLinuxStopPoints({
      tools: {
        nft: '/usr/sbin/nft',
        'firewall-cmd': '/usr/bin/firewall-cmd',
        'firewall-offline-cmd': '/usr/bin/firewall-offline-cmd',
      },
      needs: ['firewall-cmd', 'firewall-offline-cmd', 'nft'],
      checks: 'firewall-offline-cmd * --check-config',
      loads: 'firewall-cmd --reload',
      // During the confirm timeout the disk has the armed config, until the confirmed one is restored.
      atOnce: false,
      lists: 'nft list ruleset',
      keeps: 'sync /etc/firewalld /etc/firewalld/*',
      held: STATE_COMMAND,
    }),
  },
  findUnit({ text, owner }) {
    const name = `cf-${owner}`;
    return text.startsWith('==> /etc/firewalld/') && text.includes(`==> /etc/firewalld/policies/${name}-in.xml <==`)
      ? `policies ${name}`
      : undefined;
  },
  refusals: {
    'firewalld-not-running': (value) => {
      if (value('beside') !== 'iptables')
        return {
          what: 'firewalld does not run there.',
          instead: 'systemctl enable --now firewalld; or platform nftables.',
        };
      const isEnabled = value('start') === 'enabled';
      return {
        what: `firewalld does not run there, and iptables has rules, which a start of firewalld takes away${isEnabled ? '; it is enabled, so the next restart does that' : ''}.`,
        instead: `${isEnabled ? 'systemctl disable firewalld, then ' : ''}replaces: ['iptables'] in the server's intent: the delivery starts firewalld, and those rules go once ours are loaded. Do not start firewalld by hand.`,
      };
    },
    'firewalld-silent': () => ({
      what: 'firewalld runs there and does not answer: it was stopped, or waits for something itself.',
      instead:
        'systemctl status firewalld says which; systemctl kill -s CONT firewalld, or systemctl restart firewalld; then apply again.',
    }),
    'firewalld-masked': () => ({
      what: 'firewalld is masked there (systemctl mask, as cPanel’s package of csf does), so neither a delivery nor a restart starts it.',
      instead:
        'systemctl unmask firewalld; where it runs, systemctl enable firewalld, too. Where it is off, it starts when the next delivery is armed.',
    }),
    'firewalld-not-started': () => ({
      what: 'firewalld was started to arm the release, and did not come to run; the device runs what it ran before.',
      instead: 'firewall-offline-cmd --check-config, and journalctl -u firewalld, say why; then apply again.',
    }),
    'firewalld-stopped': () => ({
      what: 'firewalld was stopped while the release was armed, and its rules went with it: until it runs again, nothing of it closes the server. The release is rolled back.',
      instead:
        'systemctl start firewalld there, which loads the former release where there is one; journalctl -u firewalld says when it was stopped. Then apply again.',
    }),
    'firewalld-disabled': () => ({
      what: 'firewalld runs, and is not started with the device: a restart would open it.',
      instead: 'systemctl enable firewalld.',
    }),
    'firewalld-failed': () => ({
      what: 'firewalld could not load its files: after a start it runs with those of its package, SSH open to any source, after a reload perhaps with nothing, and everything is open.',
      instead:
        'firewall-cmd --check-config, and journalctl -u firewalld, say which file; then systemctl restart firewalld.',
    }),
    'firewalld-version': (value) => ({
      what: `firewalld ${value('version')} is not one of those that this was tried with: policies came with 0.9, and what comes after 2.5 was not looked at.`,
      instead: 'firewalld 0.9 to 2.5; or platform nftables or iptables.',
    }),
    'firewalld-iptables': () => ({
      what: 'The server has rules of iptables that iptables-save can’t print so that they load again, as those of nft in a table of iptables. A reload of firewalld takes them away, and they could not be put back.',
      instead:
        'their own table for rules of nft (nft list ruleset ip shows where they are); or platform nftables, which reloads nothing.',
    }),
    'firewalld-owns-table': () => ({
      what: 'firewalld owns its table (NftablesTableOwner, on by itself from 2.2 on): while it runs no other program changes it, so what ran can’t be put back where it loads nothing.',
      instead:
        'NftablesTableOwner=no in firewalld.conf, and firewall-cmd --reload where it runs: a restart would open the server until its rules are there again.',
    }),
    'firewalld-reload-policy': () => ({
      what: 'ReloadPolicy in firewalld.conf accepts: each reload would open the server until its rules are there again.',
      instead: 'firewalld.conf without ReloadPolicy, which is to drop.',
    }),
    'firewalld-back-end': (value) => ({
      what: `FirewallBackend=${value('backend')} in firewalld.conf: with it rules of others decide before those of firewalld.`,
      instead: 'FirewallBackend=nftables.',
    }),
    'firewalld-keeps-runtime': () => ({
      what: 'FlushAllOnReload=no in firewalld.conf: a reload would leave entries of a set that are in no file.',
      instead: 'FlushAllOnReload=yes.',
    }),
    'firewalld-owner': (value) => ({
      what: `Owner ${value('owner')} has policies of firewalld there: what decides first is final, so one would open what the other keeps closed.`,
      instead: 'one owner for the server; or platform nftables for one of them, which both have to let pass.',
    }),
    'firewalld-panic': () => ({
      what: 'firewalld is in panic mode: it drops everything.',
      instead: 'firewall-cmd --panic-off.',
    }),
    'firewalld-runtime': () => ({
      what: 'What firewalld runs differs from its files (the lines above: < is in the files, > runs): a reload would lose it.',
      instead:
        'firewall-cmd --runtime-to-permanent, where it is meant to stay; firewall-cmd --reload, where not. Who bans by firewalld while it runs (fail2ban: banaction) has to do it elsewhere, e.g. by nftables.',
    }),
  },
  bootFaults: {
    ...LINUX.bootFaults,
    ...createOtherFirewallFault('firewalld', 'systemctl disable firewalld'),
    ...createServiceFaults('firewalld', 'firewalld', 'firewalld-disabled', 'systemctl enable firewalld'),
    'firewalld-missing': {
      description: `${DROP_IN_PATH} is gone: a start of firewalld may bring other rules than ours`,
      loads: true,
    },
    'firewalld-changed': {
      description: `${DROP_IN_PATH} is not as we wrote it: a start of firewalld may bring other rules than ours`,
      loads: true,
    },
  },
};
