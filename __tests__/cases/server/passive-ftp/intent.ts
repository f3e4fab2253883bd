import { MANAGEMENT } from '../../edge';
import { Wish } from '../../../support';

/** FTP with the passive range that cPanel's Pure-FTPd uses, for one network; nothing is opened by looking into sessions. */
export const wish: Wish = {
  servers: [
    {
      device: 'web1',
      addresses: ['10.0.0.10/24'],
      inside: 'none',
      profile: {
        name: 'files',
        services: [{ service: 'ftp', from: ['198.51.100.0/24'] }],
        management: MANAGEMENT,
        outbound: ['ftp', 'dns'],
      },
    },
  ],
};
