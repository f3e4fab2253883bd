// Adds cPanel's service to firewalld's default zone on the lab's server, as a program of cPanel does. The zone then
// opens databases, too.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Lab } from '../lab';

/** The service that cPanel's program puts into the default zone, with ports of databases and of all passive FTP. */
const CPANELS = `<?xml version="1.0" encoding="utf-8"?>
<service>
  <short>cpanel</short>
${'20 21 22 25 26 53 80 110 143 443 465 587 993 995 2077-2080 2082 2083 2086 2087 2095 2096 3306 49152-65534'
  .split(' ')
  .map((port) => `  <port protocol="tcp" port="${port}"/>\n`)
  .join('')}  <port protocol="udp" port="53"/>
</service>
`;

/** Writes the service anew and reloads, as each run of cPanel's program does. */
export async function cpanels(lab: Lab): Promise<void> {
  const folder = join(lab.device('web1').root, 'etc/firewalld/services');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'cpanel.xml'), CPANELS, { mode: 0o640 });
  await lab.does(
    'web1',
    'firewall-cmd --reload && firewall-cmd --permanent --zone=public --add-service=cpanel && firewall-cmd --reload',
  );
  await lab.device('web1').ownDisk?.sync();
}
