// Describes pfSense boxes to the driver (DeviceSystem): manual fixes on the box's pages, installation of the agent,
// the tag of a release, texts for refusals, and boot faults.

import { DeviceSystem } from '../../agent-protocol/device-system';
import { refusals } from './refusals';

const SCRIPT = '/usr/local/etc/rc.d/cpanel_edge.sh';
const STAYS_AFTER_RESTART = 'what is not confirmed when the box restarts stays until the next command rolls it back';

export const system: DeviceSystem = {
  manualFixes: {
    by: 'pages',
    interfaces: 'Interfaces, Assignments',
    enable: (name) => `Interfaces, ${name}: enable it`,
    forwarding: () => 'System, Advanced, System Tunables: net.inet.ip.forwarding is 1',
    routeTo: (address) => `System, Routing, Static Routes: one to ${address}`,
    describeRoutes: (address) => `System, Routing, Static Routes: what leads to ${address}`,
  },
  agentProgram: {
    built: 'cpanel-edge-device-pfsense',
    parts: 'lib/platforms/pfsense/agent/parts.txt',
    install: {
      testCommand: '[ "$(uname -s)" = FreeBSD ] && [ -e /etc/inc/config.inc ]',
      path: '/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin',
      sum: 'sha256 -q <"$new"',
      afterwards: [],
      sudoers: {
        folder: '/usr/local/etc/sudoers.d',
        // The sudo package of pfSense reads the folder only if its page says so.
        check: [
          "grep -Eq '^[#@]includedir /usr/local/etc/sudoers.d' /usr/local/etc/sudoers || { echo 'cpanel-edge: refused no-sudoers-folder'; exit 1; }",
        ],
      },
    },
  },
  // The agent loads the configuration itself: no generated file stands in for it, and no caller asks who made a text.
  releaseForm: 1,
  findUnit: ({ text, owner }) =>
    text.split('\n', 1)[0] === '<?xml version="1.0"?>' ? `tag cpanel-edge:${owner}` : undefined,
  refusals,
  // A box loads its configuration whatever the state of these files is. The agent needs them to roll back.
  bootFaults: {
    'script-missing': { description: `${SCRIPT} is gone: ${STAYS_AFTER_RESTART}`, loads: false },
    'script-changed': { description: `${SCRIPT} is not as we wrote it: ${STAYS_AFTER_RESTART}`, loads: false },
    'program-missing': {
      description: 'the agent is gone: a restart works with its copy in /conf/cpanel-edge',
      loads: false,
    },
    'copy-missing': {
      description: `the copy of the agent in /conf/cpanel-edge is gone or another: where the program is lost, ${STAYS_AFTER_RESTART}`,
      loads: false,
    },
    'record-damaged': {
      description:
        'what the box has stored of the release is damaged: its entries stay in the configuration, and can not be told from edits',
      loads: false,
    },
  },
};
