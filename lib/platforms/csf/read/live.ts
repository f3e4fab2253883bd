import { madeOfFiles } from '../../iptables/read/made-of-files';
import { EVERY_TABLE } from './reader';

export const live = madeOfFiles({
  name: 'csf',
  prefix: 'cc',
  settings: '/etc/csf/csf.conf',
  lines: '/etc/csf/csf.allow',
  touches: EVERY_TABLE,
  verdicts: / -j LOGDROP(IN|OUT)$/,
});
