/** Rules of iptables as somebody's server has them: `ports` of TCP are let in, and `more` rules of chain INPUT. */
export const theirRules = (ports: string, ...more: readonly string[]): string => `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
${more.map((rule) => `-A INPUT ${rule}\n`).join('')}-A INPUT -p tcp -m multiport --dports ${ports} -j ACCEPT
COMMIT
`;
