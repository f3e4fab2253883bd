// Loads the golden firewalld text of each server case into a kernel, beside a zone that accepts all: by real packets
// only what the case permits may pass.

import { temporaryFolder } from '../../temporary-folder';
import { askKernels } from '../server-cases-in-kernel';
import { canRunFirewalld, loadedFrom, treeOf } from './daemon';

// Its zones accept everything, so that only the release's rules drop packets.
const OPEN_ZONE = { 'firewalld.conf': 'DefaultZone=trusted\nIPv6_rpfilter=no\n' };

const folder = temporaryFolder();

askKernels(
  'firewalld',
  [
    {
      name: 'firewalld',
      tools: ['dbus-daemon'],
      load(place, text) {
        const { state, ruleset } = loadedFrom({ ...OPEN_ZONE, ...treeOf(text) }, folder);
        expect(state).toBe('running');
        place.run(['nft', '-f', '-'], `flush ruleset\n${ruleset}`);
      },
    },
  ],
  canRunFirewalld(),
);
