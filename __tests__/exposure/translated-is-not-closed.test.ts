// Tests that the finding ports/everything-open, which names the closed ports of a server, doesn't count a port as
// closed that is translated to a container or to another port.

import { NO_FACTS } from '../../lib/exposure/facts/device-facts';
import { reportOf, wildTables } from './report-on-file';

const saidOf = (text: string, name = 'rules.nft'): readonly string[] =>
  reportOf(text, {}, NO_FACTS, name).devices[0]!.findings.map(({ code, what }) => `${code}: ${what}`);
const EVERY_PORT = /^ports\/everything-open: .* reaches every TCP port, or nearly every one, at this server/;

describe('a port that is translated', () => {
  it("to a container doesn't count as closed, nor as open for IPv6 only", () => {
    const said = saidOf(wildTables('docker'), 'docker.rules');
    expect(said).toEqual([expect.stringMatching(EVERY_PORT)]);
  });

  it("to another port of the server doesn't count as closed either", () => {
    const rules = `table ip nat {
  chain pre {
    type nat hook prerouting priority dstnat; policy accept;
    tcp dport 2222 redirect to :22
  }
}
`;
    expect(saidOf(rules)).toEqual([expect.stringMatching(EVERY_PORT)]);
  });
});
