// Files of a sample firewalld server, the text that joins them, and functions that pack files or odd entries into a tar
// archive, for the tests of folders and archives.

import { Headers, pack } from 'tar-stream';

export const FILES: Readonly<Record<string, string>> = {
  'etc/firewalld/zones/public.xml': '<zone>\n  <service name="ssh"/>\n</zone>\n',
  'etc/firewalld/zones/more/dmz.xml': '<zone/>',
  'etc/firewalld/firewalld.conf': 'DefaultZone=public\n',
  'etc/firewalld/direct.xml': '',
  'etc/firewalld/zones/public.xml.old': 'old',
  'etc/firewalld/zones/README': 'read me',
  'etc/firewalld/lockdown-whitelist.xml': '<whitelist/>',
  'etc/other/services/x.xml': '<service/>',
  'usr/lib/firewalld/services/ssh.xml': '<service/>\r\n',
  'usr/lib/python3/dist-packages/firewall/config/__init__.py': 'VERSION = "2.3.1"\n',
  'usr/lib/python3/dist-packages/firewall/core/__init__.py': '',
};

/** Files as tail prints them, except for the end of a last line without a line break. */
export const TEXT = `==> etc/firewalld/direct.xml <==

==> etc/firewalld/firewalld.conf <==
DefaultZone=public

==> etc/firewalld/zones/more/dmz.xml <==
<zone/>

==> etc/firewalld/zones/public.xml <==
<zone>
  <service name="ssh"/>
</zone>

==> usr/lib/firewalld/services/ssh.xml <==
<service/>

==> usr/lib/python3/dist-packages/firewall/config/__init__.py <==
VERSION = "2.3.1"
`;

export type Packed = readonly [Headers, string?];

export async function tarOf(entries: readonly Packed[]): Promise<Buffer> {
  const packing = pack();
  for (const [header, text] of entries) packing.entry(header, text ?? '');
  packing.finalize();
  const parts: Buffer[] = [];
  for await (const part of packing as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

export const tarOfFiles = (files: Readonly<Record<string, string>>): Promise<Buffer> =>
  tarOf(Object.entries(files).map(([name, text]) => [{ name }, text]));
