import { MANAGEMENT, WEB1 } from '../../edge';
import { Wish } from '../../../support';

/** FTP with the passive range of cPanel's Pure-FTPd, for one network; no connection-tracking helper opens anything. */
export const wish: Wish = {
  servers: [
    {
      ...WEB1,
      profile: {
        name: 'files',
        services: [{ service: 'ftp', from: ['198.51.100.0/24'] }],
        management: MANAGEMENT,
        outbound: ['ftp', 'dns'],
      },
    },
  ],
};
