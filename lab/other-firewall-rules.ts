// Creates iptables rules as a server has them that another firewall guards, for tests of replaced firewalls.

/**
 * Returns iptables rules as on a server with its own firewall: they accept TCP to `ports`. `more` are further rules of
 * chain INPUT.
 */
export const theirRules = (ports: string, ...more: readonly string[]): string => `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
${more.map((rule) => `-A INPUT ${rule}\n`).join('')}-A INPUT -p tcp -m multiport --dports ${ports} -j ACCEPT
COMMIT
`;
